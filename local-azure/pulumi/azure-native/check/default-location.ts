import { isObject, UNKNOWN, type Value, type Values } from "../../provider/values.ts";
import type { ArmClient } from "../arm/client.ts";
import type { ResourceType } from "../schema/resource-type.ts";

const resourceGroupApiVersion = "2020-10-01";

/** Fills in locations that programs leave out, as the official plugin does. */
export class DefaultLocation {
  readonly #client: ArmClient;
  readonly #configured: string | undefined;
  readonly #ofGroups = new Map<string, string>();

  /** @param configured the provider's `location` setting */
  constructor(client: ArmClient, configured: string | undefined) {
    this.#client = client;
    this.#configured = configured;
  }

  /**
   * The location to use: that of the old inputs, the configured one, or that of the resource group.
   * @returns `undefined` when the type takes no location, has one, or none can be found
   */
  async find(
    resource: ResourceType,
    oldInputs: Values,
    newInputs: Values,
    signal: AbortSignal,
  ): Promise<Value | undefined> {
    const takesLocation = resource.inputs.location !== undefined && resource.autoLocation;
    if (!takesLocation || newInputs.location !== undefined) return undefined;
    if (oldInputs.location !== undefined) return oldInputs.location;
    if (this.#configured !== undefined) return this.#configured;
    const group = newInputs.resourceGroupName;
    if (resource.autoName?.input === "resourceGroupName" || typeof group !== "string") return undefined;
    return group === UNKNOWN ? UNKNOWN : this.#locationOfGroup(group, signal);
  }

  async #locationOfGroup(group: string, signal: AbortSignal): Promise<string | undefined> {
    const known = this.#ofGroups.get(group);
    if (known !== undefined) return known;
    const response = await this.#client.send(
      {
        method: "GET",
        url: `/subscriptions/${this.#client.subscriptionId}/resourceGroups/${encodeURIComponent(group)}`,
        query: { "api-version": resourceGroupApiVersion },
      },
      signal,
    );
    if (response.status !== 200 || !isObject(response.body)) return undefined;
    const location = response.body.location;
    if (typeof location !== "string") return undefined;
    this.#ofGroups.set(group, location);
    return location;
  }
}

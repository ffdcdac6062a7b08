import type { Catalogued } from "../schema/catalog.ts";
import type { ResourceType } from "../schema/resource-type.ts";
import type { Values } from "../values.ts";
import { type AutonamingProposal, autoname, createBeforeDelete } from "./autoname.ts";
import type { DefaultLocation } from "./default-location.ts";
import { validateInputs } from "./validate.ts";

export interface CheckRequest {
  readonly oldInputs: Values;
  readonly newInputs: Values;
  /** The resource's name in the program. */
  readonly logicalName: string;
  readonly seed: Uint8Array;
  readonly autonaming: AutonamingProposal | undefined;
}

/**
 * Completes the inputs of a resource with its name, location and API version, and validates them.
 * @returns the completed inputs and one sentence for each fault
 */
export async function checkInputs(
  { entry, types }: Catalogued<ResourceType>,
  request: CheckRequest,
  locations: DefaultLocation,
  signal: AbortSignal,
): Promise<{ readonly inputs: Values; readonly failures: readonly string[] }> {
  const { oldInputs, newInputs } = request;
  const name = autoname(entry, oldInputs, newInputs, request.logicalName, request.seed, request.autonaming);
  const location = await locations.find(entry, oldInputs, newInputs, signal);
  const inputs: Values = {
    ...newInputs,
    ...name,
    ...(location === undefined ? {} : { location }),
    azureApiVersion: entry.apiVersion,
  };
  const { [createBeforeDelete]: _, ...own } = inputs;
  return { inputs, failures: validateInputs(entry, types, own) };
}

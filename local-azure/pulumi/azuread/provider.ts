import { randomUUID } from "node:crypto";
import { discoverCloud } from "../provider/cloud-endpoints.ts";
import { ConfigurationError } from "../provider/configuration-error.ts";
import type { Host } from "../provider/host.ts";
import { loopbackUrl } from "../provider/loopback.ts";
import { PartialFailure } from "../provider/partial-failure.ts";
import type {
  Checked,
  CheckRequest,
  Found,
  LiveResource,
  Provider,
  Request,
  ResourceDiff,
  ResourceState,
} from "../provider/provider.ts";
import { runOperation } from "../provider/run-operation.ts";
import { claimsOf } from "../provider/token-service.ts";
import type { Values } from "../provider/values.ts";
import { checkInputs } from "./check.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import { Credential } from "./credential.ts";
import { diffInputs } from "./diff.ts";
import { driftedInputs, importedInputs } from "./drift.ts";
import { invoke } from "./functions/invoke.ts";
import { GraphClient, type GraphOptions } from "./graph/client.ts";
import { GraphError } from "./graph/graph-error.ts";
import { Turns } from "./graph/turns.ts";
import { previewOutputs } from "./preview.ts";
import { handlerOf } from "./resources/handlers.ts";
import type { Operation } from "./resources/operation.ts";
import { resourceType } from "./schema/catalog.ts";

interface Configured {
  readonly configuration: Configuration;
  readonly graph: GraphOptions;
}

/** Minutes that a read or a delete may take. */
const shortMinutes = 5;

/** The azuread provider for the local cloud: what each call of the engine does, without its messages. */
export class AzureAdProvider implements Provider {
  readonly #host: Host;
  readonly #cancel = new AbortController();
  readonly #turns = new Turns();
  #configured: Configured | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  get version(): string {
    return this.#host.version;
  }

  cancel(): void {
    this.#cancel.abort(new Error("the deployment was cancelled"));
  }

  /**
   * Reads the settings and asks the cloud where its services are.
   * @throws {ConfigurationError}
   * @throws {NotLoopback}
   */
  async configure(variables: ReadonlyMap<string, string>): Promise<void> {
    const { environment, readFile, sleep, nowMs, version } = this.#host;
    const { signal } = this.#cancel;
    const configuration = readConfiguration(variables, environment, readFile);
    const cloud = await discoverCloud(configuration.metadataHost, signal);
    if (cloud.graph === undefined)
      throw new ConfigurationError("the cloud's metadata names no Microsoft Graph endpoint");
    const base = cloud.graph.replace(/\/+$/, "");
    loopbackUrl(base, "Microsoft Graph endpoint");
    const credential = new Credential({ configuration, cloud, sleep, nowMs, signal });
    const graph = {
      base,
      token: () => credential.token(`${base}/.default`),
      userAgent: `pulumi-azuread/${version} local-azure`,
      sleep,
      nowMs,
    };
    this.#configured = { configuration, graph };
  }

  async check(token: string, { newInputs, logicalName }: CheckRequest): Promise<Checked> {
    return checkInputs(resourceType(token), newInputs, logicalName);
  }

  diff(token: string, state: ResourceState, newInputs: Values): ResourceDiff {
    return diffInputs(resourceType(token), state, newInputs);
  }

  previewCreate(token: string, inputs: Values): Values {
    return previewOutputs(resourceType(token), inputs);
  }

  previewUpdate(token: string, state: ResourceState, newInputs: Values): Values {
    return previewOutputs(resourceType(token), newInputs, state);
  }

  /** @throws {PartialFailure} when the resource exists, but its creation failed */
  async create(request: Request, inputs: Values): Promise<LiveResource> {
    const handler = handlerOf(resourceType(request.token).token);
    let made: LiveResource | undefined;
    return this.#run(request, "create", async (operation) => {
      try {
        await handler.create(operation, inputs, (id, outputs = {}) => {
          made = { id, outputs: { ...inputs, ...outputs } };
        });
        const { id, outputs } = made ?? {};
        if (id === undefined || outputs === undefined) throw new Error(`${request.token} was not made`);
        return await this.#readBack(operation, id, outputs);
      } catch (error) {
        if (made === undefined) throw error;
        throw new PartialFailure(
          operation.graph.signal.aborted ? lastWord(operation, error) : error,
          made,
          inputs,
        );
      }
    });
  }

  async update(request: Request, id: string, state: ResourceState, inputs: Values): Promise<LiveResource> {
    const handler = handlerOf(resourceType(request.token).token);
    return this.#run(request, "update", async (operation) => {
      const known = (await handler.update?.(operation, id, state, inputs)) ?? {};
      return this.#readBack(operation, id, { ...state.outputs, ...inputs, ...known });
    });
  }

  async read(request: Request, id: string, state: ResourceState | undefined): Promise<Found | undefined> {
    const resource = resourceType(request.token);
    const handler = handlerOf(resource.token);
    return this.#run(request, "read", async (operation) => {
      const outputs = await handler.read(operation, id, state?.outputs ?? {});
      if (outputs === undefined) return undefined;
      const inputs =
        state === undefined
          ? importedInputs(resource, outputs)
          : driftedInputs(resource, state.inputs, state.outputs, outputs);
      return { id, inputs, outputs };
    });
  }

  async delete(request: Request, id: string, state: ResourceState): Promise<void> {
    const handler = handlerOf(resourceType(request.token).token);
    return this.#run(request, "delete", (operation) => handler.delete(operation, id, state));
  }

  async invoke(token: string, args: Values): Promise<Values> {
    const { graph, configuration } = this.#ready();
    return invoke(
      {
        graph: new GraphClient(graph, this.#cancel.signal),
        configuration,
        caller: () => this.#caller(),
      },
      token,
      args,
    );
  }

  async #readBack(operation: Operation, id: string, known: Values): Promise<LiveResource> {
    const outputs = await handlerOf(operation.resource.token).read(operation, id, known);
    if (outputs === undefined) throw new Error(`${id} is gone as soon as it was written`);
    return { id, outputs };
  }

  #ready(): Configured {
    if (this.#configured === undefined) throw new Error("the azuread provider is not configured");
    return this.#configured;
  }

  /** The object id in the provider's own token, which becomes the first owner of what it makes. */
  async #caller(): Promise<string> {
    const { oid } = claimsOf(await this.#ready().graph.token());
    if (typeof oid !== "string") throw new Error("the access token for Microsoft Graph has no claim oid");
    return oid;
  }

  async #run<T>(
    request: Request,
    kind: "create" | "read" | "update" | "delete",
    work: (operation: Operation) => Promise<T>,
  ): Promise<T> {
    const resource = resourceType(request.token);
    const minutes = kind === "create" || kind === "update" ? resource.minutes[kind] : shortMinutes;
    return runOperation(
      request.timeout > 0 ? request.timeout : minutes * 60,
      this.#cancel.signal,
      (error) => error instanceof GraphError,
      (signal) =>
        work({
          resource,
          graph: new GraphClient(this.#ready().graph, signal),
          caller: () => this.#caller(),
          nowMs: this.#host.nowMs,
          newId: randomUUID,
          alone: (objectId, own) => this.#turns.take(objectId.toLowerCase(), own),
        }),
    );
  }
}

/** Why the operation ended says more than that a wait did. */
function lastWord({ graph }: Operation, error: unknown): unknown {
  return error instanceof GraphError ? error : graph.signal.reason;
}

import { discoverCloud } from "../provider/cloud-endpoints.ts";
import type { Host } from "../provider/host.ts";
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
import type { Values } from "../provider/values.ts";
import { ArmError } from "./arm/arm-error.ts";
import { ArmClient } from "./arm/client.ts";
import { checkInputs } from "./check/check.ts";
import { DefaultLocation } from "./check/default-location.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import { previewOutputs } from "./convert/outputs.ts";
import { Credential } from "./credential.ts";
import { diffInputs } from "./diff.ts";
import { type InvokeContext, invoke } from "./invoke.ts";
import type { ResourceOperation } from "./operations/context.ts";
import { deleteResource } from "./operations/delete.ts";
import { readResource } from "./operations/read.ts";
import { createResource, updateResource } from "./operations/write.ts";
import { resourceType } from "./schema/catalog.ts";

/** Seconds; used when the program sets no custom timeout. */
const defaultTimeout = 120 * 60;

/** The audience of tokens for the vaults, in this cloud as in Azure's public one. */
const vaultAudience = "https://vault.azure.net";

interface Configured extends Omit<InvokeContext, "signal"> {
  readonly vaults: ArmClient;
  readonly locations: DefaultLocation;
}

/** The azure-native provider for the local cloud: what each call of the engine does, without its messages. */
export class AzureNativeProvider implements Provider {
  readonly #host: Host;
  readonly #cancel = new AbortController();
  #configured: Configured | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  get version(): string {
    return this.#host.version;
  }

  /** Ends every operation that is under way. */
  cancel(): void {
    this.#cancel.abort(new Error("the deployment was cancelled"));
  }

  /**
   * Reads the settings and asks the cloud where its services are.
   * @throws {ConfigurationError}
   * @throws {NotLoopback}
   */
  async configure(variables: ReadonlyMap<string, string>): Promise<void> {
    const host = this.#host;
    const configuration: Configuration = readConfiguration(variables, host.environment, host.readFile);
    const cloud = await discoverCloud(configuration.metadataHost, this.#cancel.signal);
    const credential = new Credential(
      configuration,
      cloud,
      () => Math.floor(host.nowMs() / 1000),
      this.#cancel.signal,
    );
    const clientFor = (audience: string) =>
      new ArmClient({
        endpoint: cloud.resourceManager,
        subscriptionId: configuration.subscriptionId,
        token: () => credential.token(`${audience}/.default`),
        userAgent: `pulumi-azure-native/${host.version} local-azure`,
        sleep: host.sleep,
        nowMs: host.nowMs,
      });
    const client = clientFor(cloud.audience);
    const vaults = clientFor(vaultAudience);
    const locations = new DefaultLocation(client, configuration.location);
    this.#configured = { configuration, cloud, credential, client, vaults, locations };
  }

  async check(token: string, request: CheckRequest): Promise<Checked> {
    return checkInputs(resourceType(token), request, this.#ready().locations, this.#cancel.signal);
  }

  diff(token: string, state: ResourceState, newInputs: Values): ResourceDiff {
    return diffInputs(resourceType(token).entry, state.inputs, state.outputs, newInputs);
  }

  /** The outputs that a creation will have, as far as they are known. */
  previewCreate(token: string, inputs: Values): Values {
    const { entry, types } = resourceType(token);
    return previewOutputs(entry, types, inputs);
  }

  /** The outputs that an update will have; a resource keeps its name and its location. */
  previewUpdate(token: string, state: ResourceState, inputs: Values): Values {
    const { entry, types } = resourceType(token);
    const { name, location } = state.outputs;
    return previewOutputs(entry, types, inputs, {
      ...(name === undefined ? {} : { name }),
      ...(location === undefined ? {} : { location }),
    });
  }

  async create(request: Request, inputs: Values): Promise<LiveResource> {
    const { skipReadOnUpdate } = this.#ready().configuration;
    return this.#run(request, (operation) => createResource(operation, inputs, skipReadOnUpdate));
  }

  async update(request: Request, _: string, state: ResourceState, newInputs: Values): Promise<LiveResource> {
    const { skipReadOnUpdate } = this.#ready().configuration;
    return this.#run(request, (operation) =>
      updateResource(operation, state.inputs, newInputs, skipReadOnUpdate),
    );
  }

  async read(request: Request, id: string, state: ResourceState | undefined): Promise<Found | undefined> {
    return this.#run(request, (operation) => readResource(operation, id, state));
  }

  async delete(request: Request, id: string): Promise<void> {
    return this.#run(request, (operation) => deleteResource(operation, id));
  }

  async invoke(token: string, args: Values): Promise<Values> {
    return invoke({ ...this.#ready(), signal: this.#cancel.signal }, token, args);
  }

  #ready(): Configured {
    if (this.#configured === undefined) throw new Error("the azure-native provider is not configured");
    return this.#configured;
  }

  async #run<T>(request: Request, work: (operation: ResourceOperation) => Promise<T>): Promise<T> {
    const seconds = request.timeout > 0 ? request.timeout : defaultTimeout;
    const { client, vaults } = this.#ready();
    return runOperation(
      seconds,
      this.#cancel.signal,
      (error) => error instanceof ArmError,
      (signal) =>
        work({
          resource: resourceType(request.token),
          client,
          vaults,
          signal,
          warn: (message) => this.#host.warn(message, request.urn),
        }),
    );
  }
}

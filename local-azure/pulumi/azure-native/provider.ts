import { ArmError } from "./arm/arm-error.ts";
import { ArmClient, type Sleep } from "./arm/client.ts";
import { type CheckRequest, checkInputs } from "./check/check.ts";
import { DefaultLocation } from "./check/default-location.ts";
import { discoverCloud } from "./cloud-endpoints.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import { previewOutputs } from "./convert/outputs.ts";
import { Credential } from "./credential.ts";
import { diffInputs, type ResourceDiff } from "./diff.ts";
import { type InvokeContext, invoke } from "./invoke.ts";
import { type LiveResource, PartialFailure, type ResourceOperation } from "./operations/context.ts";
import { deleteResource } from "./operations/delete.ts";
import { type Found, readResource } from "./operations/read.ts";
import { createResource, updateResource } from "./operations/write.ts";
import { resourceType } from "./schema/catalog.ts";
import type { Values } from "./values.ts";

/** What the provider needs of the machine; tests replace single parts. */
export interface Host {
  readonly environment: NodeJS.ProcessEnv;
  readonly readFile: (path: string) => string;
  readonly nowMs: () => number;
  readonly sleep: Sleep;
  /** Version of the npm package that this plugin stands in for. */
  readonly version: string;
  /** Tells the user something that is no failure. */
  readonly warn: (message: string, urn: string) => void;
}

/** Seconds; used when the program sets no custom timeout. */
const defaultTimeout = 120 * 60;

interface Configured extends Omit<InvokeContext, "signal"> {
  readonly locations: DefaultLocation;
}

/** One operation on one resource as the engine asks for it. */
export interface Request {
  readonly token: string;
  readonly urn: string;
  /** Seconds, 0 for the default. */
  readonly timeout: number;
}

/** The azure-native provider for the local cloud: what each call of the engine does, without its messages. */
export class AzureNativeProvider {
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
    const client = new ArmClient({
      endpoint: cloud.resourceManager,
      subscriptionId: configuration.subscriptionId,
      token: () => credential.token(`${cloud.audience}/.default`),
      userAgent: `pulumi-azure-native/${host.version} local-azure`,
      sleep: host.sleep,
      nowMs: host.nowMs,
    });
    const locations = new DefaultLocation(client, configuration.location);
    this.#configured = { configuration, cloud, credential, client, locations };
  }

  async check(token: string, request: CheckRequest): ReturnType<typeof checkInputs> {
    return checkInputs(resourceType(token), request, this.#ready().locations, this.#cancel.signal);
  }

  diff(token: string, oldInputs: Values, oldOutputs: Values, newInputs: Values): ResourceDiff {
    return diffInputs(resourceType(token).entry, oldInputs, oldOutputs, newInputs);
  }

  /** The outputs that a creation will have, as far as they are known. */
  previewCreate(token: string, inputs: Values): Values {
    const { entry, types } = resourceType(token);
    return previewOutputs(entry, types, inputs);
  }

  /** The outputs that an update will have; a resource keeps its name and its location. */
  previewUpdate(token: string, inputs: Values, oldOutputs: Values): Values {
    const { entry, types } = resourceType(token);
    const { name, location } = oldOutputs;
    return previewOutputs(entry, types, inputs, {
      ...(name === undefined ? {} : { name }),
      ...(location === undefined ? {} : { location }),
    });
  }

  async create(request: Request, inputs: Values): Promise<LiveResource> {
    const { skipReadOnUpdate } = this.#ready().configuration;
    return this.#run(request, (operation) => createResource(operation, inputs, skipReadOnUpdate));
  }

  async update(request: Request, oldInputs: Values, newInputs: Values): Promise<LiveResource> {
    const { skipReadOnUpdate } = this.#ready().configuration;
    return this.#run(request, (operation) =>
      updateResource(operation, oldInputs, newInputs, skipReadOnUpdate),
    );
  }

  async read(
    request: Request,
    id: string,
    state: { readonly inputs: Values; readonly outputs: Values } | undefined,
  ): Promise<Found | undefined> {
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
    const limit = new AbortController();
    const seconds = request.timeout > 0 ? request.timeout : defaultTimeout;
    const timer = setTimeout(() => limit.abort(new Error("operation timed out")), seconds * 1000);
    const signal = AbortSignal.any([this.#cancel.signal, limit.signal]);
    try {
      return await work({
        resource: resourceType(request.token),
        client: this.#ready().client,
        signal,
        warn: (message) => this.#host.warn(message, request.urn),
      });
    } catch (error) {
      // Why the wait ended says more than that it did; a refusal or a kept state stays what it is.
      const isOwn = error instanceof ArmError || error instanceof PartialFailure;
      throw signal.aborted && !isOwn ? signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }
}

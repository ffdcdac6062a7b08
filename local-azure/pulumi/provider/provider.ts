import type { Values } from "./values.ts";

/** One operation on one resource as the engine asks for it. */
export interface Request {
  readonly token: string;
  readonly urn: string;
  /** Seconds, 0 for the default. */
  readonly timeout: number;
}

/** What the engine proposes under the stack's auto-naming settings. */
export interface AutonamingProposal {
  readonly mode: "propose" | "enforce" | "disable";
  readonly name: string;
}

export interface CheckRequest {
  readonly oldInputs: Values;
  readonly newInputs: Values;
  /** The resource's name in the program. */
  readonly logicalName: string;
  readonly seed: Uint8Array;
  readonly autonaming: AutonamingProposal | undefined;
}

/** Completed inputs, and one sentence for each fault. */
export interface Checked {
  readonly inputs: Values;
  readonly failures: readonly string[];
}

export type Change = "add" | "delete" | "update";

export interface PropertyChange {
  readonly change: Change;
  readonly replaces: boolean;
}

export interface ResourceDiff {
  /** Full path, for example `locations[0].locationName`, in the engine's notation. */
  readonly detailed: ReadonlyMap<string, PropertyChange>;
  /** The top-level inputs that changed. */
  readonly changes: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** What a stack's state says of a resource. */
export interface ResourceState {
  readonly inputs: Values;
  readonly outputs: Values;
}

/** A resource as its service has it. */
export interface LiveResource {
  readonly id: string;
  readonly outputs: Values;
}

/** What a refresh or an import found. */
export interface Found extends LiveResource {
  readonly inputs: Values;
}

/** What the engine's service ResourceProvider asks of a provider, without its messages. */
export interface Provider {
  /** Version of the npm package that the plugin stands in for. */
  readonly version: string;
  /** Ends every operation that is under way. */
  cancel(): void;
  /** Reads the settings (`<package>:config:<key>`) and asks the cloud where its services are. */
  configure(variables: ReadonlyMap<string, string>): Promise<void>;
  check(token: string, request: CheckRequest): Promise<Checked>;
  diff(token: string, state: ResourceState, newInputs: Values): ResourceDiff;
  /** The outputs that a creation will have, as far as they are known. */
  previewCreate(token: string, inputs: Values): Values;
  /** The outputs that an update will have. */
  previewUpdate(token: string, state: ResourceState, newInputs: Values): Values;
  create(request: Request, inputs: Values): Promise<LiveResource>;
  update(request: Request, id: string, state: ResourceState, newInputs: Values): Promise<LiveResource>;
  /**
   * @param state absent for an import
   * @returns `undefined` when the resource is gone
   */
  read(request: Request, id: string, state: ResourceState | undefined): Promise<Found | undefined>;
  delete(request: Request, id: string, state: ResourceState): Promise<void>;
  invoke(token: string, args: Values): Promise<Values>;
}

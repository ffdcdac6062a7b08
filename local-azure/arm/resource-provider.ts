import type { ArmResource, ResourceStore } from "./resource-store.ts";

/** A refusal by resource manager: `{error: {code, message, details?}}` with its HTTP status. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly { code: string; message: string; target?: string }[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    extra: { details?: ArmError["details"]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "ArmError";
    this.status = status;
    this.code = code;
    this.details = extra.details;
    this.headers = extra.headers ?? {};
  }
}

/** One authenticated, authorized and parsed call on one resource. */
export interface ArmCall {
  readonly method: string;
  /** Full ARM id from the URL, in the caller's spelling; of a collection, its path; of an action, the resource. */
  readonly id: string;
  /** Path parameters by placeholder name of the type's path, for example `accountName`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON body; undefined when there was none. */
  readonly body: unknown;
  /** Object id of the caller. */
  readonly principalId: string;
  /** Object ids of the groups that the caller is in. */
  readonly groupIds: readonly string[];
  readonly correlationId: string;
  /** The stored resource that the id names, if it exists. */
  readonly existing: ArmResource | undefined;
}

/** What an operation answers. A body of undefined answers without one. */
export interface ArmAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ArmHandler = (call: ArmCall) => ArmAnswer | Promise<ArmAnswer>;

/** A handler that stands in a static table and is given its surface's services with each call. */
export type ServiceHandler<Services> = (call: ArmCall, services: Services) => ArmAnswer | Promise<ArmAnswer>;

interface ActionRow<Handler> {
  readonly method: "GET" | "POST" | "PUT";
  readonly suffix: string;
  /** Control-plane action; `{placeholders}` are filled from the path. */
  readonly action: string;
  readonly handler: Handler;
}

interface TypeRow<Handler> {
  /** Canonical case, for example `Microsoft.DocumentDB/databaseAccounts/sqlDatabases`. */
  readonly type: string;
  /**
   * Path template, for example
   * `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.DocumentDB/databaseAccounts/{accountName}`.
   * A leading `/{scope}` stands for the id of anything, or nothing.
   */
  readonly path: string;
  /** Accepted api-versions, newest first: at least those of the plugin, the newest SDK and the az CLI. */
  readonly apiVersions: readonly string[];
  /** Where the last name comes from and how it must look; checked before `put`. */
  readonly name?: { readonly pattern: RegExp; readonly rule: string };
  /** The type as control-plane actions spell it, when that is not `type`. */
  readonly actionType?: string;
  /** Any authenticated principal may call; what it sees is up to the handler. */
  readonly authenticatedOnly?: true;
  /** Takes every api-version: polling clients bring the one of the service that they began with. */
  readonly anyApiVersion?: true;
  readonly get?: Handler;
  /** Answers HEAD itself; without it HEAD on what lies in a resource group answers 204 or 404 from `get`. */
  readonly head?: Handler;
  /**
   * GET on the collection (path without its last placeholder). A type that lies directly in a resource group is listed
   * for the whole subscription too; then `parameters.resourceGroupName` is missing. Paging is not used.
   */
  readonly list?: Handler;
  readonly put?: Handler;
  readonly patch?: Handler;
  readonly delete?: Handler;
  /** Further routes by verb and suffix: `POST listKeys`, `GET readonlykeys`. */
  readonly actions?: readonly ActionRow<Handler>[];
}

/**
 * One resource type as a row: where it lives, which versions it speaks, what each verb does.
 * A verb that is absent is refused with 405.
 */
export type ResourceTypeRow = TypeRow<ArmHandler>;

/** A row whose handlers take their services with each call, so that the table itself is plain data. */
export type ServiceTypeRow<Services> = TypeRow<ServiceHandler<Services>>;

/** Gives `services` to every handler of `row`. */
export function bindRow<Services>(row: ServiceTypeRow<Services>, services: Services): ResourceTypeRow {
  const bind =
    (handler: ServiceHandler<Services>): ArmHandler =>
    (call) =>
      handler(call, services);
  const { get, head, list, put, patch, delete: remove, actions, ...facts } = row;
  return {
    ...facts,
    ...(get && { get: bind(get) }),
    ...(head && { head: bind(head) }),
    ...(list && { list: bind(list) }),
    ...(put && { put: bind(put) }),
    ...(patch && { patch: bind(patch) }),
    ...(remove && { delete: bind(remove) }),
    ...(actions && { actions: actions.map((action) => ({ ...action, handler: bind(action.handler) })) }),
  };
}

/** The resource types that one surface contributes to resource manager. */
export interface ResourceProvider {
  /** For example `Microsoft.DocumentDB`. */
  readonly namespace: string;
  readonly types: readonly ResourceTypeRow[];
}

/** What resource manager gives to the surfaces that contribute types. */
export interface ResourceManagerServices {
  readonly resources: ResourceStore;
  /**
   * Begins a long-running operation and answers `answer` with `Azure-AsyncOperation` and `Location` headers. `work` runs
   * at once up to its first await, so what it writes by then is durable before the caller hears of it; what it resolves
   * to is the operation's result, what it throws (ArmError) the operation's error. An operation that a restart of the
   * local cloud cuts off reads as failed, never as forgotten.
   */
  beginOperation(call: ArmCall, work: () => Promise<unknown>, answer: ArmAnswer): ArmAnswer;
  /** Resolves when the operation behind `answer` has ended; at once when there is none. Throws its error. */
  completion(answer: ArmAnswer): Promise<void>;
}

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
  /** Full ARM id from the URL, in the caller's spelling. */
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
  readonly correlationId: string;
  /** The stored resource that the id names, if it exists. */
  readonly existing: ArmResource | undefined;
}

/** What an operation answers. `operation` makes it long-running with Azure's polling headers. */
export interface ArmAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ArmHandler = (call: ArmCall) => ArmAnswer | Promise<ArmAnswer>;

/**
 * One resource type as a row: where it lives, which versions it speaks, what each verb does.
 * A verb that is absent is refused with 405.
 */
export interface ResourceTypeRow {
  /** Canonical case, for example `Microsoft.DocumentDB/databaseAccounts/sqlDatabases`. */
  readonly type: string;
  /** Path template below the subscription or scope, for example
   * `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.DocumentDB/databaseAccounts/{accountName}`. */
  readonly path: string;
  /** Accepted api-versions, newest first: at least those of the plugin, the newest SDK and the az CLI. */
  readonly apiVersions: readonly string[];
  /** Where the last name comes from and how it must look; checked before `put`. */
  readonly name?: { readonly pattern: RegExp; readonly rule: string };
  readonly get?: ArmHandler;
  /** GET on the collection (path without its last placeholder). */
  readonly list?: ArmHandler;
  readonly put?: ArmHandler;
  readonly patch?: ArmHandler;
  readonly delete?: ArmHandler;
  /** Further routes by verb and suffix: `POST listKeys`, `GET readonlykeys`. Each names the control-plane action it needs,
   * for example `Microsoft.DocumentDB/databaseAccounts/listKeys/action`. */
  readonly actions?: readonly {
    readonly method: "GET" | "POST" | "PUT";
    readonly suffix: string;
    readonly action: string;
    readonly handler: ArmHandler;
  }[];
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
   * Begins a long-running operation whose work is `work`, and answers with `Azure-AsyncOperation` and `Location` headers;
   * the operation outlives a restart of the local cloud as failed, never as forgotten.
   */
  beginOperation(call: ArmCall, work: () => Promise<unknown>, answer: ArmAnswer): ArmAnswer;
}

import { ErrorResponse } from "@azure/cosmos";
import type { AccessFailure } from "./access-failure.ts";

/** What the workload was about to do, for what a service's answer leaves out. */
export interface Attempted {
  readonly principal: string | null;
  readonly action: string;
  readonly resource: string;
}

/** Cosmos DB names all three in a 403/5301. */
const rbacRefusal =
  /principal \[([^\]]*)\] does not have required RBAC permissions to perform action \[([^\]]*)\] on resource \[([^\]]*)\]/;

/** A refusal by Cosmos DB's data plane; undefined for any other error. */
export function refusalByCosmos(error: unknown, attempted: Attempted): AccessFailure | undefined {
  if (!(error instanceof ErrorResponse) || (error.code !== 401 && error.code !== 403)) return undefined;
  const [, principal = attempted.principal, action = attempted.action, resource = attempted.resource] =
    rbacRefusal.exec(error.message) ?? [];
  const cause = firstLine(error.message);
  return { principal, action, resource, code: error.code, substatus: error.substatus ?? null, cause };
}

/** The client's error for an answer; `details` is its body (https://learn.microsoft.com/azure/key-vault/general/rest-error-codes). */
type KeyVaultError = Error & {
  readonly statusCode?: number;
  readonly details?: {
    readonly error?: { readonly code?: string; readonly innerError?: { readonly code?: string } };
  };
};

/** A refusal by Key Vault: its code names the reason, for example ForbiddenByRbac; undefined for any other error. */
export function refusalByKeyVault(error: unknown, attempted: Attempted): AccessFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode, details } = error as KeyVaultError;
  if (statusCode !== 401 && statusCode !== 403) return undefined;
  const substatus = details?.error?.innerError?.code ?? details?.error?.code ?? null;
  return { ...attempted, code: statusCode, substatus, cause: firstLine(error.message) };
}

/** A token that was not given, by the token service's number where it told one. */
export function refusalOfToken(error: unknown, attempted: Attempted): AccessFailure {
  const message = error instanceof Error ? error.message : String(error);
  const [told] = /AADSTS\d+[^\r\n]*/.exec(message) ?? [];
  return {
    ...attempted,
    code: tokenServiceCode(error) ?? (error instanceof Error ? error.name : "Error"),
    substatus: null,
    cause: (told ?? firstLine(message)).replace(/ ?Trace ID: .*$/, ""),
  };
}

/** `AADSTS<number>`, where an error of the token service is behind this one. */
export function tokenServiceCode(error: unknown): string | undefined {
  return /AADSTS\d+/.exec(error instanceof Error ? error.message : "")?.[0];
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

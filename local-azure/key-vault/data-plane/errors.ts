import type { VerifiedToken } from "../../entra/tokens/verify.ts";
import type { NetworkRefusal } from "../network-rules.ts";
import type { Vault } from "../vault.ts";

/** A refusal by a vault: `{error: {code, message, innererror?: {code}}}` with its HTTP status. */
export class KeyVaultError extends Error {
  readonly status: number;
  readonly code: string;
  readonly innerCode: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    extra: { innerCode?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "KeyVaultError";
    this.status = status;
    this.code = code;
    this.innerCode = extra.innerCode;
    this.headers = extra.headers ?? {};
  }
}

export function badParameter(message: string): KeyVaultError {
  return new KeyVaultError(400, "BadParameter", message);
}

/** @param id name of a secret, or name and version with a slash between. */
export function secretNotFound(id: string): KeyVaultError {
  return new KeyVaultError(
    404,
    "SecretNotFound",
    `A secret with (name/id) ${id} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );
}

/** Only `enabled` keeps a value back; a version outside its nbf and exp is given out: https://learn.microsoft.com/azure/key-vault/secrets/about-secrets#secret-attributes */
export function secretDisabled(): KeyVaultError {
  return new KeyVaultError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", {
    innerCode: "SecretDisabled",
  });
}

/** What a caller lacks, in the words of https://learn.microsoft.com/azure/key-vault/general/rest-error-codes */
export function forbiddenByRbac(
  vault: Vault,
  caller: VerifiedToken,
  { dataAction, scope }: { readonly dataAction: string; readonly scope: string },
): KeyVaultError {
  return new KeyVaultError(
    403,
    "Forbidden",
    [
      "Caller is not authorized to perform action on resource.",
      "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
      `Caller: ${nameOf(caller)}`,
      `Action: '${dataAction}'`,
      `Resource: '${scope.toLowerCase()}'`,
      "Assignment: (not found)",
      "DenyAssignmentId: null",
      "DecisionReason: 'DeniedWithNoValidRBAC' ",
      `Vault: ${vault.name};location=${vault.location}`,
      "",
    ].join("\r\n"),
    { innerCode: "ForbiddenByRbac" },
  );
}

export function forbiddenByNetwork(
  reason: NetworkRefusal,
  vault: Vault,
  caller: VerifiedToken,
  address: string,
): KeyVaultError {
  const [sentence, ...more] =
    reason === "ForbiddenByConnection"
      ? [
          "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
        ]
      : [
          "Client address is not authorized and caller is not a trusted service.",
          `Client address: ${address}`,
        ];
  const lines = [
    sentence,
    ...more,
    `Caller: ${nameOf(caller)}`,
    `Vault: ${vault.name};location=${vault.location}`,
  ];
  return new KeyVaultError(403, "Forbidden", lines.join("\r\n"), { innerCode: reason });
}

function nameOf({ appId, principalId, claims }: VerifiedToken): string {
  return `appid=${appId};oid=${principalId};iss=${claims.iss}`;
}

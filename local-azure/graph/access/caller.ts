import type { Directory } from "../../entra/directory.ts";
import type { VerifiedToken } from "../../entra/tokens/verify.ts";

/** Who calls Graph, and with which permissions. */
export interface Caller {
  /** Object id. */
  readonly principalId: string;
  /** An application in its own name, or one in the name of a signed-in person. */
  readonly kind: "application" | "delegated";
  readonly isAdministrator: boolean;
  /** Whether the directory still has the principal. */
  readonly isPresent: boolean;
  /** Values of the claim `roles` of an application, of `scp` of a delegated token. */
  readonly permissions: ReadonlySet<string>;
}

export function readCaller({ principalId, claims }: VerifiedToken, directory: Directory): Caller {
  const principal = directory.find(principalId);
  const isDelegated = typeof claims.scp === "string";
  const granted = isDelegated ? String(claims.scp).split(" ") : claims.roles;
  return {
    principalId,
    kind: isDelegated ? "delegated" : "application",
    isAdministrator: principal?.isDirectoryAdministrator ?? false,
    isPresent: principal !== undefined,
    permissions: new Set(Array.isArray(granted) ? granted.map(String) : []),
  };
}

import type { DirectoryObject } from "../../entra/directory.ts";
import { denied } from "../graph-error.ts";

/**
 * Holds that the platform alone keeps what a managed identity is known and proven by: whoever could write it could sign in
 * as the identity from anywhere. https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
 *
 * @throws GraphError 403 for a managed identity.
 */
export function requireNoManagedIdentity({ servicePrincipalType }: DirectoryObject): void {
  if (servicePrincipalType === "ManagedIdentity") throw denied();
}

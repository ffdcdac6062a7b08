import { KeyVaultError } from "./errors.ts";
import { operations } from "./operations.ts";

/** What a vault has on Azure beside its live secrets. */
const elsewhere: Readonly<Record<string, string>> = {
  keys: "Keys are",
  deletedkeys: "Keys are",
  certificates: "Certificates are",
  deletedcertificates: "Certificates are",
  storage: "Managed storage accounts are",
  deletedstorage: "Managed storage accounts are",
  deletedsecrets: "Soft delete is",
  backup: "Backup of secrets is",
  restore: "Restoring secrets is",
};

/** The refusal of a path or method that is none of `operations`. */
export function refuseUnserved(method: string, segments: readonly string[]): KeyVaultError {
  const [first = "", second = "", third = ""] = segments.map((segment) => segment.toLowerCase());
  const known =
    first === "secrets"
      ? (elsewhere[third] ?? (method === "POST" ? elsewhere[second] : undefined))
      : elsewhere[first];
  if (known !== undefined) {
    return new KeyVaultError(400, "NotSupported", `${known} not supported by this local cloud.`);
  }
  const methods = operations
    .filter(({ template }) => template.length === segments.length && template[0] === first)
    .map((operation) => operation.method);
  if (methods.length > 0) {
    return new KeyVaultError(405, "MethodNotAllowed", `This path does not take ${method}.`, {
      headers: { Allow: [...new Set(methods)].join(", ") },
    });
  }
  return new KeyVaultError(404, "NotFound", "A vault has no such path.");
}

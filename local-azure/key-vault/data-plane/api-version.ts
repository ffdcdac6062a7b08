import { KeyVaultError } from "./errors.ts";

/** Those of `@azure/keyvault-secrets` 4.12 and of the SDKs and CLIs of the years before; the shapes served are the same. */
const supported: readonly string[] = [
  "2026-04-01",
  "2025-07-01",
  "7.6",
  "7.6-preview.2",
  "7.5",
  "7.4",
  "7.3",
  "7.2",
  "7.1",
  "7.0",
  "2016-10-01",
];

/** @throws KeyVaultError 400 BadParameter for a missing or unknown api-version. */
export function requireApiVersion(version: string | null): void {
  if (version !== null && supported.includes(version.toLowerCase())) return;
  throw new KeyVaultError(
    400,
    "BadParameter",
    version === null || version === ""
      ? "api-version must be specified"
      : `The specified version (${version.slice(0, 40)}) is not recognized. Consider using the latest supported version (${supported[0]}).`,
  );
}

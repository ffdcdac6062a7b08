import { ConfigurationError } from "./configuration-error.ts";
import type { ClientProof } from "./token-service.ts";

/**
 * Reads a setting by its key, or else by the first of its environment variables that is set; what is empty is not set. A
 * configured key wins over the environment.
 */
export type ReadSetting = (key: string, ...environmentNames: readonly string[]) => string | undefined;

/**
 * @param provider names the package, as `azuread` does
 * @param variables the engine's `<provider>:config:<key>` variables
 */
export function settingsOf(
  provider: string,
  variables: ReadonlyMap<string, string>,
  environment: NodeJS.ProcessEnv,
): ReadSetting {
  return (key, ...environmentNames) => {
    const values = [
      variables.get(`${provider}:config:${key}`),
      ...environmentNames.map((name) => environment[name]),
    ];
    return values.find((value) => value !== undefined && value !== "");
  };
}

/**
 * The host that describes the local cloud.
 * @throws {ConfigurationError} when none is named
 */
export function localMetadataHost(
  provider: string,
  read: ReadSetting,
  ...environmentNames: readonly string[]
): string {
  const host = read("metadataHost", ...environmentNames);
  if (host !== undefined) return host;
  throw new ConfigurationError(
    `the local ${provider} plugin never talks to public Azure, and ARM_METADATA_HOSTNAME names no local cloud. ` +
      "Run the command through `local-azure exec -- <command>`.",
  );
}

/**
 * What the settings give an application to prove itself with: its secret, or a federated token; undefined without either.
 * @param readFile reads the text file of a federated token, each time that a token is asked for
 */
export function clientProof(read: ReadSetting, readFile: (path: string) => string): ClientProof | undefined {
  const secret = read("clientSecret", "ARM_CLIENT_SECRET");
  if (secret !== undefined) return { kind: "secret", secret };
  if (read("useOidc", "ARM_USE_OIDC") !== "true") return undefined;
  const token = read("oidcToken", "ARM_OIDC_TOKEN");
  if (token !== undefined) return { kind: "assertion", assertion: () => token };
  const file = read("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH");
  return file === undefined ? undefined : { kind: "assertion", assertion: () => readFile(file).trim() };
}

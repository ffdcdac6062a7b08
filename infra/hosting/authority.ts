/** The token service of public Azure. */
const PUBLIC_AUTHORITY = "https://login.microsoftonline.com";

/**
 * The token service that signs callers' tokens: the one that Azure's clients use where the program runs, which differs
 * between clouds.
 *
 * @returns a URL without a trailing slash.
 */
export function tokenAuthority(environment: NodeJS.ProcessEnv): string {
  return (environment.AZURE_AUTHORITY_HOST ?? PUBLIC_AUTHORITY).replace(/\/+$/, "");
}

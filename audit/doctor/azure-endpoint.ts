/**
 * Suffixes of the accounts' hosts on public Azure, in China and for the government of the United States
 * (https://github.com/Azure/go-autorest/blob/main/autorest/azure/environments.go, CosmosDBDNSSuffix).
 */
const accountSuffixes = [".documents.azure.com", ".documents.azure.cn", ".documents.azure.us"];
/** The other names of an account on public Azure. */
const otherSuffixes = [".sql.cosmos.azure.com", ".sqlx.cosmos.azure.com"];
const loopbackHost = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/;

/**
 * Whether a token for every account may be shown to whoever answers there: Cosmos DB in one of Azure's clouds, or a program
 * on this machine.
 *
 * @param endpoint an https URL.
 */
export function isAzureEndpoint(endpoint: string): boolean {
  const { hostname } = new URL(endpoint);
  return (
    loopbackHost.test(hostname) ||
    [...accountSuffixes, ...otherSuffixes].some((suffix) => hostname.endsWith(suffix))
  );
}

const timeoutMs = 10_000;

/**
 * Asks the identity endpoint of App Service for a token, past every cache in this process
 * (https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference).
 *
 * @param scope `<resource>/.default`.
 * @returns undefined where the platform gives this process no identity.
 */
export async function askIdentityEndpoint(scope: string): Promise<Response | undefined> {
  // Read at each call: the platform renews them.
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = process.env;
  if (endpoint === undefined || header === undefined) return undefined;
  const resource = encodeURIComponent(scope.replace(/\/\.default$/, ""));
  return fetch(`${endpoint}?resource=${resource}&api-version=2019-08-01`, {
    headers: { "x-identity-header": header },
    signal: AbortSignal.timeout(timeoutMs),
  });
}

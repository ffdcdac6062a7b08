/** An endpoint outside this machine, which the local plugins never talk to. */
export class NotLoopback extends Error {
  constructor(purpose: string, endpoint: string) {
    super(
      `the local plugins only talk to this machine, but the ${purpose} is '${endpoint}'. ` +
        "Deploy to real Azure without `local-azure exec`, which uses the official plugins.",
    );
    this.name = "NotLoopback";
  }
}

function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

/**
 * Parses an endpoint and makes sure that it is on this machine.
 * @param purpose names the endpoint in the error
 * @throws {NotLoopback}
 */
export function loopbackUrl(endpoint: string, purpose: string, base?: URL): URL {
  return checkedUrl(endpoint, purpose, ["https:"], base);
}

/**
 * The same for the endpoints that give a workload its identity, which are plain http where they never leave a machine.
 * @throws {NotLoopback}
 */
export function loopbackIdentityUrl(endpoint: string, purpose: string): URL {
  return checkedUrl(endpoint, purpose, ["http:", "https:"]);
}

function checkedUrl(endpoint: string, purpose: string, protocols: readonly string[], base?: URL): URL {
  const url = URL.parse(endpoint, base?.href);
  if (url === null || !protocols.includes(url.protocol) || !isLoopbackHost(url.hostname)) {
    throw new NotLoopback(purpose, endpoint);
  }
  return url;
}

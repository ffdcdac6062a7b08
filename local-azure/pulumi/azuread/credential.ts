import type { CloudEndpoints } from "../provider/cloud-endpoints.ts";
import { retryAfter, type Sleep } from "../provider/http.ts";
import { loopbackIdentityUrl, loopbackUrl } from "../provider/loopback.ts";
import {
  type ClientProof,
  clientCredentialsForm,
  type IssuedToken,
  issuedToken,
  requestTokenService,
  TokenCache,
  TokenServiceError,
} from "../provider/token-service.ts";
import type { Configuration } from "./configuration.ts";

const mostAttempts = 5;
/** The audience of federated tokens that Entra ID takes. */
const exchangeAudience = "api://AzureADTokenExchange";

/** Fetches and remembers access tokens, as the official plugin does: without asking for the tenant's OpenID configuration. */
export class Credential {
  readonly #configuration: Configuration;
  readonly #tokenEndpoint: URL;
  readonly #sleep: Sleep;
  readonly #signal: AbortSignal;
  readonly #nowMs: () => number;
  readonly #tokens: TokenCache;

  /** @param signal ends every request; it belongs to the provider, because callers share requests */
  constructor(options: {
    readonly configuration: Configuration;
    readonly cloud: CloudEndpoints;
    readonly sleep: Sleep;
    readonly nowMs: () => number;
    readonly signal: AbortSignal;
  }) {
    const { configuration, cloud } = options;
    this.#configuration = configuration;
    this.#tokenEndpoint = loopbackUrl(
      `${cloud.login.href.replace(/\/$/, "")}/${encodeURIComponent(configuration.tenantId)}/oauth2/v2.0/token`,
      "token endpoint",
    );
    this.#sleep = options.sleep;
    this.#signal = options.signal;
    this.#nowMs = options.nowMs;
    this.#tokens = new TokenCache(
      (scope) => this.#issue(scope),
      () => Math.floor(options.nowMs() / 1000),
    );
  }

  /**
   * An access token for a scope, for example `<Graph>/.default`.
   * @throws {Error} with the token service's error and description
   */
  async token(scope: string): Promise<string> {
    return this.#tokens.token(scope);
  }

  /** Too many requests and failures of the service are tried again after 1, 2, 4 and 8 seconds, refusals are not. */
  async #issue(scope: string): Promise<IssuedToken> {
    for (let attempt = 0; ; attempt++) {
      try {
        return issuedToken(await this.#request(scope));
      } catch (error) {
        if (attempt === mostAttempts - 1 || !(error instanceof TokenServiceError) || !isPassing(error.status))
          throw error;
        await this.#sleep(retryAfter(error.headers, this.#nowMs()) ?? 1000 * 2 ** attempt, this.#signal);
      }
    }
  }

  async #request(scope: string): Promise<Readonly<Record<string, unknown>>> {
    const { method, clientId } = this.#configuration;
    const signal = this.#signal;
    if (method.kind === "managedIdentity") {
      const url = loopbackIdentityUrl(method.endpoint, "managed identity endpoint (ARM_MSI_ENDPOINT)");
      url.searchParams.set("api-version", "2018-02-01");
      url.searchParams.set("resource", scope.replace(/\/\.default$/, ""));
      if (clientId !== "") url.searchParams.set("client_id", clientId);
      return requestTokenService(url, { headers: { metadata: "true" }, signal });
    }
    const proof: ClientProof =
      method.kind === "assertionRequest"
        ? { kind: "assertion", assertion: () => this.#federatedToken(method) }
        : method;
    const body = await clientCredentialsForm(clientId, proof, scope);
    return requestTokenService(this.#tokenEndpoint, { method: "POST", body, signal });
  }

  async #federatedToken({ url, token }: { readonly url: string; readonly token: string }): Promise<string> {
    const endpoint = loopbackIdentityUrl(url, "federated token endpoint (ARM_OIDC_REQUEST_URL)");
    endpoint.searchParams.set("audience", exchangeAudience);
    const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
    const answer = await requestTokenService(endpoint, { headers, signal: this.#signal });
    if (typeof answer.value !== "string") throw new Error(`${endpoint.origin} answered without a token`);
    return answer.value;
  }
}

function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

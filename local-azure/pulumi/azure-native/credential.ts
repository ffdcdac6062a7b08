import type { CloudEndpoints } from "../provider/cloud-endpoints.ts";
import { loopbackUrl } from "../provider/loopback.ts";
import {
  clientCredentialsForm,
  type IssuedToken,
  issuedToken,
  requestTokenService,
  TokenCache,
} from "../provider/token-service.ts";
import type { Configuration } from "./configuration.ts";

/** Fetches and remembers access tokens of the configured service principal. */
export class Credential {
  readonly #configuration: Configuration;
  readonly #cloud: CloudEndpoints;
  readonly #signal: AbortSignal;
  readonly #tokens: TokenCache;
  #tokenEndpoint: Promise<URL> | undefined;

  /** @param signal ends every request; it belongs to the provider, because callers share requests */
  constructor(
    configuration: Configuration,
    cloud: CloudEndpoints,
    nowSeconds: () => number,
    signal: AbortSignal,
  ) {
    this.#configuration = configuration;
    this.#cloud = cloud;
    this.#signal = signal;
    this.#tokens = new TokenCache((scope) => this.#issue(scope), nowSeconds);
  }

  /**
   * An access token for a scope, for example `<audience>/.default`.
   * @throws {Error} with the token service's error and description
   */
  async token(scope: string): Promise<string> {
    return this.#tokens.token(scope);
  }

  async #discoverTokenEndpoint(): Promise<URL> {
    const configurationUrl = new URL(
      `/${encodeURIComponent(this.#configuration.tenantId)}/v2.0/.well-known/openid-configuration`,
      this.#cloud.login,
    );
    const answer = await requestTokenService(configurationUrl, { signal: this.#signal });
    if (typeof answer.token_endpoint !== "string")
      throw new Error(`${configurationUrl} names no token_endpoint`);
    return loopbackUrl(answer.token_endpoint, "token endpoint");
  }

  async #issue(scope: string): Promise<IssuedToken> {
    this.#tokenEndpoint ??= this.#discoverTokenEndpoint().catch((error: unknown) => {
      this.#tokenEndpoint = undefined;
      throw error;
    });
    const { credential, clientId } = this.#configuration;
    const body = await clientCredentialsForm(clientId, credential, scope);
    return issuedToken(
      await requestTokenService(await this.#tokenEndpoint, { method: "POST", body, signal: this.#signal }),
    );
  }
}

import { rootMessageOf } from "../error-message.ts";
import type { CloudEndpoints } from "./cloud-endpoints.ts";
import type { Configuration } from "./configuration.ts";
import { loopbackUrl } from "./loopback.ts";

/** Seconds before its end when a token is not used any more. */
const refreshMargin = 300;

interface HeldToken {
  readonly token: string;
  readonly usableUntil: number;
}

/** Fetches and remembers access tokens of the configured service principal. */
export class Credential {
  readonly #configuration: Configuration;
  readonly #cloud: CloudEndpoints;
  readonly #nowSeconds: () => number;
  readonly #signal: AbortSignal;
  readonly #held = new Map<string, Promise<HeldToken>>();
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
    this.#nowSeconds = nowSeconds;
    this.#signal = signal;
  }

  /**
   * An access token for a scope, for example `<audience>/.default`. Callers that ask at the same time share a request.
   * @throws {Error} with the token service's error and description
   */
  async token(scope: string): Promise<string> {
    const held = this.#held.get(scope);
    if (held !== undefined) {
      const { token, usableUntil } = await held;
      if (this.#nowSeconds() < usableUntil) return token;
    }
    const fetched = this.#fetch(scope);
    this.#held.set(scope, fetched);
    fetched.catch(() => this.#held.delete(scope));
    return (await fetched).token;
  }

  async #discoverTokenEndpoint(): Promise<URL> {
    const configurationUrl = new URL(
      `/${encodeURIComponent(this.#configuration.tenantId)}/v2.0/.well-known/openid-configuration`,
      this.#cloud.login,
    );
    const answer = await requestJson(configurationUrl, { signal: this.#signal, redirect: "manual" });
    if (typeof answer.token_endpoint !== "string")
      throw new Error(`${configurationUrl} names no token_endpoint`);
    return loopbackUrl(answer.token_endpoint, "token endpoint");
  }

  async #fetch(scope: string): Promise<HeldToken> {
    this.#tokenEndpoint ??= this.#discoverTokenEndpoint().catch((error: unknown) => {
      this.#tokenEndpoint = undefined;
      throw error;
    });
    const { credential, clientId } = this.#configuration;
    const form = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, scope });
    if (credential.kind === "secret") form.set("client_secret", credential.secret);
    else {
      form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      form.set("client_assertion", credential.assertion());
    }
    const answer = await requestJson(await this.#tokenEndpoint, {
      method: "POST",
      body: form,
      signal: this.#signal,
      redirect: "manual",
    });
    if (typeof answer.access_token !== "string")
      throw new Error("the token service answered without an access token");
    const lifetime = typeof answer.expires_in === "number" ? answer.expires_in : 0;
    return {
      token: answer.access_token,
      usableUntil: this.#nowSeconds() + Math.max(lifetime - refreshMargin, lifetime / 2),
    };
  }
}

async function requestJson(url: URL, init: RequestInit): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new Error(`the token service at ${url} cannot be reached: ${rootMessageOf(cause)}`);
  });
  const text = await response.text();
  let answer: Record<string, unknown>;
  try {
    answer = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Error(`the token service at ${url} answered ${response.status} without JSON`);
  }
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}: ${answer.error}: ${answer.error_description}`);
  }
  return answer;
}

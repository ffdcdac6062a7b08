import { rootMessageOf } from "../error-message.ts";

/** Seconds before its end when a token is not used any more. */
const refreshMargin = 300;

/** An access token as a token service answers it. */
export interface IssuedToken {
  readonly token: string;
  /** Seconds. */
  readonly lifetime: number;
}

interface HeldToken {
  readonly token: string;
  readonly usableUntil: number;
}

/** Remembers access tokens by scope. Callers that ask at the same time share a request. */
export class TokenCache {
  readonly #issue: (scope: string) => Promise<IssuedToken>;
  readonly #nowSeconds: () => number;
  readonly #held = new Map<string, Promise<HeldToken>>();

  constructor(issue: (scope: string) => Promise<IssuedToken>, nowSeconds: () => number) {
    this.#issue = issue;
    this.#nowSeconds = nowSeconds;
  }

  /**
   * An access token for a scope, for example `<audience>/.default`.
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

  async #fetch(scope: string): Promise<HeldToken> {
    const { token, lifetime } = await this.#issue(scope);
    return { token, usableUntil: this.#nowSeconds() + Math.max(lifetime - refreshMargin, lifetime / 2) };
  }
}

/** How a client proves to the token service who it is. */
export type ClientProof =
  | { readonly kind: "secret"; readonly secret: string }
  | { readonly kind: "assertion"; readonly assertion: () => string | Promise<string> };

/** The form of a client credentials request. */
export async function clientCredentialsForm(
  clientId: string,
  proof: ClientProof,
  scope: string,
): Promise<URLSearchParams> {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, scope });
  if (proof.kind === "secret") form.set("client_secret", proof.secret);
  else {
    form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.set("client_assertion", await proof.assertion());
  }
  return form;
}

/** A refusal by a token service. */
export class TokenServiceError extends Error {
  readonly status: number;
  readonly headers: Headers;

  constructor(message: string, status: number, headers: Headers) {
    super(message);
    this.name = "TokenServiceError";
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Sends a request to a token service.
 * @throws {TokenServiceError} with the error and description of a refusal
 */
export async function requestTokenService(
  url: URL,
  init: RequestInit,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { ...init, redirect: "manual" }).catch((cause: unknown) => {
    throw new Error(`the token service at ${url} cannot be reached: ${rootMessageOf(cause)}`);
  });
  const text = await response.text();
  let answer: Record<string, unknown>;
  try {
    answer = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new TokenServiceError(
      `the token service at ${url} answered ${response.status} without JSON`,
      response.status,
      response.headers,
    );
  }
  if (!response.ok) {
    throw new TokenServiceError(
      `${url} answered ${response.status}: ${answer.error}: ${answer.error_description}`,
      response.status,
      response.headers,
    );
  }
  return answer;
}

/** Reads the answer to a token request; `expires_in` may be a number or a string of digits. */
export function issuedToken(answer: Readonly<Record<string, unknown>>): IssuedToken {
  if (typeof answer.access_token !== "string")
    throw new Error("the token service answered without an access token");
  const lifetime = Number(answer.expires_in ?? 0);
  return { token: answer.access_token, lifetime: Number.isFinite(lifetime) ? lifetime : 0 };
}

/** The claims of a token that was just issued to this provider: read, not verified, because it is not the audience. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const payload = token.split(".")[1] ?? "";
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
}

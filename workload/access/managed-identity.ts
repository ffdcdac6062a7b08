import {
  type AccessToken,
  CredentialUnavailableError,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import type { AccessMode, AccessOptions } from "./access-mode.ts";
import { askIdentityEndpoint } from "./identity-endpoint.ts";
import { loggedCredential } from "./logged-credential.ts";

/** A token with less to live is not used any more. */
const marginMs = 5 * 60_000;

/**
 * The site's managed identity. `ManagedIdentityCredential` keeps its tokens for the life of the process and cannot be told to
 * drop one that a service refuses (https://github.com/Azure/azure-sdk-for-js/issues/22620): once renewed, tokens come from the
 * identity endpoint itself.
 */
export function managedIdentityAccess(options: AccessOptions): AccessMode {
  const { now = Date.now } = options;
  const cached = new ManagedIdentityCredential();
  const fresh = new Map<string, AccessToken>();
  let renewed = false;
  const credential: TokenCredential = {
    async getToken(scopes, options) {
      if (!renewed) return cached.getToken(scopes, options);
      const [scope = ""] = [scopes].flat();
      const held = fresh.get(scope);
      if (held !== undefined && held.expiresOnTimestamp - marginMs > now()) return held;
      const token = (await freshToken(scope)) ?? (await cached.getToken(scope, options));
      fresh.set(scope, token);
      return token;
    },
  };
  const logged = loggedCredential(credential, "managedIdentity", options);
  return {
    credential: logged,
    get principal() {
      return logged.principal;
    },
    renew() {
      renewed = true;
      fresh.clear();
    },
  };
}

/** @returns undefined where there is no such endpoint. */
async function freshToken(scope: string): Promise<AccessToken | undefined> {
  const response = await askIdentityEndpoint(scope);
  if (response === undefined) return undefined;
  const { access_token, expires_on, message } = (await response.json()) as Readonly<
    Partial<Record<"access_token" | "expires_on" | "message", string>>
  >;
  if (!response.ok || access_token === undefined) {
    throw new CredentialUnavailableError(
      `The identity endpoint answered ${response.status}: ${message ?? "without a message"}`,
    );
  }
  return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
}

import { ClientSecretCredential, type TokenCredential } from "@azure/identity";
import { tokenServiceCode } from "../failures/refusal-by-azure.ts";
import type { AccessMode, AccessOptions } from "./access-mode.ts";
import type { AccessSettings } from "./access-settings.ts";
import { isDueForReading, type ReadSecret } from "./due-for-reading.ts";
import { type LoggedCredential, loggedCredential } from "./logged-credential.ts";
import { managedIdentityAccess } from "./managed-identity.ts";
import { isMicrosoftAuthority } from "./microsoft-hosts.ts";
import { readNewestSecret } from "./vault-secret.ts";

type ClientSecretSettings = Extract<AccessSettings, { readonly mode: "clientSecret" }>;

/** The secret has ended, or is none of the registration's: another one may be in the vault by now. */
const secretRefused = new Set(["AADSTS7000222", "AADSTS7000215"]);

interface HeldSecret extends ReadSecret {
  readonly version: string;
  readonly credential: TokenCredential;
}

/**
 * A registration's client secret, for a migration: the site's managed identity reads it from Key Vault, it stays in memory,
 * and the newest version is read again shortly before it ends and when the token service refuses it.
 */
export function clientSecretAccess(settings: ClientSecretSettings, options: AccessOptions): AccessMode {
  const { clientId, tenantId, authority } = settings;
  const { log, now = Date.now } = options;
  const identity = managedIdentityAccess(options);
  let held: HeldSecret | undefined;
  let reading: Promise<HeldSecret> | undefined;
  let logged: LoggedCredential | undefined;

  const read = async (): Promise<HeldSecret> => {
    const { value, version, endsAt } = await readNewestSecret(settings, identity, log);
    if (held?.version === version) return { ...held, endsAt, readAt: now() };
    const credential = new ClientSecretCredential(tenantId, clientId, value, {
      authorityHost: authority,
      disableInstanceDiscovery: !isMicrosoftAuthority(authority),
    });
    logged = loggedCredential(credential, clientId, options);
    return { version, endsAt, readAt: now(), credential: logged };
  };
  /** Requests that come together read once. */
  const newest = (): Promise<HeldSecret> => {
    reading ??= read()
      .then((secret) => {
        held = secret;
        return secret;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  const current = async (): Promise<HeldSecret> => {
    if (held === undefined) return newest();
    const kept = held;
    if (!isDueForReading(kept, now())) return kept;
    // What it holds may still be good when the vault is out of reach.
    return newest().catch(() => kept);
  };

  return {
    credential: {
      async getToken(scopes, tokenOptions) {
        const used = await current();
        try {
          return await used.credential.getToken(scopes, tokenOptions);
        } catch (error) {
          if (!secretRefused.has(tokenServiceCode(error) ?? "")) throw error;
          const next = await newest();
          if (next.version === used.version) throw error;
          return next.credential.getToken(scopes, tokenOptions);
        }
      },
    },
    get principal() {
      return logged?.principal ?? clientId;
    },
    renew() {
      held = undefined;
    },
  };
}

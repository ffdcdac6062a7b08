import type { TokenCredential } from "@azure/identity";
import type { FailureLog } from "../failures/access-failure.ts";
import type { AccessSettings } from "./access-settings.ts";
import { clientSecretAccess } from "./client-secret.ts";
import { managedIdentityAccess } from "./managed-identity.ts";

/** One way to prove to Azure who this workload is. */
export interface AccessMode {
  /** Logs every token that was not given. */
  readonly credential: TokenCredential;
  /** Whom the last token was for: its object id; before the first one, what the access is known by. */
  readonly principal: string;
  /** Forgets the tokens that it holds: the next one comes from where they are issued. */
  renew(): void;
}

export interface AccessOptions {
  readonly log: FailureLog;
  /** The scope of the account's own tokens, which a directory need not know: the client of Cosmos DB tries it first. */
  readonly accountScope: string;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

/** The access that the deployment asks for. */
export function openAccess(settings: AccessSettings, options: AccessOptions): AccessMode {
  switch (settings.mode) {
    case "managedIdentity":
      return managedIdentityAccess(options);
    case "clientSecret":
      return clientSecretAccess(settings, options);
    default:
      return settings satisfies never;
  }
}

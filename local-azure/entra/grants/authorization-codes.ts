import { hash } from "node:crypto";
import type { Platform } from "../../core/platform.ts";

/** What a person agreed to at `/authorize`. */
export interface AuthorizedSignIn {
  /** Application id of the client. */
  readonly clientId: string;
  readonly userId: string;
  readonly redirectUri: string;
  /** The client keeps no secret: its redirect URI is one of a public client. */
  readonly isPublic: boolean;
  readonly scope: string;
  readonly nonce: string | undefined;
  /** S256 challenge of PKCE. */
  readonly codeChallenge: string | undefined;
}

export interface StoredCode extends AuthorizedSignIn {
  readonly isExpired: boolean;
  readonly isRedeemed: boolean;
}

/** Codes live for ten minutes, are good for once, and are kept as their SHA-256 only. */
export interface AuthorizationCodes {
  add(signIn: AuthorizedSignIn): string;
  find(code: string): StoredCode | undefined;
  /** Answers whether the code was still good; it is no longer. */
  redeem(code: string): boolean;
}

const lifeMs = 600_000;
/** How long a spent code is remembered, so that its second use is told from one that never was. */
const rememberedMs = 86_400_000;

export function openAuthorizationCodes({
  store,
  clock,
  ids,
}: Pick<Platform, "store" | "clock" | "ids">): AuthorizationCodes {
  store.addSchema(`
CREATE TABLE IF NOT EXISTS authorization_codes (
  code_hash TEXT PRIMARY KEY,
  expires_ms INTEGER NOT NULL,
  redeemed INTEGER NOT NULL DEFAULT 0,
  sign_in TEXT NOT NULL
) STRICT;
`);
  const { database } = store;
  const insert = database.prepare(
    "INSERT INTO authorization_codes (code_hash, expires_ms, sign_in) VALUES (?, ?, ?)",
  );
  const select = database.prepare(
    "SELECT expires_ms, redeemed, sign_in FROM authorization_codes WHERE code_hash = ?",
  );
  const redeem = database.prepare(
    "UPDATE authorization_codes SET redeemed = 1 WHERE code_hash = ? AND redeemed = 0",
  );
  const forget = database.prepare("DELETE FROM authorization_codes WHERE expires_ms < ?");
  return {
    add(signIn) {
      forget.run(clock.nowMs() - rememberedMs);
      const code = `1.${ids.token(48)}`;
      insert.run(hash("sha256", code), clock.nowMs() + lifeMs, JSON.stringify(signIn));
      return code;
    },
    find(code) {
      const row = select.get(hash("sha256", code));
      if (row === undefined) return undefined;
      return {
        ...(JSON.parse(String(row.sign_in)) as AuthorizedSignIn),
        isExpired: clock.nowMs() >= Number(row.expires_ms),
        isRedeemed: row.redeemed === 1,
      };
    },
    redeem: (code) => Number(redeem.run(hash("sha256", code)).changes) > 0,
  };
}

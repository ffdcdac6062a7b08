import { hash } from "node:crypto";
import type { Platform } from "../../core/platform.ts";

/** What a refresh token stands for. */
export interface RefreshableSignIn {
  /** Application id of the client. */
  readonly clientId: string;
  readonly userId: string;
  /** The client had proven nothing when it got the token, and need prove nothing to use it. */
  readonly isPublic: boolean;
  /** What was asked for first; a request without a scope asks for it again. */
  readonly scope: string;
}

export interface StoredRefreshToken extends RefreshableSignIn {
  readonly issuedAt: Date;
  readonly isExpired: boolean;
}

/**
 * Refresh tokens live for 90 days. Each use gives a new one and leaves the old one good, as Entra does
 * (https://learn.microsoft.com/entra/identity-platform/refresh-tokens). They are kept as their SHA-256 only.
 */
export interface RefreshTokens {
  add(signIn: RefreshableSignIn): string;
  find(token: string): StoredRefreshToken | undefined;
}

export const refreshTokenLifeDays = 90;
const dayMs = 86_400_000;
/** How long an ended token is remembered, so that it is told from one that never was. */
const rememberedMs = 30 * dayMs;

export function openRefreshTokens({
  store,
  clock,
  ids,
}: Pick<Platform, "store" | "clock" | "ids">): RefreshTokens {
  store.addSchema(`
CREATE TABLE IF NOT EXISTS refresh_tokens (
  token_hash TEXT PRIMARY KEY,
  issued_ms INTEGER NOT NULL,
  sign_in TEXT NOT NULL
) STRICT;
`);
  const { database } = store;
  const insert = database.prepare(
    "INSERT INTO refresh_tokens (token_hash, issued_ms, sign_in) VALUES (?, ?, ?)",
  );
  const select = database.prepare("SELECT issued_ms, sign_in FROM refresh_tokens WHERE token_hash = ?");
  const forget = database.prepare("DELETE FROM refresh_tokens WHERE issued_ms < ?");
  const lifeMs = refreshTokenLifeDays * dayMs;
  return {
    add(signIn) {
      forget.run(clock.nowMs() - lifeMs - rememberedMs);
      const token = `1.${ids.token(96)}`;
      insert.run(hash("sha256", token), clock.nowMs(), JSON.stringify(signIn));
      return token;
    },
    find(token) {
      const row = select.get(hash("sha256", token));
      if (row === undefined) return undefined;
      const issuedMs = Number(row.issued_ms);
      return {
        ...(JSON.parse(String(row.sign_in)) as RefreshableSignIn),
        issuedAt: new Date(issuedMs),
        isExpired: clock.nowMs() >= issuedMs + lifeMs,
      };
    },
  };
}

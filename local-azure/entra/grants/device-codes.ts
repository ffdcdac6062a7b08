import { hash } from "node:crypto";
import type { Platform } from "../../core/platform.ts";

/** A sign-in that a device has asked for and a person approves elsewhere. */
export interface DeviceSignIn {
  /** Application id of the client. */
  readonly clientId: string;
  readonly scope: string;
}

export interface StoredDeviceCode extends DeviceSignIn {
  /** Object id of the person who approved it. */
  readonly userId: string | undefined;
  readonly isExpired: boolean;
  readonly isRedeemed: boolean;
}

/** Codes live for 15 minutes and are kept as their SHA-256 only. */
export interface DeviceCodes {
  add(signIn: DeviceSignIn): { readonly deviceCode: string; readonly userCode: string };
  find(deviceCode: string): StoredDeviceCode | undefined;
  /** People type it as they like: case, spaces and hyphens do not count. */
  findByUserCode(userCode: string): StoredDeviceCode | undefined;
  /** Answers whether the code was still waiting for a person. */
  approve(userCode: string, userId: string): boolean;
  /** Answers whether the code was still good; it is no longer. */
  redeem(deviceCode: string): boolean;
}

export const deviceCodeLifeSeconds = 900;
const rememberedMs = 86_400_000;
/** Letters and digits that nobody mistakes for another; nine of them are 44 bits. */
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const userCodeLength = 9;

export function openDeviceCodes({
  store,
  clock,
  ids,
}: Pick<Platform, "store" | "clock" | "ids">): DeviceCodes {
  store.addSchema(`
CREATE TABLE IF NOT EXISTS device_codes (
  code_hash TEXT PRIMARY KEY,
  user_code_hash TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  user_id TEXT,
  redeemed INTEGER NOT NULL DEFAULT 0
) STRICT;
`);
  const { database } = store;
  const insert = database.prepare(
    "INSERT INTO device_codes (code_hash, user_code_hash, client_id, scope, expires_ms) VALUES (?, ?, ?, ?, ?)",
  );
  const columns = "SELECT client_id, scope, expires_ms, user_id, redeemed FROM device_codes";
  const select = database.prepare(`${columns} WHERE code_hash = ?`);
  const selectByUserCode = database.prepare(`${columns} WHERE user_code_hash = ?`);
  const approve = database.prepare(
    "UPDATE device_codes SET user_id = ? WHERE user_code_hash = ? AND user_id IS NULL AND expires_ms > ?",
  );
  const redeem = database.prepare(
    "UPDATE device_codes SET redeemed = 1 WHERE code_hash = ? AND redeemed = 0",
  );
  const forget = database.prepare("DELETE FROM device_codes WHERE expires_ms < ?");
  const read = (row: Record<string, unknown> | undefined): StoredDeviceCode | undefined =>
    row && {
      clientId: String(row.client_id),
      scope: String(row.scope),
      userId: row.user_id === null ? undefined : String(row.user_id),
      isExpired: clock.nowMs() >= Number(row.expires_ms),
      isRedeemed: row.redeemed === 1,
    };
  return {
    add({ clientId, scope }) {
      forget.run(clock.nowMs() - rememberedMs);
      const deviceCode = ids.token(48);
      const userCode = [...ids.bytes(userCodeLength)].map((byte) => letters[byte % letters.length]).join("");
      const expires = clock.nowMs() + deviceCodeLifeSeconds * 1000;
      insert.run(hash("sha256", deviceCode), hash("sha256", userCode), clientId, scope, expires);
      return { deviceCode, userCode };
    },
    find: (deviceCode) => read(select.get(hash("sha256", deviceCode))),
    findByUserCode: (userCode) => read(selectByUserCode.get(hash("sha256", canonical(userCode)))),
    approve: (userCode, userId) =>
      Number(approve.run(userId, hash("sha256", canonical(userCode)), clock.nowMs()).changes) > 0,
    redeem: (deviceCode) => Number(redeem.run(hash("sha256", deviceCode)).changes) > 0,
  };
}

function canonical(userCode: string): string {
  return userCode.replace(/[\s-]/g, "").toUpperCase();
}

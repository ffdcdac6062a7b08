import { scryptSync, timingSafeEqual } from "node:crypto";
import type { Platform } from "../../core/platform.ts";

/** Passwords of people: chosen by them, so kept as scrypt hashes with a salt each. */
export interface UserPasswords {
  /** Puts `password` in the place of the one that the user has. */
  set(userId: string, password: string): void;
  /** Compares in constant time; false also for a user without a password. */
  check(userId: string, password: string): boolean;
  /** When the password was set, by the cloud's clock: what the user agreed to before counts no more. */
  setAt(userId: string): Date | undefined;
  removeAll(userId: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS directory_user_passwords (
  user_id TEXT PRIMARY KEY,
  salt BLOB NOT NULL,
  password_hash BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS directory_user_password_times (
  user_id TEXT PRIMARY KEY,
  set_ms INTEGER NOT NULL
) STRICT;
`;

const saltBytes = 16;
const hashBytes = 32;

export function openUserPasswords({
  store,
  clock,
  ids,
}: Pick<Platform, "store" | "clock" | "ids">): UserPasswords {
  store.addSchema(schema);
  const { database } = store;
  const select = database.prepare(
    "SELECT salt, password_hash FROM directory_user_passwords WHERE user_id = ?",
  );
  const insert = database.prepare(
    "INSERT OR REPLACE INTO directory_user_passwords (user_id, salt, password_hash) VALUES (?, ?, ?)",
  );
  const selectTime = database.prepare("SELECT set_ms FROM directory_user_password_times WHERE user_id = ?");
  const insertTime = database.prepare(
    "INSERT OR REPLACE INTO directory_user_password_times (user_id, set_ms) VALUES (?, ?)",
  );
  const remove = database.prepare("DELETE FROM directory_user_passwords WHERE user_id = ?");
  const removeTime = database.prepare("DELETE FROM directory_user_password_times WHERE user_id = ?");
  return {
    set(userId, password) {
      const salt = ids.bytes(saltBytes);
      const hash = scryptSync(password, salt, hashBytes);
      store.transaction(() => {
        insert.run(userId.toLowerCase(), salt, hash);
        insertTime.run(userId.toLowerCase(), clock.nowMs());
      });
    },
    check(userId, password) {
      const row = select.get(userId.toLowerCase());
      if (row === undefined) return false;
      const offered = scryptSync(password, row.salt as Uint8Array, hashBytes);
      return timingSafeEqual(offered, row.password_hash as Uint8Array);
    },
    setAt(userId) {
      const row = selectTime.get(userId.toLowerCase());
      return row === undefined ? undefined : new Date(Number(row.set_ms));
    },
    removeAll(userId) {
      remove.run(userId.toLowerCase());
      removeTime.run(userId.toLowerCase());
    },
  };
}

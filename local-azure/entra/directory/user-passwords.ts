import { scryptSync, timingSafeEqual } from "node:crypto";
import type { Platform } from "../../core/platform.ts";

/** Passwords of people: chosen by them, so kept as scrypt hashes with a salt each. */
export interface UserPasswords {
  /** Puts `password` in the place of the one that the user has. */
  set(userId: string, password: string): void;
  /** Compares in constant time; false also for a user without a password. */
  check(userId: string, password: string): boolean;
  removeAll(userId: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS directory_user_passwords (
  user_id TEXT PRIMARY KEY,
  salt BLOB NOT NULL,
  password_hash BLOB NOT NULL
) STRICT;
`;

const saltBytes = 16;
const hashBytes = 32;

export function openUserPasswords({ store, ids }: Pick<Platform, "store" | "ids">): UserPasswords {
  store.addSchema(schema);
  const { database } = store;
  const select = database.prepare(
    "SELECT salt, password_hash FROM directory_user_passwords WHERE user_id = ?",
  );
  const insert = database.prepare(
    "INSERT OR REPLACE INTO directory_user_passwords (user_id, salt, password_hash) VALUES (?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM directory_user_passwords WHERE user_id = ?");
  return {
    set(userId, password) {
      const salt = ids.bytes(saltBytes);
      insert.run(userId.toLowerCase(), salt, scryptSync(password, salt, hashBytes));
    },
    check(userId, password) {
      const row = select.get(userId.toLowerCase());
      if (row === undefined) return false;
      const offered = scryptSync(password, row.salt as Uint8Array, hashBytes);
      return timingSafeEqual(offered, row.password_hash as Uint8Array);
    },
    removeAll(userId) {
      remove.run(userId.toLowerCase());
    },
  };
}

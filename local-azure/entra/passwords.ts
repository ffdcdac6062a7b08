import { createHash, timingSafeEqual } from "node:crypto";
import type { Platform } from "../core/platform.ts";

/** A client secret as it may be shown: never the secret itself. Times are ISO 8601, UTC. */
export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  /** The first three characters of the secret, as Graph shows them. */
  readonly hint: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
  /** The moment from which a replication delay counts. */
  readonly createdDateTime: string;
}

export interface NewPassword {
  readonly displayName?: string | null;
  readonly start?: Date;
  /** Two years after `start` when it is not given, as in Graph. */
  readonly end?: Date;
}

export interface PasswordCredentials {
  /** Makes a secret for the application or service principal `objectId`. `secretText` is shown this once and never kept. */
  add(objectId: string, password?: NewPassword): PasswordCredential & { readonly secretText: string };
  /** Answers whether `objectId` had that credential. */
  remove(objectId: string, keyId: string): boolean;
  removeAll(objectId: string): void;
  of(objectId: string): readonly PasswordCredential[];
  /** Compares `secret` with every credential of the given objects, in constant time for each. */
  check(objectIds: readonly string[], secret: string): "valid" | "expired" | "wrong";
}

const schema = `
CREATE TABLE IF NOT EXISTS directory_passwords (
  key_id TEXT PRIMARY KEY,
  object_id TEXT NOT NULL,
  display_name TEXT,
  hint TEXT NOT NULL,
  secret_hash BLOB NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS directory_passwords_by_object ON directory_passwords (object_id);
`;

/** Secrets are made here with 240 random bits, so a plain SHA-256 of one cannot be searched. */
const secretBytes = 30;

export function openPasswords({
  store,
  clock,
  ids,
}: Pick<Platform, "store" | "clock" | "ids">): PasswordCredentials {
  store.addSchema(schema);
  const insert = store.database.prepare(
    "INSERT INTO directory_passwords (key_id, object_id, display_name, hint, secret_hash, start_ms, end_ms, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const select = store.database.prepare(
    "SELECT key_id, display_name, hint, secret_hash, start_ms, end_ms, created_ms FROM directory_passwords WHERE object_id = ? ORDER BY start_ms DESC, key_id",
  );
  const remove = store.database.prepare("DELETE FROM directory_passwords WHERE object_id = ? AND key_id = ?");
  const removeAll = store.database.prepare("DELETE FROM directory_passwords WHERE object_id = ?");
  const of = (objectId: string) => select.all(objectId.toLowerCase()).map(toCredential);
  return {
    add(objectId, { displayName = null, start = clock.now(), end = twoYearsAfter(start) } = {}) {
      const secretText = ids.token(secretBytes);
      const keyId = ids.uuid();
      const hint = secretText.slice(0, 3);
      const times: [number, number, number] = [start.getTime(), end.getTime(), clock.nowMs()];
      insert.run(keyId, objectId.toLowerCase(), displayName, hint, hash(secretText), ...times);
      return {
        keyId,
        displayName,
        hint,
        startDateTime: start.toISOString(),
        endDateTime: end.toISOString(),
        createdDateTime: clock.now().toISOString(),
        secretText,
      };
    },
    remove: (objectId, keyId) => Number(remove.run(objectId.toLowerCase(), keyId.toLowerCase()).changes) > 0,
    removeAll(objectId) {
      removeAll.run(objectId.toLowerCase());
    },
    of,
    check(objectIds, secret) {
      const offered = hash(secret);
      const matching = objectIds
        .flatMap((objectId) => select.all(objectId.toLowerCase()))
        .filter((row) => timingSafeEqual(offered, Buffer.from(row.secret_hash as Uint8Array)));
      const started = matching.filter((row) => Number(row.start_ms) <= clock.nowMs());
      if (started.some((row) => clock.nowMs() < Number(row.end_ms))) return "valid";
      return started.length > 0 ? "expired" : "wrong";
    },
  };
}

function hash(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function twoYearsAfter(start: Date): Date {
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + 2);
  return end;
}

function toCredential(row: Record<string, unknown>): PasswordCredential {
  return {
    keyId: String(row.key_id),
    displayName: row.display_name === null ? null : String(row.display_name),
    hint: String(row.hint),
    startDateTime: new Date(Number(row.start_ms)).toISOString(),
    endDateTime: new Date(Number(row.end_ms)).toISOString(),
    createdDateTime: new Date(Number(row.created_ms)).toISOString(),
  };
}

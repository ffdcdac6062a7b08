import { createCipheriv, createDecipheriv } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "../../core/platform.ts";
import { UserError } from "../../core/user-error.ts";

/** Encrypts secret values for the state file. */
export interface ValueEncryption {
  /** @param place what the value belongs to: a sealed value opens in the same place only. */
  seal(value: string, place: string): Buffer;
  /** @throws Error when the bytes were changed, or belong to another place. */
  open(sealed: Buffer, place: string): string;
}

const algorithm = "aes-256-gcm";
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;

/**
 * Encryption under a key that stands in `key-vault.key` of the state folder, readable by its owner only and made at first
 * use: a copy of the state file alone, or of a log, gives no value away.
 *
 * @param hasValues whether the state holds sealed values, which a new key could not open.
 * @throws UserError LA-VAULT-KEY when there are such values and the key is missing or damaged.
 */
export function openValueEncryption(
  { directory, ids }: Pick<Platform, "directory" | "ids">,
  hasValues: boolean,
): ValueEncryption {
  const key = loadKey(join(directory, "key-vault.key"), hasValues, () => ids.bytes(keyLength));
  return {
    seal(value, place) {
      const nonce = ids.bytes(nonceLength);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(place));
      const sealed = [cipher.update(value, "utf8"), cipher.final()];
      return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]);
    },
    open(sealed, place) {
      const nonce = sealed.subarray(0, nonceLength);
      const decipher = createDecipheriv(algorithm, key, nonce)
        .setAAD(Buffer.from(place))
        .setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength));
      const value = [decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()];
      return Buffer.concat(value).toString("utf8");
    },
  };
}

function loadKey(file: string, hasValues: boolean, makeKey: () => Buffer): Buffer {
  const kept = existsSync(file) ? readFileSync(file) : undefined;
  if (kept?.length === keyLength) return kept;
  if (hasValues) {
    throw new UserError(
      "LA-VAULT-KEY",
      `The key that opens the secrets of this local cloud's vaults is ${kept === undefined ? "missing" : "damaged"}: ${file}.`,
      "Put the file back, or run `npx --no local-azure reset` to begin anew (this deletes the local cloud's data).",
    );
  }
  const key = makeKey();
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

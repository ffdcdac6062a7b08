import type { Platform } from "../../core/platform.ts";
import type { SecretAttributes, SecretSettings, SecretVersion } from "./secret.ts";
import { openValueEncryption } from "./value-encryption.ts";

/** Every version of every secret, with its value encrypted. Vault ids and names compare without case. */
export interface SecretStore {
  /** The version that was set last. */
  current(vaultId: string, name: string): SecretVersion | undefined;
  find(vaultId: string, name: string, version: string): SecretVersion | undefined;
  /** The current version of each secret of the vault, ordered by name. */
  list(vaultId: string): readonly SecretVersion[];
  /** Ordered by version, as Key Vault lists them: not by time. */
  versions(vaultId: string, name: string): readonly SecretVersion[];
  value(version: SecretVersion): string;
  /** Adds a version, which becomes the current one. */
  add(vaultId: string, name: string, value: string, settings: SecretSettings): SecretVersion;
  /** Gives a version other settings; its value stays. */
  change(version: SecretVersion, settings: SecretSettings): SecretVersion;
  /** Deletes every version. */
  remove(vaultId: string, name: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS key_vault_secrets (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  vault_key TEXT NOT NULL,
  name_key TEXT NOT NULL,
  version TEXT NOT NULL,
  facts TEXT NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (vault_key, name_key, version)
) STRICT;
`;

/** @throws UserError LA-VAULT-KEY when values are kept whose key is gone. */
export function openSecretStore(
  platform: Pick<Platform, "store" | "directory" | "ids" | "clock">,
): SecretStore {
  const { store, ids, clock } = platform;
  store.addSchema(schema);
  const { database } = store;
  const ofSecret = "FROM key_vault_secrets WHERE vault_key = ? AND name_key = ?";
  const selectCurrent = database.prepare(`SELECT facts ${ofSecret} ORDER BY sequence DESC LIMIT 1`);
  const selectOne = database.prepare(`SELECT facts, sealed ${ofSecret} AND version = ?`);
  const selectVersions = database.prepare(`SELECT facts ${ofSecret} ORDER BY version`);
  const selectAllCurrent = database.prepare(
    "SELECT facts FROM key_vault_secrets WHERE sequence IN (SELECT max(sequence) FROM key_vault_secrets WHERE vault_key = ? GROUP BY name_key) ORDER BY name_key",
  );
  const insert = database.prepare(
    "INSERT INTO key_vault_secrets (vault_key, name_key, version, facts, sealed) VALUES (?, ?, ?, ?, ?)",
  );
  const update = database.prepare(
    "UPDATE key_vault_secrets SET facts = ? WHERE vault_key = ? AND name_key = ? AND version = ?",
  );
  const remove = database.prepare(`DELETE ${ofSecret}`);
  const hasValues = database.prepare("SELECT 1 FROM key_vault_secrets LIMIT 1").get() !== undefined;
  const encryption = openValueEncryption(platform, hasValues);

  const current = (vaultId: string, name: string) => read(selectCurrent.get(...key(vaultId, name)));
  const find = (vaultId: string, name: string, version: string) =>
    selectOne.get(...key(vaultId, name), version.toLowerCase());

  return {
    current,
    find: (vaultId, name, version) => read(find(vaultId, name, version)),
    list: (vaultId) => selectAllCurrent.all(key(vaultId)[0]).flatMap((row) => read(row) ?? []),
    versions: (vaultId, name) => selectVersions.all(...key(vaultId, name)).flatMap((row) => read(row) ?? []),
    value(secret) {
      const sealed = find(secret.vaultId, secret.name, secret.version)?.sealed;
      if (!(sealed instanceof Uint8Array)) throw new Error("the version of the secret is gone");
      return encryption.open(Buffer.from(sealed), place(secret));
    },
    add(vaultId, name, value, settings) {
      const now = clock.nowSeconds();
      const added = withSettings(settings, {
        vaultId,
        name: current(vaultId, name)?.name ?? name,
        version: ids.uuid().replaceAll("-", ""),
        created: now,
        updated: now,
      });
      const sealed = encryption.seal(value, place(added));
      insert.run(...key(vaultId, name), added.version, JSON.stringify(added), sealed);
      return added;
    },
    change(secret, settings) {
      const { vaultId, name, version, attributes } = secret;
      const { created } = attributes;
      const changed = withSettings(settings, {
        vaultId,
        name,
        version,
        created,
        updated: clock.nowSeconds(),
      });
      update.run(JSON.stringify(changed), ...key(vaultId, name), version);
      return changed;
    },
    remove: (vaultId, name) => void remove.run(...key(vaultId, name)),
  };
}

function key(vaultId: string, name = ""): [string, string] {
  return [vaultId.toLowerCase(), name.toLowerCase()];
}

function place({ vaultId, name, version }: SecretVersion): string {
  return `${key(vaultId, name).join("/secrets/")}/${version}`;
}

type Facts = Pick<SecretVersion, "vaultId" | "name" | "version"> &
  Pick<SecretAttributes, "created" | "updated">;

function withSettings(
  { contentType, tags, attributes }: SecretSettings,
  { created, updated, ...facts }: Facts,
): SecretVersion {
  const { enabled, nbf, exp } = attributes;
  return {
    ...facts,
    ...(contentType === undefined ? {} : { contentType }),
    ...(tags === undefined ? {} : { tags }),
    attributes: {
      enabled,
      ...(nbf === undefined ? {} : { nbf }),
      ...(exp === undefined ? {} : { exp }),
      created,
      updated,
    },
  };
}

function read(row: Record<string, unknown> | undefined): SecretVersion | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.facts)) as SecretVersion);
}

import { isDeepStrictEqual } from "node:util";
import type { ArmResource, ResourceStore } from "../../arm/resource-store.ts";
import type { Platform } from "../../core/platform.ts";
import { secretId, secretType, type Vault, vaultType } from "../vault.ts";
import type { SecretSettings, SecretVersion } from "./secret.ts";
import { openSecretStore, type SecretStore } from "./secret-store.ts";

/**
 * The secrets of all vaults, for both planes. Each secret stands in resource manager too, as its current version without
 * the value: there it is read, and roles are assigned on it.
 */
export interface VaultSecrets extends Pick<SecretStore, "current" | "find" | "list" | "versions" | "value"> {
  /** Sets a new version, whatever the value was before. */
  set(vault: Vault, name: string, value: string, settings: SecretSettings): Promise<SecretVersion>;
  /** Gives a version other settings. */
  change(vault: Vault, version: SecretVersion, settings: SecretSettings): Promise<SecretVersion>;
  /** Deletes the secret with all its versions. */
  remove(secret: SecretVersion): Promise<void>;
  /** Whether `version` has exactly this value and these settings. */
  isSame(version: SecretVersion, value: string, settings: SecretSettings): boolean;
}

/**
 * Opens the secrets; they go with their vault, however it is deleted.
 *
 * @throws UserError LA-VAULT-KEY when values are kept whose key is gone.
 */
export function openVaultSecrets(platform: Platform, resources: ResourceStore): VaultSecrets {
  const { store, ids } = platform;
  const versions = openSecretStore(platform);
  resources.observe(async (change) => {
    if (change.kind !== "delete") return;
    const { type, id } = change.before;
    if (type === secretType) versions.remove(...ownerAndName(change.before));
    // What was set while the vault went; the rest went before it.
    if (type === vaultType)
      for (const secret of resources.list(secretType, id)) await resources.delete(secret.id);
  });
  dropOrphans(resources, versions);

  /** Writes versions and resource in one transaction, then tells the observers. */
  const write = async (vault: Vault, work: () => SecretVersion): Promise<SecretVersion> => {
    const { result, written } = store.transaction(() => {
      if (resources.get(vault.id) === undefined) throw new Error(`the vault ${vault.id} is gone`);
      const changed = work();
      const current = versions.current(vault.id, changed.name) ?? changed;
      return { result: changed, written: resources.put(secretResource(vault, current, ids.uuid())) };
    });
    await written;
    return result;
  };

  return {
    current: versions.current,
    find: versions.find,
    list: versions.list,
    versions: versions.versions,
    value: versions.value,
    set: (vault, name, value, settings) => write(vault, () => versions.add(vault.id, name, value, settings)),
    change: (vault, version, settings) => write(vault, () => versions.change(version, settings)),
    async remove({ vaultId, name }) {
      await store.transaction(() => {
        versions.remove(vaultId, name);
        return resources.delete(secretId(vaultId, name));
      });
    },
    isSame(version, value, { contentType, tags = {}, attributes }) {
      const { created: _created, updated: _updated, ...kept } = version.attributes;
      return (
        contentType === version.contentType &&
        isDeepStrictEqual(tags, version.tags ?? {}) &&
        isDeepStrictEqual(attributes, kept) &&
        value === versions.value(version)
      );
    },
  };
}

/** A secret as resource manager shows it: https://learn.microsoft.com/rest/api/keyvault/secrets/get */
function secretResource(vault: Vault, secret: SecretVersion, etag: string): ArmResource {
  const { name, version, contentType, tags, attributes } = secret;
  const secretUri = `${vault.origin}/secrets/${name}`;
  return {
    id: secretId(vault.id, name),
    name,
    type: secretType,
    location: vault.location,
    ...(tags === undefined ? {} : { tags }),
    properties: {
      attributes,
      ...(contentType === undefined ? {} : { contentType }),
      secretUri,
      secretUriWithVersion: `${secretUri}/${version}`,
    },
    internal: {},
    etag,
  };
}

/** A kill between the two writes of a deletion leaves a resource without versions: it goes at the next start. */
function dropOrphans(resources: ResourceStore, versions: SecretStore): void {
  for (const vault of resources.list(vaultType)) {
    for (const secret of resources.list(secretType, vault.id)) {
      if (versions.current(vault.id, secret.name) === undefined) void resources.delete(secret.id);
    }
  }
}

function ownerAndName({ id, name }: ArmResource): [string, string] {
  return [id.slice(0, -"/secrets/".length - name.length), name];
}

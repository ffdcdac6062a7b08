import { requireExisting } from "../../arm/errors.ts";
import { normalizeLocation } from "../../arm/locations.ts";
import { readModel } from "../../arm/read-model.ts";
import { resourceBody } from "../../arm/resource-body.ts";
import { type ArmAnswer, type ArmCall, ArmError } from "../../arm/resource-provider.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import { type VaultInternal, vaultOrigin, vaultType } from "../vault.ts";
import type { KeyVaultServices } from "./services.ts";
import { vaultProperties } from "./vault-body.ts";
import { patchSchema, putSchema, type VaultSettings } from "./vault-model.ts";
import { invalidVaultName, isVaultName, vaultNamed, vaultNameTaken } from "./vault-names.ts";
import { checkVaultSettings } from "./vault-rules.ts";

/**
 * PUT: creates the vault, or gives it exactly these settings; what cannot be taken back (purge protection, retention)
 * stays when it is not said.
 *
 * @throws ArmError 400 VaultNameNotValid, BadRequest, 409 VaultAlreadyExists.
 */
export async function putVault(call: ArmCall, services: KeyVaultServices): Promise<ArmAnswer> {
  const { existing } = call;
  const { location, tags, properties } = readModel(putSchema, call.body);
  const { platform, resources } = services;
  const name = existing?.name ?? call.parameters.vaultName ?? "";
  if (existing === undefined) checkNewName(name, services);
  checkVaultSettings(call, properties, existing && keptSettings(existing), platform.tenantId);
  const { softDeleteRetentionInDays, enablePurgeProtection } = existing ? keptSettings(existing) : {};
  const settings = { softDeleteRetentionInDays, enablePurgeProtection, ...properties };
  if (existing !== undefined) return update(existing, settings, tags ?? {}, services);

  const port = await platform.ports.claim(call.id);
  // Another PUT may have taken the name while the port was looked for.
  if (resources.get(call.id) === undefined) checkNewName(name, services);
  const now = platform.clock.now().toISOString();
  const vault: ArmResource = {
    id: call.id,
    name,
    type: vaultType,
    location: normalizeLocation(location),
    tags: tags ?? {},
    systemData: { createdAt: now, lastModifiedAt: now },
    properties: vaultProperties(settings, { origin: vaultOrigin(port), provisioningState: "RegisteringDns" }),
    internal: { port } satisfies VaultInternal,
    etag: platform.ids.uuid(),
  };
  await resources.put(vault);
  // Azure answers a new vault before its name resolves; clients then poll the vault itself.
  setImmediate(() => void finishVault(vault.id, services));
  return { status: 200, body: resourceBody(vault) };
}

/** PATCH: changes what is said and nothing else. */
export async function patchVault(call: ArmCall, services: KeyVaultServices): Promise<ArmAnswer> {
  const existing = requireExisting(call);
  const { tags, properties } = readModel(patchSchema, call.body);
  const kept = keptSettings(existing);
  checkVaultSettings(call, properties, kept, services.platform.tenantId);
  return update(existing, { ...kept, ...properties }, tags ?? existing.tags ?? {}, services);
}

async function update(
  existing: ArmResource,
  settings: VaultSettings,
  tags: Readonly<Record<string, string>>,
  { platform, resources }: KeyVaultServices,
): Promise<ArmAnswer> {
  const { port } = existing.internal as VaultInternal;
  const changed: ArmResource = {
    ...existing,
    tags,
    systemData: { ...existing.systemData, lastModifiedAt: platform.clock.now().toISOString() },
    properties: vaultProperties(settings, { origin: vaultOrigin(port), provisioningState: "Succeeded" }),
    etag: platform.ids.uuid(),
  };
  await resources.put(changed);
  return { status: 200, body: resourceBody(changed) };
}

/** Brings a new vault to `Succeeded`, unless it went or changed meanwhile. */
async function finishVault(id: string, { platform, resources }: KeyVaultServices): Promise<void> {
  // A stop closes the store under what is still to do; the next start finishes it.
  const vault = platform.store.database.isOpen ? resources.get(id) : undefined;
  if (vault?.properties.provisioningState !== "RegisteringDns") return;
  const properties = { ...vault.properties, provisioningState: "Succeeded" };
  await resources.put({ ...vault, properties });
}

/** Finishes the vaults that the last stop cut off. */
export async function finishInterrupted(services: KeyVaultServices): Promise<void> {
  for (const { id } of services.resources.list(vaultType)) await finishVault(id, services);
}

function keptSettings({ properties }: ArmResource): VaultSettings {
  const { vaultUri: _uri, provisioningState: _state, ...settings } = properties;
  return settings as VaultSettings;
}

function checkNewName(name: string, { resources }: KeyVaultServices): void {
  if (!isVaultName(name)) throw new ArmError(400, "VaultNameNotValid", invalidVaultName(name));
  if (vaultNamed(name, resources) !== undefined) {
    throw new ArmError(409, "VaultAlreadyExists", vaultNameTaken(name));
  }
}

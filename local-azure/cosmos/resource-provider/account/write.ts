import { invalidRequestContent, requireExisting } from "../../../arm/errors.ts";
import { locationDisplayName } from "../../../arm/locations.ts";
import { readModel } from "../../../arm/read-model.ts";
import { resourceBody } from "../../../arm/resource-body.ts";
import type { ArmAnswer, ArmCall } from "../../../arm/resource-provider.ts";
import type { ArmResource, ManagedIdentityBlock } from "../../../arm/resource-store.ts";
import { unsupported } from "../errors.ts";
import type { CosmosServices } from "../services.ts";
import { accountType } from "../types.ts";
import { createKeys, keysMetadata } from "./keys.ts";
import { accountProperties, defaultSettings } from "./properties.ts";
import { checkAccountName, checkChange, checkSettings } from "./rules.ts";
import { type AccountBody, type AccountSettings, patchSchema, pickSettings, putSchema } from "./settings.ts";

/** PUT: creates the account, or gives it exactly these settings; backup and capabilities stay when they are not said. */
export async function putAccount(call: ArmCall, services: CosmosServices): Promise<ArmAnswer> {
  const { existing } = call;
  const body = readModel(putSchema, call.body);
  const kept = existing === undefined ? {} : currentSettings(existing);
  const settings: AccountSettings = {
    ...defaultSettings,
    ...(kept.backupPolicy === undefined ? {} : { backupPolicy: kept.backupPolicy }),
    ...(kept.capabilities === undefined ? {} : { capabilities: kept.capabilities }),
    ...pickSettings(body.properties),
    locations: body.properties.locations,
  };
  if (existing === undefined) return createAccount(call, body, settings, services);
  return updateAccount(call, existing, { ...body, tags: body.tags ?? {} }, settings, services);
}

/** PATCH: changes what is said and nothing else. */
export async function patchAccount(call: ArmCall, services: CosmosServices): Promise<ArmAnswer> {
  const existing = requireExisting(call);
  const body = readModel(patchSchema, call.body);
  const before = currentSettings(existing);
  const settings = { ...defaultSettings, ...before, ...pickSettings(body.properties) } as AccountSettings;
  return updateAccount(call, existing, { identity: existing.identity, ...body }, settings, services);
}

function currentSettings({ properties }: ArmResource): Partial<AccountSettings> {
  return pickSettings(properties);
}

async function createAccount(
  call: ArmCall,
  body: AccountBody,
  settings: AccountSettings,
  services: CosmosServices,
): Promise<ArmAnswer> {
  const { platform } = services;
  const { clock, ids } = platform;
  checkAccountName(call, services);
  checkSettings(call, body.kind ?? "GlobalDocumentDB", settings);
  const name = call.parameters.accountName ?? "";
  const now = clock.now().toISOString();
  const identityType = readIdentityType(call, body.identity?.type);
  return provision(call, services, (port) => {
    const facts = {
      name,
      port,
      instanceId: ids.uuid(),
      provisioningState: "Creating",
      keysMetadata: keysMetadata(now),
    };
    return {
      id: call.id,
      name,
      type: accountType,
      kind: "GlobalDocumentDB",
      location: locationDisplayName(body.location ?? ""),
      tags: body.tags ?? {},
      systemData: { createdAt: now },
      identity: identityBlock(call, identityType, undefined, services),
      properties: accountProperties(settings, facts),
      internal: { port, keys: createKeys(ids) },
      etag: ids.uuid(),
    };
  });
}

async function updateAccount(
  call: ArmCall,
  existing: ArmResource,
  body: Pick<AccountBody, "kind" | "tags" | "identity">,
  settings: AccountSettings,
  services: CosmosServices,
): Promise<ArmAnswer> {
  checkSettings(call, body.kind ?? existing.kind ?? "", settings);
  const identityType = readIdentityType(call, body.identity?.type);
  const tags = body.tags ?? existing.tags;
  const { properties, internal, name } = existing;
  const facts = {
    name,
    port: Number(internal.port),
    instanceId: String(properties.instanceId),
    provisioningState: "Updating",
    keysMetadata: properties.keysMetadata as Readonly<Record<string, unknown>>,
  };
  const changed = accountProperties(settings, facts);
  checkChange(
    call,
    {
      settings: currentSettings(existing) as AccountSettings,
      rest: [existing.identity?.type, existing.tags],
    },
    { settings: pickSettings(changed) as AccountSettings, rest: [identityType, tags] },
  );
  return provision(call, services, () => ({
    ...existing,
    ...(tags === undefined ? {} : { tags }),
    identity: identityBlock(call, identityType, existing.identity, services),
    properties: changed,
    etag: services.platform.ids.uuid(),
  }));
}

/**
 * Writes the account (with its identity, in one transaction) in its passing state, answers with it, and lets the operation bring it to `Succeeded`. A restart in
 * between finishes it (see `finishInterrupted`).
 */
async function provision(
  call: ArmCall,
  services: CosmosServices,
  make: (port: number) => ArmResource,
): Promise<ArmAnswer> {
  const { locks, resources, beginOperation, platform } = services;
  const { promise: passed, resolve, reject } = Promise.withResolvers<ArmResource>();
  const work = locks.hold(call, call.id, async () => {
    try {
      const port = await platform.ports.claim(call.id);
      const { account, written } = platform.store.transaction(() => {
        const made = make(port);
        return { account: made, written: resources.put(made) };
      });
      await written;
      resolve(account);
      await resources.put(succeeded(account));
      return resourceBody(succeeded(account));
    } catch (error) {
      reject(error);
      throw error;
    }
  });
  const answer = beginOperation(call, work, { status: 200 });
  return { ...answer, body: resourceBody(await passed) };
}

function succeeded(account: ArmResource): ArmResource {
  return { ...account, properties: { ...account.properties, provisioningState: "Succeeded" } };
}

/** Brings accounts whose last write was cut off by a stop to their end: nothing but the state was left to do. */
export async function finishInterrupted({ resources }: CosmosServices): Promise<void> {
  for (const account of resources.list(accountType)) {
    const { provisioningState } = account.properties;
    if (provisioningState === "Creating" || provisioningState === "Updating") {
      await resources.put(succeeded(account));
    }
    if (provisioningState === "Deleting") await resources.delete(account.id);
  }
}

function readIdentityType(call: ArmCall, type = "None"): "None" | "SystemAssigned" {
  const known = ["None", "SystemAssigned"].find((one) => one.toLowerCase() === type.toLowerCase());
  if (known === "None" || known === "SystemAssigned") return known;
  if (/userassigned/i.test(type)) throw unsupported(call, `The identity type '${type}' on an account`);
  throw invalidRequestContent(`identity.type: '${type}' is not an identity type`);
}

function identityBlock(
  call: ArmCall,
  type: "None" | "SystemAssigned",
  before: ManagedIdentityBlock | undefined,
  { directory }: CosmosServices,
): ManagedIdentityBlock {
  if (type === before?.type) return before;
  if (type === "None") {
    if (before?.principalId !== undefined) directory.deleteManagedIdentity(before.principalId);
    return { type };
  }
  const { principalId, tenantId } = directory.createManagedIdentity(
    call.id,
    call.parameters.accountName ?? "",
  );
  return { type, principalId, tenantId };
}

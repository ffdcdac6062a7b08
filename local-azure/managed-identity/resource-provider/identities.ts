import { z } from "zod";
import { requireExisting } from "../../arm/errors.ts";
import { normalizeLocation } from "../../arm/locations.ts";
import { readModel, tagsSchema } from "../../arm/read-model.ts";
import { resourceBody } from "../../arm/resource-body.ts";
import type { ArmAnswer, ArmCall, ServiceTypeRow } from "../../arm/resource-provider.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import {
  identityPath,
  identityType,
  type ManagedIdentityServices,
  managedIdentityApiVersions,
} from "./services.ts";

/** What Azure shows and ignores when it is sent back, and the isolation that asks for nothing. */
const propertiesSchema = z
  .strictObject({
    tenantId: z.unknown().optional(),
    principalId: z.unknown().optional(),
    clientId: z.unknown().optional(),
    isolationScope: z.literal("None", "other than 'None' is not supported by this local cloud").nullish(),
  })
  .nullish();
const putSchema = z.object({
  location: z.string(),
  tags: tagsSchema.nullish(),
  properties: propertiesSchema,
});
const patchSchema = putSchema.partial({ location: true });

/** `Microsoft.ManagedIdentity/userAssignedIdentities`: each is a service principal of the directory. */
export const identityRow: ServiceTypeRow<ManagedIdentityServices> = {
  type: identityType,
  path: identityPath,
  apiVersions: managedIdentityApiVersions,
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
    rule: "It must have 3 to 128 letters, digits, hyphens and underscores, and begin with a letter or digit.",
  },
  get: (call) => ({ status: 200, body: resourceBody(requireExisting(call)) }),
  list: (call, { resources, platform }) => {
    const { resourceGroupName } = call.parameters;
    const subscription = `/subscriptions/${platform.subscriptionId}`;
    const below =
      resourceGroupName === undefined ? subscription : `${subscription}/resourceGroups/${resourceGroupName}`;
    return { status: 200, body: { value: resources.list(identityType, below).map(resourceBody) } };
  },
  put: putIdentity,
  patch: patchIdentity,
  delete: async ({ existing }, { resources }) => {
    if (existing === undefined) return { status: 204 };
    await resources.delete(existing.id);
    return { status: 200 };
  },
};

/** Makes the identity with its principal, in one transaction; one that exists keeps its principal. */
async function putIdentity(
  call: ArmCall,
  { platform, resources, directory }: ManagedIdentityServices,
): Promise<ArmAnswer> {
  const { existing } = call;
  const { location, tags } = readModel(putSchema, call.body);
  const { identity, written } = platform.store.transaction(() => {
    const name = call.parameters.resourceName ?? "";
    const made: ArmResource = {
      ...(existing ?? {
        id: call.id,
        name,
        type: identityType,
        location: normalizeLocation(location),
        properties: { ...directory.createManagedIdentity(call.id, name, { explicit: true }) },
        internal: {},
      }),
      tags: tags ?? {},
      etag: platform.ids.uuid(),
    };
    return { identity: made, written: resources.put(made) };
  });
  await written;
  return { status: existing === undefined ? 201 : 200, body: resourceBody(identity) };
}

async function patchIdentity(
  call: ArmCall,
  { platform, resources }: ManagedIdentityServices,
): Promise<ArmAnswer> {
  const existing = requireExisting(call);
  const { tags } = readModel(patchSchema, call.body);
  const changed: ArmResource = { ...existing, ...(tags ? { tags } : {}), etag: platform.ids.uuid() };
  await resources.put(changed);
  return { status: 200, body: resourceBody(changed) };
}

import { z } from "zod";
import { parseArmPath } from "../arm-id.ts";
import { requireExisting, resourceGroupNotFound } from "../errors.ts";
import { isLocation, locationNames, normalizeLocation } from "../locations.ts";
import { readModel, tagsSchema } from "../read-model.ts";
import { resourceBody } from "../resource-body.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../resource-provider.ts";
import type { ArmResource } from "../resource-store.ts";
import { resourceManagerApiVersions } from "./api-versions.ts";
import type { ResourcesServices } from "./services.ts";

export const resourceGroupType = "Microsoft.Resources/resourceGroups";

const groupSchema = z.object({
  location: z.string().optional(),
  tags: tagsSchema.nullish(),
  managedBy: z.string().nullish(),
});

/** `/subscriptions/{id}/resourceGroups/{name}`, also spelled `resourcegroups`. */
export const resourceGroups: ServiceTypeRow<ResourcesServices> = {
  type: resourceGroupType,
  actionType: "Microsoft.Resources/subscriptions/resourceGroups",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
  apiVersions: resourceManagerApiVersions,
  get: (call) => ({ status: 200, body: resourceBody(requireGroup(call)) }),
  list: (_call, { resources, subscriptionId }) => ({
    status: 200,
    body: { value: resources.list(resourceGroupType, `/subscriptions/${subscriptionId}`).map(resourceBody) },
  }),
  put: putGroup,
  patch: patchGroup,
  delete: deleteGroup,
};

function requireGroup(call: ArmCall): ArmResource {
  if (call.existing === undefined) throw resourceGroupNotFound(call.parameters.resourceGroupName ?? "");
  return requireExisting(call);
}

async function putGroup(call: ArmCall, { resources, platform }: ResourcesServices): Promise<ArmAnswer> {
  const { existing } = call;
  const name = existing?.name ?? validName(call.parameters.resourceGroupName ?? "");
  const { location: asked, tags, managedBy } = readModel(groupSchema, call.body);
  const location = validLocation(asked);
  if (existing !== undefined && existing.location !== location) {
    throw new ArmError(
      409,
      "InvalidResourceGroupLocation",
      `Invalid resource group location '${location}'. The Resource group already exists in location '${existing.location}'.`,
    );
  }
  const group: ArmResource = {
    id: existing?.id ?? `/subscriptions/${platform.subscriptionId}/resourceGroups/${name}`,
    name,
    type: resourceGroupType,
    location,
    ...(tags ? { tags } : {}),
    ...(managedBy ? { managedBy } : {}),
    properties: { provisioningState: "Succeeded" },
    internal: {},
    etag: platform.ids.uuid(),
  };
  await resources.put(group);
  return { status: existing === undefined ? 201 : 200, body: resourceBody(group) };
}

async function patchGroup(call: ArmCall, { resources, platform }: ResourcesServices): Promise<ArmAnswer> {
  const group = requireGroup(call);
  const { tags, managedBy } = readModel(groupSchema, call.body);
  const changed: ArmResource = {
    ...group,
    ...(tags ? { tags } : {}),
    ...(managedBy ? { managedBy } : {}),
    etag: platform.ids.uuid(),
  };
  await resources.put(changed);
  return { status: 200, body: resourceBody(changed) };
}

/** Deletes every resource of the group by its own type's delete, then whatever is left, then the group. */
function deleteGroup(call: ArmCall, services: ResourcesServices): ArmAnswer {
  const { resources, operations, platform } = services;
  const group = requireGroup(call);
  const work = async () => {
    const state = (provisioningState: string) =>
      resources.put({ ...group, properties: { provisioningState }, etag: platform.ids.uuid() });
    await state("Deleting");
    try {
      await deleteContents(call, group.id, services);
    } catch (error) {
      await state("Succeeded");
      throw error;
    }
    await resources.delete(group.id);
  };
  return operations.begin(call, work, { status: 202 });
}

/** Some types go only after others (a plan after its sites): rounds are made while each gets rid of something. */
async function deleteContents(call: ArmCall, groupId: string, services: ResourcesServices): Promise<void> {
  const { resources, operations } = services;
  let remaining = resources
    .listBelow(groupId)
    .filter(({ id, type }) => parseArmPath(id).names.length === 1 && services.typeRow(type)?.delete);
  while (remaining.length > 0) {
    const refused: ArmResource[] = [];
    let refusal: unknown;
    for (const { id, type } of remaining) {
      const existing = resources.get(id);
      const remove = services.typeRow(type)?.delete;
      if (existing === undefined || remove === undefined) continue;
      try {
        const parameters = services.parametersOf(id);
        await operations.completion(await remove({ ...call, id, existing, parameters }));
      } catch (error) {
        refused.push(existing);
        refusal = error;
      }
    }
    if (refused.length === remaining.length) throw refusal;
    remaining = refused;
  }
}

/** Groups whose deletion a stop cut off are there as before, less what had gone. */
export async function keepInterrupted({ resources, platform }: ResourcesServices): Promise<void> {
  for (const group of resources.list(resourceGroupType)) {
    if (group.properties.provisioningState !== "Deleting") continue;
    const etag = platform.ids.uuid();
    await resources.put({ ...group, properties: { provisioningState: "Succeeded" }, etag });
  }
}

function validName(name: string): string {
  const invalid = [...new Set(name.replace(/[\p{L}\p{Nd}._()-]/gu, ""))].join("");
  if (invalid !== "") {
    throw new ArmError(
      400,
      "InvalidResourceGroup",
      `The provided resource group name '${name}' has these invalid characters: '${invalid}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
    );
  }
  if (name.length > 90 || name.endsWith(".")) {
    throw new ArmError(
      400,
      "InvalidResourceGroup",
      `The provided resource group name '${name}' is invalid. The name has 1 to 90 characters and does not end with a period.`,
    );
  }
  return name;
}

function validLocation(location: string | undefined): string {
  if (location === undefined || location === "") {
    throw new ArmError(400, "LocationRequired", "The location property is required for this definition.");
  }
  if (!isLocation(location)) {
    throw new ArmError(
      400,
      "LocationNotAvailableForResourceGroup",
      `The provided location '${location}' is not available for resource group. List of available regions is '${locationNames.join(",")}'.`,
    );
  }
  return normalizeLocation(location);
}

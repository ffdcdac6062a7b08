import { requireExisting } from "../../arm/errors.ts";
import { normalizeLocation } from "../../arm/locations.ts";
import { readModel } from "../../arm/read-model.ts";
import { resourceBody } from "../../arm/resource-body.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../../arm/resource-provider.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import { planType, siteType } from "../site.ts";
import { webApiVersions } from "./api-versions.ts";
import {
  offeredSkus,
  planPatchSchema,
  planSchema,
  pricingTier,
  unsupportedPlanMembers,
} from "./plan-model.ts";
import { refuseFaults, unsupportedFaults, withoutNulls } from "./request-body.ts";
import { groupPath, listedScope, type WebServices, webResourceId } from "./services.ts";

/** App Service plans: Linux ones only. */
export const planRow: ServiceTypeRow<WebServices> = {
  type: planType,
  path: `${groupPath}/Microsoft.Web/serverfarms/{name}`,
  apiVersions: webApiVersions,
  name: {
    pattern: /^[A-Za-z0-9_-]{1,60}$/,
    rule: "It must have 1 to 60 letters, digits, hyphens and underscores.",
  },
  get: (call, { resources }) => ({ status: 200, body: planBody(requireExisting(call), resources) }),
  list: (call, { resources }) => ({
    status: 200,
    body: { value: resources.list(planType, listedScope(call)).map((plan) => planBody(plan, resources)) },
  }),
  put: writePlan,
  patch(call, services) {
    requireExisting(call);
    return writePlan(call, services);
  },
  delete: deletePlan,
  actions: [
    {
      method: "GET",
      suffix: "sites",
      action: "Microsoft.Web/serverfarms/sites/read",
      handler: (call, { resources }) => ({
        status: 200,
        body: { value: sitesOf(requireExisting(call).id, resources).map(resourceBody) },
      }),
    },
  ],
};

async function writePlan(call: ArmCall, { resources, platform }: WebServices): Promise<ArmAnswer> {
  const { existing } = call;
  const schema = existing === undefined ? planSchema : planPatchSchema;
  const body = readModel(schema, withoutNulls(call.body));
  const sku = readSku(body.sku, existing);
  const tier = pricingTier(sku.name);
  const reserved = body.properties.reserved ?? existing?.properties.reserved ?? false;
  refuseFaults([
    ...unsupportedFaults(unsupportedPlanMembers, body.properties, "properties"),
    ...(tier === undefined ? [`sku.name: ${sku.name} is not one of ${offeredSkus}.`] : []),
    ...(tier !== undefined && sku.capacity > tier.maximumWorkers
      ? [`sku.capacity: ${tier.tier} plans have at most ${tier.maximumWorkers} workers.`]
      : []),
    ...(reserved === true
      ? []
      : ["properties.reserved must be true: the local cloud hosts Linux plans only."]),
  ]);
  const location = existing?.location ?? body.location ?? "";
  const plan: ArmResource = {
    id: existing?.id ?? webResourceId(call, "serverfarms"),
    type: planType,
    name: existing?.name ?? call.parameters.name ?? "",
    location,
    kind: "linux",
    ...((body.tags ?? existing?.tags) && { tags: body.tags ?? existing?.tags ?? {} }),
    sku: { ...sku, tier: tier?.tier, size: sku.name, family: tier?.family },
    properties: {
      ...existing?.properties,
      perSiteScaling: body.properties.perSiteScaling ?? existing?.properties.perSiteScaling ?? false,
      zoneRedundant: body.properties.zoneRedundant ?? existing?.properties.zoneRedundant ?? false,
      reserved: true,
      isXenon: false,
      hyperV: false,
      isSpot: false,
      elasticScaleEnabled: false,
      maximumElasticWorkerCount: 1,
      maximumNumberOfWorkers: tier?.maximumWorkers,
      numberOfWorkers: sku.capacity,
      targetWorkerCount: 0,
      targetWorkerSizeId: 0,
      geoRegion: location,
      resourceGroup: call.parameters.resourceGroupName,
      subscription: call.parameters.subscriptionId,
      status: "Ready",
      provisioningState: "Succeeded",
    },
    internal: {},
    etag: platform.ids.uuid(),
  };
  await resources.put(plan);
  return { status: 200, body: planBody(plan, resources) };
}

function readSku(
  offered: { readonly name: string; readonly capacity?: number | undefined } | undefined,
  existing: ArmResource | undefined,
): { readonly name: string; readonly capacity: number } {
  const kept = existing?.sku as { readonly name: string; readonly capacity: number } | undefined;
  if (offered === undefined) return kept ?? { name: "F1", capacity: 1 };
  return { name: offered.name, capacity: offered.capacity ?? kept?.capacity ?? 1 };
}

async function deletePlan(call: ArmCall, { resources }: WebServices): Promise<ArmAnswer> {
  const { existing } = call;
  if (existing === undefined) return { status: 204 };
  const names = sitesOf(existing.id, resources).map(({ name }) => name);
  if (names.length > 0) {
    throw new ArmError(
      409,
      "Conflict",
      `Server farm '${existing.name}' cannot be deleted because it has web app(s) ${names.join(", ")} assigned to it.`,
    );
  }
  await resources.delete(existing.id);
  return { status: 200 };
}

/** The sites that stand on a plan. */
export function sitesOf(planId: string, resources: WebServices["resources"]): readonly ArmResource[] {
  const key = planId.toLowerCase();
  return resources
    .list(siteType)
    .filter(({ properties }) => String(properties.serverFarmId).toLowerCase() === key);
}

/** @throws ArmError when the plan is not there, or is in another region than the site. */
export function requirePlan(
  planId: string,
  location: string,
  resources: WebServices["resources"],
): ArmResource {
  const plan = resources.get(planId);
  if (plan?.type !== planType) {
    throw new ArmError(
      404,
      "NotFound",
      `Cannot find ServerFarm with name ${planId.slice(planId.lastIndexOf("/") + 1)}.`,
    );
  }
  if (normalizeLocation(plan.location ?? "") !== normalizeLocation(location)) {
    throw new ArmError(
      400,
      "BadRequest",
      `The site's location ${location} is not that of its plan ${plan.name}, ${plan.location}.`,
    );
  }
  return plan;
}

function planBody(plan: ArmResource, resources: WebServices["resources"]) {
  const body = resourceBody(plan);
  return { ...body, properties: { ...body.properties, numberOfSites: sitesOf(plan.id, resources).length } };
}

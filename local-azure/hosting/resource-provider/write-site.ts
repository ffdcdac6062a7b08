import { readModel } from "../../arm/read-model.ts";
import { type ArmAnswer, type ArmCall, ArmError } from "../../arm/resource-provider.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import { type SiteInternal, siteKey, siteType } from "../site.ts";
import { pricingTier } from "./plan-model.ts";
import { requirePlan } from "./plans.ts";
import { refuseFaults, unsupportedFaults, withoutNulls } from "./request-body.ts";
import { type WebServices, webResourceId } from "./services.ts";
import { siteBody, siteProperties } from "./site-body.ts";
import { applySiteConfig, configFaults, newInternal } from "./site-config.ts";
import { type SiteRequest, sitePatchSchema, siteSchema, unsupportedSiteMembers } from "./site-model.ts";
import { portOwners } from "./site-ports.ts";

/**
 * Creates or changes a site. What the body does not name keeps its value, as App Service has it; that goes for the
 * identity too, which only `None` removes.
 *
 * @throws ArmError 400 InvalidRequestContent or BadRequest with every fault, 404 NotFound (no such plan), 409 Conflict
 * (the name is taken by a site elsewhere).
 */
export async function writeSite(call: ArmCall, services: WebServices): Promise<ArmAnswer> {
  const { resources, platform } = services;
  const id = webResourceId(call, "sites");
  const body = withoutNulls(call.body);
  const read = () => {
    const existing = resources.get(id);
    const request = readModel(existing === undefined ? siteSchema : sitePatchSchema, body);
    return { existing, request, plan: checkSite(request, existing, call, services) };
  };
  read();
  const owners = portOwners(id);
  const appPort = await platform.ports.claim(owners.app);
  const scmPort = await platform.ports.claim(owners.scm);
  // Another write may have come between: from here to the store nothing waits.
  const { existing, request, plan } = read();
  const internal = applySiteConfig(
    (existing?.internal as SiteInternal | undefined) ?? newInternal({ appPort, scmPort }),
    request.properties.siteConfig,
  );
  const name = existing?.name ?? call.parameters.name ?? "";
  const identity = writeIdentity(request, existing, { id: existing?.id ?? id, name }, services);
  const { clientId: _clientId, ...rest } = internal;
  const site: ArmResource = {
    id: existing?.id ?? id,
    type: siteType,
    name,
    location: existing?.location ?? request.location ?? "",
    kind: "app,linux",
    ...((request.tags ?? existing?.tags) && { tags: request.tags ?? existing?.tags ?? {} }),
    ...(identity && {
      identity: {
        type: "SystemAssigned",
        principalId: identity.principalId,
        tenantId: identity.tenantId,
      },
    }),
    properties: siteProperties(request.properties, existing?.properties, {
      name,
      resourceGroup: call.parameters.resourceGroupName ?? "",
      planId: plan.id,
      tier: plan.tier,
      appPort,
      scmPort,
      modified: platform.clock.now().toISOString(),
    }),
    internal: identity ? { ...rest, clientId: identity.clientId } : rest,
    etag: platform.ids.uuid(),
  };
  const former = existing?.identity?.principalId;
  await resources.put(site);
  if (former !== undefined && identity === undefined) services.directory.deleteManagedIdentity(former);
  return { status: 200, body: siteBody(site) };
}

function checkSite(
  request: SiteRequest,
  existing: ArmResource | undefined,
  call: ArmCall,
  { resources }: WebServices,
): { readonly id: string; readonly tier: string } {
  const { serverFarmId = existing?.properties.serverFarmId } = request.properties;
  if (typeof serverFarmId !== "string") {
    throw new ArmError(
      400,
      "BadRequest",
      "properties.serverFarmId is missing: it is the resource id of the site's App Service plan.",
    );
  }
  const location = existing?.location ?? request.location ?? "";
  const plan = requirePlan(serverFarmId, location, resources);
  const { tier } = plan.sku as { readonly tier: string };
  refuseFaults([
    ...unsupportedFaults(unsupportedSiteMembers, request.properties, "properties"),
    ...configFaults(
      request.properties.siteConfig,
      pricingTier((plan.sku as { readonly name: string }).name)?.alwaysOn ?? false,
    ),
  ]);
  const name = siteKey(call.parameters.name ?? "");
  const id = webResourceId(call, "sites").toLowerCase();
  const holder = siteNamed(name, resources);
  if (holder !== undefined && holder.id.toLowerCase() !== id) {
    throw new ArmError(409, "Conflict", `Website with given name ${call.parameters.name} already exists.`);
  }
  return { id: plan.id, tier };
}

/** The site of that name (in lower case), in any resource group: a name is part of a host name on Azure. */
export function siteNamed(key: string, resources: WebServices["resources"]): ArmResource | undefined {
  return resources.list(siteType).find(({ name }) => siteKey(name) === key);
}

function writeIdentity(
  request: SiteRequest,
  existing: ArmResource | undefined,
  site: { readonly id: string; readonly name: string },
  { directory, platform }: WebServices,
): { readonly principalId: string; readonly clientId: string; readonly tenantId: string } | undefined {
  const wanted = request.identity?.type;
  if (wanted === "None") return undefined;
  const principalId = existing?.identity?.principalId;
  const clientId = (existing?.internal as SiteInternal | undefined)?.clientId;
  if (principalId !== undefined && clientId !== undefined) {
    return { principalId, clientId, tenantId: platform.tenantId };
  }
  return wanted === undefined ? undefined : directory.createManagedIdentity(site.id, site.name);
}

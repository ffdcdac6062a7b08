import { requireExisting } from "../../arm/errors.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../../arm/resource-provider.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import { type SiteInternal, siteType } from "../site.ts";
import { webApiVersions } from "./api-versions.ts";
import { sitesOf } from "./plans.ts";
import { groupPath, listedScope, type WebServices } from "./services.ts";
import { siteBody } from "./site-body.ts";
import { writeSite } from "./write-site.ts";

/** Web apps: Linux ones on the stack NODE|24-lts, with a system-assigned identity or none. */
export const siteRow: ServiceTypeRow<WebServices> = {
  type: siteType,
  path: `${groupPath}/Microsoft.Web/sites/{name}`,
  apiVersions: webApiVersions,
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$/,
    rule: "It must have 2 to 60 letters, digits and hyphens, and neither begin nor end with a hyphen.",
  },
  get: (call) => ({ status: 200, body: siteBody(requireExisting(call)) }),
  list: (call, { resources }) => ({
    status: 200,
    body: { value: resources.list(siteType, listedScope(call)).map(siteBody) },
  }),
  put: writeSite,
  patch(call, services) {
    requireExisting(call);
    return writeSite(call, services);
  },
  delete: deleteSite,
  actions: [
    {
      method: "POST",
      suffix: "restart",
      action: "Microsoft.Web/sites/restart/action",
      handler: (call, services) =>
        change(call, services, (site) => {
          const internal = site.internal as SiteInternal;
          return { ...site, internal: { ...internal, restarts: internal.restarts + 1 } };
        }),
    },
    {
      method: "POST",
      suffix: "stop",
      action: "Microsoft.Web/sites/stop/action",
      handler: (call, services) => change(call, services, (site) => enable(site, false)),
    },
    {
      method: "POST",
      suffix: "start",
      action: "Microsoft.Web/sites/start/action",
      handler: (call, services) => change(call, services, (site) => enable(site, true)),
    },
    {
      method: "POST",
      suffix: "publishxml",
      action: "Microsoft.Web/sites/publishxml/action",
      handler: refuseCredentials,
    },
  ],
};

/** Publishing passwords do not exist here, whatever the site's policies say. */
export function refuseCredentials(): never {
  throw new ArmError(
    409,
    "OperationNotSupported",
    "The local cloud has no publishing credentials. Publish to the site's SCM endpoint (hostNameSslStates, type Repository) with an Entra token.",
  );
}

async function change(
  call: ArmCall,
  { resources, platform }: WebServices,
  edit: (site: ArmResource) => ArmResource,
): Promise<ArmAnswer> {
  const site = edit(requireExisting(call));
  await resources.put({ ...site, etag: platform.ids.uuid() });
  return { status: 200 };
}

function enable(site: ArmResource, enabled: boolean): ArmResource {
  return { ...site, properties: { ...site.properties, enabled, state: enabled ? "Running" : "Stopped" } };
}

/** Deletes the site, and its plan when that is left empty: unless `deleteEmptyServerFarm=false` says otherwise. */
async function deleteSite(call: ArmCall, { resources }: WebServices): Promise<ArmAnswer> {
  const { existing } = call;
  if (existing === undefined) return { status: 204 };
  const planId = String(existing.properties.serverFarmId);
  await resources.delete(existing.id);
  const keepPlan = call.query.get("deleteEmptyServerFarm")?.toLowerCase() === "false";
  if (!keepPlan && sitesOf(planId, resources).length === 0) await resources.delete(planId);
  return { status: 200 };
}

import {
  bindRow,
  type ResourceManagerServices,
  type ResourceProvider,
  type ServiceTypeRow,
} from "../../arm/resource-provider.ts";
import { routeNames } from "../../arm/route-table.ts";
import type { Platform } from "../../core/platform.ts";
import type { Directory } from "../../entra/directory.ts";
import { openDeployments } from "../deployments.ts";
import { siteKey, siteType } from "../site.ts";
import { configRow } from "./configs.ts";
import { deploymentStatusRow } from "./deployment-status.ts";
import { nameAvailabilityRow } from "./name-availability.ts";
import { planRow } from "./plans.ts";
import { publishingPolicyRow } from "./publishing-policies.ts";
import type { WebServices } from "./services.ts";
import { releasePorts } from "./site-ports.ts";
import { siteRow } from "./sites.ts";

const rows: readonly ServiceTypeRow<WebServices>[] = [
  planRow,
  siteRow,
  configRow,
  publishingPolicyRow,
  deploymentStatusRow,
  nameAvailabilityRow,
];

/** Every route of Microsoft.Web, as the request log names it. */
export const routes: readonly string[] = routeNames(rows);

/**
 * The types of Microsoft.Web. What belongs to a site alone goes with it, however it is deleted: its identity, its ports
 * and the record of its deployments. Identities whose site a killed cloud lost go at the next start.
 */
export function createWebProvider(
  platform: Platform,
  { resources }: ResourceManagerServices,
  { directory }: { readonly directory: Directory },
): ResourceProvider {
  const deployments = openDeployments(platform.store);
  const services: WebServices = { platform, directory, resources, deployments };
  resources.observe((change) => {
    if (change.kind !== "delete" || change.before.type !== siteType) return;
    const { id, name, identity } = change.before;
    if (identity?.principalId !== undefined) directory.deleteManagedIdentity(identity.principalId);
    deployments.removeAll(siteKey(name));
    releasePorts(platform, id);
  });
  deleteLostIdentities(services);
  return { namespace: "Microsoft.Web", types: rows.map((row) => bindRow(row, services)) };
}

const siteId = /\/providers\/Microsoft\.Web\/sites\/[^/]+$/i;

function deleteLostIdentities({ directory, resources }: WebServices): void {
  for (const { id, servicePrincipalType, alternativeNames = [] } of directory.list("servicePrincipal")) {
    const owner = alternativeNames.find((name) => siteId.test(name));
    if (servicePrincipalType !== "ManagedIdentity" || owner === undefined) continue;
    if (resources.get(owner)?.identity?.principalId !== id) directory.deleteManagedIdentity(id);
  }
}

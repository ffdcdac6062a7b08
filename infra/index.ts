// Resources come from their own files: the package's index would add 0.3 s and 40 MB to every run.
import { getClientConfig } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { DataPlaneGrants } from "./access/data-plane-grants.ts";
import { CosmosAccount } from "./cosmos/account.ts";
import { CosmosStores } from "./cosmos/stores.ts";
import { SitePlan } from "./hosting/plan.ts";
import { Site } from "./hosting/site.ts";
import { SiteSettings } from "./hosting/site-settings.ts";
import { deploymentNames } from "./naming/deployment-names.ts";
import type { StackOutputs } from "./outputs/schema.ts";
import { readProgramSettings } from "./settings/program-settings.ts";
import { currentDay, reminders } from "./settings/reminders.ts";

/** A value of which any part may be known only after deployment. */
type Deferred<Value> =
  | pulumi.Input<Value>
  | (Value extends object ? { readonly [Key in keyof Value]: Deferred<Value[Key]> } : never);

/** The stack outputs. */
export type ProgramOutputs = { readonly [Key in keyof StackOutputs]: Deferred<StackOutputs[Key]> };

/**
 * Declares everything that the stack's settings ask for.
 *
 * @returns the stack outputs.
 * @throws {pulumi.RunError} with every fault of the settings, before anything is registered.
 */
export async function program(): Promise<ProgramOutputs> {
  const settings = readProgramSettings();
  for (const reminder of reminders(settings, currentDay(settings))) await pulumi.log.warn(reminder);
  const { subscriptionId, tenantId, objectId } = await getClientConfig();
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const names = deploymentNames({ project, stack, subscriptionId });
  const { location, environment, allowedAddresses } = settings;
  const tags = { environment, project, stack };
  const protect = settings.dataLoss === "refused";

  const group = new ResourceGroup(
    "group",
    { resourceGroupName: names.resourceGroup, location, tags },
    { protect, deleteBeforeReplace: true },
  );
  const resourceGroupName = group.name;

  const account = new CosmosAccount("account", {
    accountName: names.account,
    resourceGroupName,
    location,
    capacity: settings.capacity,
    backup: settings.backup,
    protect,
    tags,
  });
  const { accountName, accountId, endpoint } = account;
  const stores = new CosmosStores("stores", {
    accountName,
    resourceGroupName,
    databases: settings.databases,
    protect,
  });

  const plan = new SitePlan("plan", { planName: names.plan, resourceGroupName, location, tags });
  const sites = settings.workloads.map((workload) => ({
    workload,
    site: new Site(workload.name, {
      siteName: names.site(workload.name),
      resourceGroupName,
      location,
      planId: plan.planId,
      allowedAddresses,
      tags,
    }),
  }));

  const access = new DataPlaneGrants(
    "grants",
    {
      accountId,
      accountName,
      resourceGroupName,
      roles: settings.roles,
      holders: [
        ...sites.map(({ workload, site }) => ({ ...workload, principalId: site.principalId })),
        ...settings.principals.map(({ name, identity, grants }) => ({
          name,
          principalId: identity === "deployer" ? objectId : identity.objectId,
          grants,
        })),
      ],
    },
    { dependsOn: [stores] },
  );

  for (const { workload, site } of sites) {
    new SiteSettings(
      workload.name,
      { siteName: site.siteName, resourceGroupName, endpoint, containers: stores.declared },
      { dependsOn: [access] },
    );
  }

  return {
    environment,
    subscriptionId,
    tenantId,
    resourceGroup: resourceGroupName,
    account: { name: accountName, id: accountId, endpoint },
    containers: stores.declared.map((container) => ({
      ...container,
      partitionKey: [...container.partitionKey],
    })),
    workloads: Object.fromEntries(
      sites.map(({ workload: { name, host, access: mode }, site }) => [
        name,
        {
          host,
          siteName: site.siteName,
          siteId: site.siteId,
          url: site.url,
          scmUrl: site.scmUrl,
          principalId: site.principalId,
          access: mode,
          callers: [],
        },
      ]),
    ),
    grants: access.grants,
    applications: {},
    identities: {},
    groups: {},
  };
}

// Resources come from their own files: the package's index would add 0.3 s and 40 MB to every run.
import { getClientConfig } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { ClientSecrets } from "./access/client-secrets.ts";
import { DataPlaneGrants } from "./access/data-plane-grants.ts";
import { CosmosAccount } from "./cosmos/account.ts";
import { CosmosStores } from "./cosmos/stores.ts";
import { tokenAuthority } from "./hosting/authority.ts";
import { SitePlan } from "./hosting/plan.ts";
import { Site } from "./hosting/site.ts";
import { SiteSettings } from "./hosting/site-settings.ts";
import { cosmosDelegatedAccess } from "./identity/cosmos-api.ts";
import { Identities } from "./identity/identities.ts";
import { findMembers } from "./identity/security-group.ts";
import { WorkloadApi } from "./identity/workload-api.ts";
import { deploymentNames } from "./naming/deployment-names.ts";
import type { ProgramOutputs } from "./outputs/program-outputs.ts";
import { readProgramSettings } from "./settings/program-settings.ts";
import { currentDay, reminders } from "./settings/reminders.ts";
import { COSMOS_API } from "./settings/schema/identity-schema.ts";
import { holdersOf } from "./settings/settings.ts";

/**
 * Declares everything that the stack's settings ask for.
 *
 * @returns the stack outputs.
 * @throws {pulumi.RunError} with every fault of the settings, before anything is registered.
 */
export async function program(): Promise<ProgramOutputs> {
  const settings = readProgramSettings();
  const today = currentDay(settings);
  for (const reminder of reminders(settings, today)) await pulumi.log.warn(reminder);
  const { subscriptionId, tenantId, objectId: deployerId } = await getClientConfig();
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const names = deploymentNames({ project, stack, subscriptionId });
  const { location, environment, allowedAddresses } = settings;
  const tags = { environment, project, stack };
  const protect = settings.dataLoss === "refused";
  const members = new Map(
    await Promise.all(settings.groups.map(async (group) => [group.name, await findMembers(group)] as const)),
  );
  const callsCosmos = settings.applications.some(({ access }) => access.includes(COSMOS_API));
  const cosmosApi = callsCosmos ? [[COSMOS_API, await cosmosDelegatedAccess()] as const] : [];

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
    api: new WorkloadApi(workload.name, {
      displayName: names.inDirectory(workload.name),
      owners: [deployerId],
      groupsInTokens: workload.callers.some(({ kind }) => kind === "group"),
    }),
  }));
  const migrating = sites.filter(({ workload }) => workload.access === "clientSecret");
  const secrets =
    migrating.length === 0
      ? undefined
      : new ClientSecrets("client-secrets", {
          workloads: migrating.map(({ workload, site }) => ({
            name: workload.name,
            readerId: site.principalId,
          })),
          names,
          resourceGroupName,
          location,
          subscriptionId,
          tenantId,
          deployerId,
          today,
          protect,
          tags,
        });

  const identities = new Identities("identities", {
    settings,
    names,
    resourceGroupName,
    deployerId,
    apis: new Map([
      ...cosmosApi,
      ...sites.map(({ workload, api }) => [workload.name, api.delegatedAccess] as const),
    ]),
    members,
    tags,
  });
  const objectIds = new Map<string, pulumi.Input<string>>([
    ...sites.map(({ workload, site }) => [workload.name, site.principalId] as const),
    ...settings.principals.map(
      ({ name, identity }) => [name, identity === "deployer" ? deployerId : identity.objectId] as const,
    ),
    ...identities.objectIds,
  ]);
  const objectIdOf = (name: string): pulumi.Input<string> => {
    const objectId = objectIds.get(name);
    if (objectId === undefined)
      throw new Error(`${name} is declared nowhere, although the settings were checked`);
    return objectId;
  };

  const access = new DataPlaneGrants(
    "grants",
    {
      accountId,
      accountName,
      resourceGroupName,
      roles: settings.roles,
      holders: holdersOf(settings).map(({ name, grants }) => ({
        name,
        // Whoever still reaches the account by a client secret does so as the secret's registration.
        principalId: secrets?.placed.get(name)?.principalId ?? objectIdOf(name),
        grants,
      })),
    },
    { dependsOn: [stores] },
  );

  const workloads = sites.map(({ workload, site, api }) => {
    const callers = workload.callers.map(({ name, kind }) => ({ name, objectId: objectIdOf(name), kind }));
    const secret = secrets?.placed.get(workload.name);
    new SiteSettings(
      workload.name,
      {
        siteName: site.siteName,
        resourceGroupName,
        endpoint,
        containers: stores.declared,
        tenantId,
        authority: tokenAuthority(process.env),
        policy: { clientId: api.clientId, callers },
        secret,
      },
      { dependsOn: secrets === undefined ? [access] : [access, secrets] },
    );
    const { siteName, siteId, url, scmUrl, principalId } = site;
    return [
      workload.name,
      {
        host: workload.host,
        siteName,
        siteId,
        url,
        scmUrl,
        principalId,
        access: workload.access,
        clientId: api.clientId,
        callers,
        ...(workload.access === "clientSecret" && secret !== undefined
          ? { secret: { ...secret, migrationEnds: workload.migrationEnds } }
          : {}),
      },
    ] as const;
  });

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
    workloads: Object.fromEntries(workloads),
    grants: access.grants,
    applications: identities.applications,
    identities: identities.identities,
    groups: identities.groups,
  };
}

import type { WebSiteManagementClient } from "@azure/arm-appservice";
import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  armScope,
  type HostingCloud,
  location,
  resourceGroup,
  startHostingCloud,
} from "../testing/hosting-cloud.ts";

let hosting: HostingCloud;
let web: WebSiteManagementClient;

beforeAll(async () => {
  hosting = await startHostingCloud();
  web = hosting.web;
});
afterAll(() => hosting.close());

const siteArguments = () => ({ location, serverFarmId: hosting.planId });

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

async function arm(method: string, path: string, body?: unknown, apiVersion = "2025-05-01") {
  const answer = await hosting.https(`${hosting.cloud.origin}${path}?api-version=${apiVersion}`, {
    method,
    headers: {
      authorization: `Bearer ${await hosting.token(armScope)}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(answer.text || "{}") as Record<string, unknown> };
}

const findPrincipal = async (principalId: string | undefined) => {
  const answer = await hosting.https(`${hosting.cloud.origin}/graph/v1.0/servicePrincipals/${principalId}`, {
    headers: {
      authorization: `Bearer ${await hosting.token(`${hosting.cloud.origin}/graph/.default`)}`,
    },
  });
  return answer.status;
};

/** A refusal as the SDK tells it. */
const refused = (code: string, message: unknown, statusCode: number) =>
  expect.objectContaining({ code, message, statusCode });

describe("plans", () => {
  test("are read back, listed, changed and deleted", async () => {
    const created = await web.appServicePlans.createOrUpdate(resourceGroup, "another", {
      location,
      kind: "linux",
      reserved: true,
      sku: { name: "P1v3", capacity: 2 },
      tags: { team: "orders" },
    });
    expect(created).toMatchObject({
      name: "another",
      type: "Microsoft.Web/serverfarms",
      kind: "linux",
      reserved: true,
      status: "Ready",
      provisioningState: "Succeeded",
      numberOfSites: 0,
      sku: { name: "P1v3", tier: "PremiumV3", size: "P1v3", family: "Pv3", capacity: 2 },
      tags: { team: "orders" },
    });
    expect(await web.appServicePlans.get(resourceGroup, "another")).toEqual(created);
    expect((await all(web.appServicePlans.list())).map(({ name }) => name)).toEqual(["another", "plan"]);
    expect((await all(web.appServicePlans.listByResourceGroup(resourceGroup))).length).toBe(2);
    const changed = await web.appServicePlans.update(resourceGroup, "another", {});
    expect(changed.sku?.capacity).toBe(2);
    await web.appServicePlans.delete(resourceGroup, "another");
    await expect(web.appServicePlans.get(resourceGroup, "another")).rejects.toEqual(
      refused("ResourceNotFound", expect.stringContaining("Microsoft.Web/serverfarms/another"), 404),
    );
  });

  test.each<[string, Parameters<WebSiteManagementClient["appServicePlans"]["createOrUpdate"]>[2], string]>([
    [
      "for Windows",
      { location, sku: { name: "B1" } },
      "properties.reserved must be true: the local cloud hosts Linux plans only.",
    ],
    [
      "of an unknown tier, with every fault at once",
      { location, reserved: true, hyperV: true, sku: { name: "X9" } },
      "properties.hyperV is not supported by the local cloud with this value. sku.name: X9 is not one of F1, B1-B3, S1-S3, P1v2-P3v2, P0v3-P3v3, P1mv3-P5mv3, P0v4-P3v4, P1mv4-P5mv4.",
    ],
    [
      "with too many workers",
      { location, reserved: true, sku: { name: "B1", capacity: 4 } },
      "sku.capacity: Basic plans have at most 3 workers.",
    ],
  ])("%s are refused", async (_, plan, message) => {
    await expect(web.appServicePlans.createOrUpdate(resourceGroup, "refused", plan)).rejects.toEqual(
      refused("BadRequest", message, 400),
    );
  });

  test("with sites cannot be deleted, empty ones go with their last site", async () => {
    const plan = await web.appServicePlans.createOrUpdate(resourceGroup, "shared", {
      location,
      reserved: true,
      sku: { name: "B1" },
    });
    for (const name of ["first", "second"]) {
      await web.webApps.createOrUpdate(resourceGroup, name, { location, serverFarmId: plan.id });
    }
    await expect(web.appServicePlans.delete(resourceGroup, "shared")).rejects.toEqual(
      refused(
        "Conflict",
        "Server farm 'shared' cannot be deleted because it has web app(s) first, second assigned to it.",
        409,
      ),
    );
    expect((await all(web.appServicePlans.listWebApps(resourceGroup, "shared"))).length).toBe(2);
    await web.webApps.delete(resourceGroup, "first");
    expect((await web.appServicePlans.get(resourceGroup, "shared")).numberOfSites).toBe(1);
    await web.webApps.delete(resourceGroup, "second");
    await expect(web.appServicePlans.get(resourceGroup, "shared")).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe("sites", () => {
  test("are read back with their hosts, and writing them twice changes nothing", async () => {
    const site = await hosting.site("hosts", { kind: "app,linux", tags: { team: "orders" } });
    const app = new URL(site.url).host;
    const scm = new URL(site.scmUrl).host;
    const shown = await web.webApps.get(resourceGroup, "hosts");
    expect(shown).toMatchObject({
      id: `/subscriptions/${hosting.cloud.subscriptionId}/resourceGroups/hosting/providers/Microsoft.Web/sites/hosts`,
      kind: "app,linux",
      state: "Running",
      enabled: true,
      httpsOnly: true,
      defaultHostName: app,
      hostNames: [app],
      enabledHostNames: [app, scm],
      hostNameSslStates: [
        { name: app, sslState: "Disabled", hostType: "Standard" },
        { name: scm, sslState: "Disabled", hostType: "Repository" },
      ],
      outboundIpAddresses: "127.0.0.1",
      serverFarmId: hosting.planId,
      reserved: true,
      identity: { type: "SystemAssigned", tenantId: hosting.cloud.tenantId },
      tags: { team: "orders" },
    });
    const again = await hosting.site("hosts", { kind: "app,linux", tags: { team: "orders" } });
    expect(again).toEqual(site);
    expect((await all(web.webApps.list())).map(({ name }) => name)).toContain("hosts");
    expect((await all(web.webApps.listByResourceGroup(resourceGroup))).map(({ name }) => name)).toContain(
      "hosts",
    );
  });

  test("have an identity while they want one, and another one after that", async () => {
    const { principalId } = await hosting.site("identity");
    expect(await findPrincipal(principalId)).toBe(200);
    const kept = await web.webApps.update(resourceGroup, "identity", { httpsOnly: false });
    expect([kept.identity?.principalId, kept.httpsOnly]).toEqual([principalId, false]);
    const without = await web.webApps.update(resourceGroup, "identity", { identity: { type: "None" } });
    expect([without.identity, await findPrincipal(principalId)]).toEqual([undefined, 404]);
    const anew = await hosting.site("identity");
    expect(anew.principalId).not.toBe(principalId);
    await web.webApps.delete(resourceGroup, "identity", { deleteEmptyServerFarm: false });
    expect(await findPrincipal(anew.principalId)).toBe(404);
  });

  test("keep what a write does not name", async () => {
    await hosting.site("kept", { siteConfig: { healthCheckPath: "/health", minTlsVersion: "1.3" } });
    await hosting.site("kept", { siteConfig: { alwaysOn: true } });
    expect(await web.webApps.getConfiguration(resourceGroup, "kept")).toMatchObject({
      healthCheckPath: "/health",
      minTlsVersion: "1.3",
      alwaysOn: true,
      linuxFxVersion: "NODE|24-lts",
    });
  });

  test("of a name that is taken elsewhere are refused", async () => {
    await hosting.site("taken");
    await arm(
      "PUT",
      `/subscriptions/${hosting.cloud.subscriptionId}/resourcegroups/elsewhere`,
      { location },
      "2025-04-01",
    );
    await expect(web.webApps.createOrUpdate("elsewhere", "Taken", siteArguments())).rejects.toEqual(
      refused("Conflict", "Website with given name Taken already exists.", 409),
    );
    expect(await web.checkNameAvailability("Taken", "Microsoft.Web/sites")).toEqual({
      nameAvailable: false,
      reason: "AlreadyExists",
      message: "Hostname 'Taken' already exists. Please select a different name.",
    });
    expect(await web.checkNameAvailability("-taken", "Site")).toMatchObject({ reason: "Invalid" });
    expect(await web.checkNameAvailability("free", "Site")).toMatchObject({ nameAvailable: true });
  });

  test.each<[string, Record<string, unknown>, number, string, string]>([
    [
      "without a plan",
      { serverFarmId: undefined },
      400,
      "BadRequest",
      "properties.serverFarmId is missing: it is the resource id of the site's App Service plan.",
    ],
    [
      "on a plan that is not there",
      { serverFarmId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/serverfarms/none" },
      404,
      "NotFound",
      "Cannot find ServerFarm with name none.",
    ],
    [
      "in another region than the plan",
      { location: "northeurope" },
      400,
      "BadRequest",
      "The site's location northeurope is not that of its plan plan, westeurope.",
    ],
    [
      "of another kind",
      { kind: "functionapp,linux" },
      400,
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized: 'kind: the local cloud hosts web apps of the kind app,linux only'.",
    ],
    [
      "with another identity",
      { identity: { type: "UserAssigned" } },
      400,
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized: 'identity.type: the local cloud has identities of the type SystemAssigned only (or None)'.",
    ],
    [
      "on another stack",
      { siteConfig: { linuxFxVersion: "PYTHON|3.13" } },
      400,
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized: 'properties.siteConfig.linuxFxVersion: the local cloud runs the stack NODE|24-lts only'.",
    ],
    [
      "with settings that are none",
      {
        siteConfig: {
          appSettings: [
            { name: "A-B", value: "1" },
            { name: "1", value: "1" },
          ],
        },
      },
      400,
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized: 'properties.siteConfig.appSettings.0.name: the name of an app setting has letters, digits, periods and underscores only and does not begin with a digit; properties.siteConfig.appSettings.1.name: the name of an app setting has letters, digits, periods and underscores only and does not begin with a digit'.",
    ],
    [
      "with a setting twice",
      {
        siteConfig: {
          appSettings: [
            { name: "A", value: "1" },
            { name: "A", value: "2" },
          ],
        },
      },
      400,
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized: 'properties.siteConfig.appSettings: a name appears twice'.",
    ],
    [
      "with an access rule that is none",
      {
        siteConfig: {
          ipSecurityRestrictions: [
            { ipAddress: "10.0.0.0/40" },
            { ipAddress: "AzureCloud", tag: "ServiceTag" },
          ],
        },
      },
      400,
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized: 'properties.siteConfig.ipSecurityRestrictions.0: ipAddress '10.0.0.0/40' is not an address, nor up to eight CIDR ranges; properties.siteConfig.ipSecurityRestrictions.1: the tag ServiceTag is not supported by the local cloud'.",
    ],
    [
      "with what nothing here does",
      { clientCertEnabled: true, siteConfig: { webSocketsEnabled: true } },
      400,
      "BadRequest",
      "properties.clientCertEnabled is not supported by the local cloud with this value. siteConfig.webSocketsEnabled is not supported by the local cloud with this value.",
    ],
  ])("%s are refused", async (_, change, statusCode, code, message) => {
    const site = { ...siteArguments(), ...change };
    await expect(web.webApps.createOrUpdate(resourceGroup, "refused", site)).rejects.toEqual(
      refused(code, message, statusCode),
    );
    await expect(web.webApps.get(resourceGroup, "refused")).rejects.toMatchObject({ statusCode: 404 });
  });

  test.each(["a", "-ab", "ab-", "a_b", "x".repeat(61)])("of the name %s are refused", async (name) => {
    await expect(web.webApps.createOrUpdate(resourceGroup, name, siteArguments())).rejects.toEqual(
      refused("InvalidResourceName", expect.stringContaining(name), 400),
    );
  });
});

describe("configuration", () => {
  beforeAll(() => hosting.site("configured", { siteConfig: { appSettings: [{ name: "OLD", value: "1" }] } }));

  test("of app settings replaces the whole set, and only a list shows their values", async () => {
    const properties = { NEW: "secret value", "With.Period": "2" };
    const written = await web.webApps.updateApplicationSettings(resourceGroup, "configured", { properties });
    expect(written).toMatchObject({ name: "appsettings", type: "Microsoft.Web/sites/config", properties });
    const listed = await web.webApps.listApplicationSettings(resourceGroup, "configured");
    expect(listed.properties).toEqual(properties);
    const { body } = await arm("GET", `${siteId("configured")}`);
    const config = await arm("GET", `${siteId("configured")}/config/web`);
    expect(JSON.stringify([body, config.body])).not.toContain("secret value");
    expect(await arm("GET", `${siteId("configured")}/config/appsettings`)).toMatchObject({
      status: 405,
      body: { error: { code: "MethodNotAllowed" } },
    });
    await web.webApps.updateApplicationSettings(resourceGroup, "configured", { properties: {} });
    expect((await web.webApps.listApplicationSettings(resourceGroup, "configured")).properties).toEqual({});
  });

  test("of connection strings and metadata likewise", async () => {
    const properties = { db: { value: "Server=x", type: "SQLAzure" as const } };
    await web.webApps.updateConnectionStrings(resourceGroup, "configured", { properties });
    const strings = await web.webApps.listConnectionStrings(resourceGroup, "configured");
    expect(strings.properties).toEqual(properties);
    await web.webApps.updateMetadata(resourceGroup, "configured", { properties: { CURRENT_STACK: "node" } });
    const metadata = await web.webApps.listMetadata(resourceGroup, "configured");
    expect(metadata.properties).toEqual({ CURRENT_STACK: "node" });
    expect(
      await arm("PUT", `${siteId("configured")}/config/connectionstrings`, {
        properties: { db: { value: "x", type: "Oracle" } },
      }),
    ).toMatchObject({
      status: 400,
      body: { error: { code: "InvalidRequestContent", message: expect.stringContaining("db.type") } },
    });
  });

  test("of the site itself is written whole or in part", async () => {
    const put = await web.webApps.createOrUpdateConfiguration(resourceGroup, "configured", {
      alwaysOn: true,
      ipSecurityRestrictions: [
        { ipAddress: "10.0.0.1", priority: 200 },
        { ipAddress: "Any", action: "Deny", priority: 2_147_483_647, name: "Deny all" },
      ],
    });
    expect(put.ipSecurityRestrictions?.map(({ ipAddress, action }) => [ipAddress, action])).toEqual([
      ["10.0.0.1/32", "Allow"],
      ["Any", "Deny"],
    ]);
    const patched = await web.webApps.updateConfiguration(resourceGroup, "configured", {
      ftpsState: "Disabled",
    });
    expect(patched).toMatchObject({ alwaysOn: true, ftpsState: "Disabled", numberOfWorkers: 1 });
    expect(patched.appSettings ?? null).toBeNull();
    expect((await all(web.webApps.listConfigurations(resourceGroup, "configured"))).length).toBe(1);
    const slots = await web.webApps.listSlotConfigurationNames(resourceGroup, "configured");
    expect(slots.appSettingNames ?? null).toBeNull();
  });

  test("that nothing here has is refused by name", async () => {
    expect(await arm("PUT", `${siteId("configured")}/config/logs`, { properties: {} })).toMatchObject({
      status: 400,
      body: {
        error: {
          code: "OperationNotSupported",
          message:
            "The local cloud does not support PUT of the site configuration 'logs'. It has web, appsettings, connectionstrings, metadata.",
        },
      },
    });
    await expect(web.webApps.listPublishingCredentials(resourceGroup, "configured")).rejects.toEqual(
      refused("OperationNotSupported", expect.stringContaining("no publishing credentials"), 409),
    );
    await expect(
      web.webApps.listPublishingProfileXmlWithSecrets(resourceGroup, "configured", {}),
    ).rejects.toMatchObject({ statusCode: 409 });
    await expect(web.webApps.getConfiguration(resourceGroup, "nowhere")).rejects.toEqual(
      refused("ParentResourceNotFound", expect.stringContaining("nowhere"), 404),
    );
  });

  test("of publishing policies is kept", async () => {
    const { webApps } = web;
    const read = async () => [
      (await webApps.getFtpAllowed(resourceGroup, "configured")).allow,
      (await webApps.getScmAllowed(resourceGroup, "configured")).allow,
    ];
    expect(await read()).toEqual([true, true]);
    await webApps.updateFtpAllowed(resourceGroup, "configured", { allow: false });
    await webApps.updateScmAllowed(resourceGroup, "configured", { allow: false });
    expect(await read()).toEqual([false, false]);
    const listed = await all(webApps.listBasicPublishingCredentialsPolicies(resourceGroup, "configured"));
    expect(listed.map(({ name, allow }) => [name, allow])).toEqual([
      ["ftp", false],
      ["scm", false],
    ]);
    expect(await arm("GET", `${siteId("configured")}/basicPublishingCredentialsPolicies/git`)).toMatchObject({
      status: 404,
    });
  });
});

const siteId = (name: string) =>
  `/subscriptions/${hosting.cloud.subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${name}`;

test("versions of others than the plugin, the SDK and the az CLI are refused with the list of ours", async () => {
  await hosting.site("versions");
  for (const version of ["2025-05-01", "2024-11-01", "2023-12-01"]) {
    expect((await arm("GET", siteId("versions"), undefined, version)).status).toBe(200);
  }
  expect(await arm("GET", siteId("versions"), undefined, "2015-08-01")).toMatchObject({
    status: 400,
    body: { error: { code: "NoRegisteredProviderFound" } },
  });
});

test("whatever can be read can be asked for its existence", async () => {
  const { subscriptionId, origin } = hosting.cloud;
  await hosting.site("exists");
  const resources = new ResourceManagementClient(hosting.cloud.credential(), subscriptionId, {
    endpoint: origin,
  }).resources;
  const exists = async (id: string) => (await resources.checkExistenceById(id, "2025-05-01")).body;
  for (const [id, expected] of [
    [hosting.planId, true],
    [siteId("exists"), true],
    [siteId("absent"), false],
    [`${siteId("exists")}/config/web`, true],
    [`${siteId("exists")}/basicPublishingCredentialsPolicies/scm`, true],
    [`${siteId("exists")}/deploymentStatus/latest`, false],
  ] as const) {
    expect([id, await exists(id)]).toEqual([id, expected]);
  }
});

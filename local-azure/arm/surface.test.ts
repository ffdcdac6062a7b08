import { ResourceManagementClient } from "@azure/arm-resources";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startResourceManager, type TestResourceManager } from "./testing/resource-manager.ts";

let rm: TestResourceManager;
let resources: ResourceManagementClient;
let subscriptions: SubscriptionClient;

beforeAll(async () => {
  rm = await startResourceManager();
  const { subscriptionId } = rm.platform;
  resources = new ResourceManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  subscriptions = new SubscriptionClient(rm.credential(), rm.clientOptions);
});

afterAll(() => rm.close());

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

describe("metadata", () => {
  test("of 2022-09-01 is one object whose endpoints clients can join paths to", async () => {
    const { origin } = rm.platform;
    const { body } = await rm.request("GET", "/metadata/endpoints?api-version=2022-09-01", { token: null });
    const audiences = [
      "https://management.core.windows.net/",
      "https://management.core.windows.net",
      "https://management.azure.com/",
      "https://management.azure.com",
      `${origin}/`,
      origin,
    ];
    expect(body).toEqual({
      name: "LocalAzure",
      portal: origin,
      authentication: { loginEndpoint: origin, audiences, tenant: "common", identityProvider: "AAD" },
      resourceManager: origin,
      microsoftGraphResourceId: `${origin}/graph`,
      graph: `${origin}/graph`,
      graphAudience: `${origin}/graph`,
      suffixes: { keyVaultDns: "vault.localhost" },
    });
    for (const audience of audiences) {
      const token = rm.token(undefined, audience);
      const { status } = await rm.request("GET", "/subscriptions?api-version=2022-12-01", { token });
      expect([audience, status]).toEqual([audience, 200]);
    }
  });

  test("of older versions is a list", async () => {
    const { body } = await rm.request("GET", "/metadata/endpoints?api-version=2019-05-01", { token: null });
    expect(body).toEqual([expect.objectContaining({ name: "LocalAzure" })]);
  });
});

describe("subscriptions", () => {
  test("the SDK reads the subscription, its tenant and locations", async () => {
    const { subscriptionId, tenantId } = rm.platform;
    expect(await all(subscriptions.subscriptions.list())).toMatchObject([
      { subscriptionId, tenantId, displayName: "Local Azure", state: "Enabled" },
    ]);
    expect(await subscriptions.subscriptions.get(subscriptionId)).toMatchObject({ subscriptionId, tenantId });
    expect(await all(subscriptions.tenants.list())).toMatchObject([{ tenantId, tenantType: "AAD" }]);
    expect(await all(subscriptions.subscriptions.listLocations(subscriptionId))).toContainEqual(
      expect.objectContaining({ name: "westeurope", displayName: "West Europe" }),
    );
  });

  test("a principal without any role sees none and may not read one", async () => {
    const stranger = rm.createPrincipal("stranger");
    const client = new SubscriptionClient(rm.credential(stranger), rm.clientOptions);
    expect(await all(client.subscriptions.list())).toEqual([]);
    await expect(client.subscriptions.get(rm.platform.subscriptionId)).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthorizationFailed",
    });
  });
});

describe("providers", () => {
  test("are registered and list types with their api-versions", async () => {
    const provider = await resources.providers.get("microsoft.documentdb");
    expect(provider).toMatchObject({ namespace: "Microsoft.DocumentDB", registrationState: "Registered" });
    expect(provider.resourceTypes).toContainEqual(
      expect.objectContaining({
        resourceType: "databaseAccounts",
        apiVersions: expect.arrayContaining(["2025-10-15", "2026-03-15"]),
        locations: expect.arrayContaining(["West Europe"]),
      }),
    );
    const names = (await all(resources.providers.list())).map(({ namespace }) => namespace);
    expect(names).toEqual(["Microsoft.DocumentDB", "Microsoft.Authorization", "Microsoft.Resources"]);
    expect(await resources.providers.register("Microsoft.DocumentDB")).toMatchObject({
      registrationState: "Registered",
    });
    expect((await all(resources.providers.listAtTenantScope())).length).toBe(3);
    expect(await resources.providers.getAtTenantScope("Microsoft.DocumentDB")).toMatchObject({
      namespace: "Microsoft.DocumentDB",
    });
  });
});

describe("resource groups", () => {
  test("are created, read under either spelling, changed, listed and deleted with what they hold", async () => {
    const { resourceGroups } = resources;
    const created = await resourceGroups.createOrUpdate("Shop-rg", {
      location: "West Europe",
      tags: { team: "orders" },
    });
    expect(created).toMatchObject({
      id: `${rm.subscription}/resourceGroups/Shop-rg`,
      name: "Shop-rg",
      type: "Microsoft.Resources/resourceGroups",
      location: "westeurope",
      tags: { team: "orders" },
      properties: { provisioningState: "Succeeded" },
    });
    for (const spelling of ["resourceGroups/shop-RG", "resourcegroups/Shop-rg"]) {
      const { body } = await rm.request("GET", `${rm.subscription}/${spelling}?api-version=2020-10-01`);
      expect(body).toMatchObject({ id: created.id });
    }
    expect(await resourceGroups.get("shop-rg")).toEqual(created);
    expect(await resourceGroups.checkExistence("Shop-rg")).toMatchObject({ body: true });
    expect(await resourceGroups.checkExistence("other")).toMatchObject({ body: false });
    expect(await resourceGroups.update("shop-rg", { tags: { team: "shop" } })).toMatchObject({
      name: "Shop-rg",
      tags: { team: "shop" },
    });
    expect((await all(resourceGroups.list())).map(({ name }) => name)).toEqual(["Shop-rg"]);

    const account = `${created.id}/providers/Microsoft.DocumentDB/databaseAccounts/shop-account`;
    await resources.resources.createOrUpdateById(account, "2025-10-15", {
      location: "westeurope",
      properties: { databaseAccountOfferType: "Standard", locations: [{ locationName: "westeurope" }] },
    });
    const listed = {
      id: account,
      name: "shop-account",
      type: "Microsoft.DocumentDB/databaseAccounts",
      location: "West Europe",
    };
    const filter = "resourceType eq 'Microsoft.DocumentDB/databaseAccounts' and location eq 'westeurope'";
    expect(await all(resources.resources.list({ filter }))).toMatchObject([listed]);
    expect(await all(resources.resources.list({ filter: "name eq 'other'" }))).toEqual([]);
    expect(await all(resources.resources.listByResourceGroup("shop-rg"))).toMatchObject([listed]);
    expect(await resources.resources.getById(account, "2025-10-15")).toMatchObject({ id: account });
    // The SDK leaves an empty segment where the parent path is empty.
    expect(
      await resources.resources.get(
        "shop-rg",
        "Microsoft.DocumentDB",
        "",
        "databaseAccounts",
        "shop-account",
        "2025-10-15",
      ),
    ).toMatchObject({ id: account });

    await resourceGroups.delete("shop-rg");
    expect(rm.resources.listBelow(rm.subscription).map(({ id }) => id)).toEqual([
      expect.stringContaining("/roleAssignments/"),
    ]);
    expect(rm.platform.ports.find(account)).toBeUndefined();
  });

  test("are changed on condition of the ETag that a read gave", async () => {
    const path = `${rm.subscription}/resourceGroups/conditional?api-version=2024-03-01`;
    const write = (headers: Record<string, string>) =>
      rm.request("PUT", path, { body: { location: "westeurope" }, headers });
    expect((await write({ "If-None-Match": "*" })).status).toBe(201);
    const etag = (await rm.request("GET", path)).headers.get("etag") ?? "";
    expect((await write({ "If-Match": etag })).status).toBe(200);
    expect(await write({ "If-Match": etag })).toMatchObject({
      status: 412,
      body: {
        error: {
          code: "PreconditionFailed",
          message: `The specified precondition 'If-Match = ${etag}' failed.`,
        },
      },
    });
    expect(await write({ "If-None-Match": "*" })).toMatchObject({
      status: 412,
      body: {
        error: {
          code: "PreconditionFailed",
          message: "The specified precondition 'If-None-Match = *' failed.",
        },
      },
    });
    await resources.resourceGroups.delete("conditional");
  });
});

test("answers carry request ids and keep the caller's correlation id, as the log does", async () => {
  const correlation = "0c3a1a4e-0f44-4a58-9a0f-2b7c3b1d6a10";
  const { headers } = await rm.request("GET", "/tenants?api-version=2022-12-01", {
    headers: { "x-ms-correlation-request-id": correlation },
  });
  expect(headers.get("x-ms-correlation-request-id")).toBe(correlation);
  expect(headers.get("x-ms-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(rm.requests.find(({ correlationId }) => correlationId === correlation)).toMatchObject({
    surface: "arm",
    route: "GET /tenants",
    status: 200,
    principalId: rm.entra.deployer.principalId,
  });
});

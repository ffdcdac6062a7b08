import { describe, expect, test } from "@jest/globals";
import type { Request } from "../../provider/provider.ts";
import type { Values } from "../../provider/values.ts";
import {
  account,
  accountId,
  databaseAccount,
  group,
  messageOf,
  request,
  site,
  siteId,
  useProvider,
} from "../../testing/provider-harness.ts";

const harness = useProvider();

const update = (request: Request, oldInputs: Values, newInputs: Values) =>
  harness.provider.update(request, "", { inputs: oldInputs, outputs: {} }, newInputs);

describe("update", () => {
  test("puts all new inputs and reads back, without a probe", async () => {
    await harness.provider.create(databaseAccount, account);
    harness.arm.requests.length = 0;
    const live = await update(databaseAccount, account, {
      ...account,
      disableLocalAuth: true,
    });
    expect(harness.sent().map((line) => line.split(" ")[0])).toEqual(["PUT", "GET"]);
    expect(live.outputs.disableLocalAuth).toBe(true);
  });

  test("an identity that was removed is sent as null, with PATCH", async () => {
    const identity = (...ids: string[]) => ({
      identity: { type: "UserAssigned", userAssignedIdentities: ids },
    });
    await update(
      site,
      { name: "site", resourceGroupName: "rg", ...identity("/a", "/b") },
      { name: "site", resourceGroupName: "rg", ...identity("/b") },
    );
    const [write] = harness.arm.requests.filter(({ path }) => path === siteId);
    expect(write?.method).toBe("PATCH");
    expect(write?.body).toEqual({
      identity: { type: "UserAssigned", userAssignedIdentities: { "/a": null, "/b": {} } },
    });
  });

  test("a collection that the program does not manage is sent back as it is", async () => {
    const inputs = {
      resourceGroupName: "rg",
      virtualNetworkName: "vnet",
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    };
    const path = `${group}/providers/Microsoft.Network/virtualNetworks/vnet`;
    const subnets = [{ name: "made-elsewhere", properties: { addressPrefix: "10.0.0.0/24" } }];
    harness.arm.resources.set(path.toLowerCase(), { id: path, properties: { subnets } });
    await update(request("network:VirtualNetwork"), inputs, inputs);
    expect(harness.arm.requests.find(({ method }) => method === "PUT")?.body).toEqual({
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets },
    });
  });

  test("a rule set that was removed from the inputs is reset", async () => {
    const before = {
      resourceGroupName: "rg",
      accountName: "store",
      kind: "StorageV2",
      networkRuleSet: { defaultAction: "Deny" },
    };
    const { networkRuleSet: _, ...after } = before;
    await update(request("storage:StorageAccount"), before, after);
    expect(harness.arm.requests.find(({ method }) => method === "PUT")?.body).toMatchObject({
      properties: {
        networkAcls: {
          bypass: "AzureServices",
          defaultAction: "Allow",
          ipRules: [],
          virtualNetworkRules: [],
        },
      },
    });
  });
});

describe("read", () => {
  test("a refresh takes over what drifted, and nothing that the service added", async () => {
    const { outputs } = await harness.provider.create(databaseAccount, account);
    const key = accountId.toLowerCase();
    const stored = harness.arm.resources.get(key) ?? {};
    const properties = stored.properties as Record<string, unknown>;
    harness.arm.resources.set(key, {
      ...stored,
      tags: { drifted: "yes" },
      properties: { ...properties, documentEndpoint: "https://a/" },
    });
    const found = await harness.provider.read(databaseAccount, accountId, { inputs: account, outputs });
    expect(found?.inputs).toEqual({ ...account, tags: { drifted: "yes" } });
    expect(found?.outputs).toMatchObject({ documentEndpoint: "https://a/", tags: { drifted: "yes" } });
  });

  test("an import finds its inputs in the id and the response", async () => {
    await harness.provider.create(databaseAccount, account);
    const found = await harness.provider.read(databaseAccount, accountId, undefined);
    expect(found).toMatchObject({ id: accountId, inputs: account });
  });

  test.each([
    ["404", 404, "ResourceNotFound"],
    ["a code that says so", 403, "SubscriptionNotFound"],
    ["another", 400, "RoleAssignmentNotFound"],
  ])("a resource that is gone: %s", async (_, status, code) => {
    harness.arm.script.push({ method: "GET", path: "acct", status, body: { error: { code, message: "m" } } });
    expect(
      await harness.provider.read(databaseAccount, accountId, { inputs: account, outputs: {} }),
    ).toBeUndefined();
  });

  test("an id of another type is refused", async () => {
    expect(await messageOf(harness.provider.read(databaseAccount, siteId, undefined))).toContain(
      `failed to parse '${siteId}' against the path`,
    );
  });
});

describe("delete", () => {
  test.each([200, 204, 404])("%i is success", async (status) => {
    harness.arm.script.push({ method: "DELETE", path: "acct", status });
    await harness.provider.delete(databaseAccount, accountId);
    expect(harness.sent()).toHaveLength(1);
  });

  test("a site keeps its plan", async () => {
    await harness.provider.delete(site, siteId);
    expect(harness.sent()).toEqual([
      `DELETE /providers/Microsoft.Web/sites/site?api-version=2025-05-01&deleteEmptyServerFarm=false`,
    ]);
  });

  test.each([
    ["web:WebAppApplicationSettings", "config/appsettings", { properties: {} }],
    ["web:WebAppFtpAllowed", "basicPublishingCredentialsPolicies/ftp", { properties: { allow: true } }],
  ])("%s gets its default body back", async (type, path, body) => {
    await harness.provider.delete(request(type), `${siteId}/${path}`);
    expect(harness.arm.requests.at(-1)).toMatchObject({ method: "PUT", path: `${siteId}/${path}`, body });
  });

  test("a refusal is shown", async () => {
    harness.arm.script.push({
      method: "DELETE",
      path: "acct",
      status: 409,
      body: { error: { code: "ScopeLocked", message: "locked" } },
    });
    expect(await messageOf(harness.provider.delete(databaseAccount, accountId))).toBe(
      'Status=409 Code="ScopeLocked" Message="locked"',
    );
  });
});

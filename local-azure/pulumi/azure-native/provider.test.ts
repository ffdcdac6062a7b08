import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  clientId,
  type LoopbackArm,
  objectId,
  startLoopbackArm,
  subscriptionId,
  tenantId,
} from "../testing/loopback-arm.ts";
import { PartialFailure } from "./operations/context.ts";
import { AzureNativeProvider, type Host } from "./provider.ts";
import type { Values } from "./values.ts";

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
const accountId = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/acct`;
const siteId = `${group}/providers/Microsoft.Web/sites/site`;
const account: Values = {
  resourceGroupName: "rg",
  accountName: "acct",
  databaseAccountOfferType: "Standard",
  locations: [{ locationName: "westeurope" }],
};

let arm: LoopbackArm;
let provider: AzureNativeProvider;
/** What the provider waited, in milliseconds; no time passes. */
let waits: number[];
let warnings: string[];

beforeAll(async () => {
  arm = await startLoopbackArm();
  setDefaultCACertificates([...getCACertificates("default"), arm.caCertificatePem]);
});
afterAll(async () => {
  await arm.close();
});

function host(change: Partial<Host> = {}): Host {
  return {
    environment: arm.environment,
    readFile: () => "",
    nowMs: () => 0,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    version: "3.28.0",
    warn: (message) => warnings.push(message),
    ...change,
  };
}

beforeEach(async () => {
  waits = [];
  warnings = [];
  provider = new AzureNativeProvider(host());
  await provider.configure(new Map());
});
afterEach(() => {
  arm.requests.length = 0;
  arm.resources.clear();
  arm.script.length = 0;
});

const request = (type: string, timeout = 0) => ({
  token: `azure-native:${type}`,
  urn: `urn:${type}`,
  timeout,
});
const databaseAccount = request("cosmosdb:DatabaseAccount");
const site = request("web:WebApp");

function sent(): string[] {
  return arm.requests
    .filter(({ path }) => path.startsWith("/subscriptions"))
    .map(({ method, path, query }) => `${method} ${path.replace(group, "")}?${query}`);
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error as Error).message,
  );
}

describe("create", () => {
  test("probes, puts with a token, polls a 201 that tells no state, reads back, and answers declared outputs under the id of the response", async () => {
    const live = await provider.create(databaseAccount, account);
    expect(sent()).toEqual(
      ["GET", "PUT", "GET", "GET"].map(
        (method) => `${method} /providers/Microsoft.DocumentDB/databaseAccounts/acct?api-version=2025-10-15`,
      ),
    );
    const [token, , put] = arm.requests;
    expect(token?.body).toEqual({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: "not-a-real-secret",
      scope: `${arm.origin}//.default`,
    });
    expect(put?.authorization).toMatch(/^Bearer /);
    expect(put?.body).toEqual({
      properties: { databaseAccountOfferType: "Standard", locations: [{ locationName: "westeurope" }] },
    });
    expect(live).toEqual({
      id: accountId,
      outputs: {
        id: accountId,
        name: "acct",
        type: "Microsoft.DocumentDB/databaseAccounts",
        databaseAccountOfferType: "Standard",
        locations: [{ locationName: "westeurope" }],
        azureApiVersion: "2025-10-15",
      },
    });
  });

  test("refuses what already exists, and what cannot be told", async () => {
    await provider.create(databaseAccount, account);
    expect(await messageOf(provider.create(databaseAccount, account))).toBe(
      `cannot create already existing resource '${accountId}'`,
    );
    arm.script.push({
      method: "GET",
      path: "acct",
      status: 403,
      body: { error: { code: "AuthorizationFailed" } },
    });
    expect(await messageOf(provider.create(databaseAccount, account))).toBe(
      `cannot check existence of resource '${accountId}': status code 403, {"error":{"code":"AuthorizationFailed"}}`,
    );
  });

  test.each<[string, object, Readonly<Record<string, string>>, string]>([
    [
      "code and message",
      { error: { code: "ScopeLocked", message: "It is locked." } },
      {},
      'Status=409 Code="ScopeLocked" Message="It is locked."',
    ],
    ["no error object", { oh: "no" }, {}, 'Status=409 Message="{"oh":"no"}"'],
    [
      "a code in the header",
      { error: { code: "B", message: "m" } },
      { "x-ms-error-code": "A" },
      'Status=409 Code="A" Message="m"',
    ],
  ])("shows a refusal as users know it: %s", async (_, body, headers, message) => {
    arm.script.push({ method: "PUT", path: "acct", status: 409, body, headers });
    expect(await messageOf(provider.create(databaseAccount, account))).toBe(message);
    expect(waits).toEqual([]);
  });

  test("sends unset collections that can be resources of their own as empty", async () => {
    await provider.create(request("network:VirtualNetwork"), {
      resourceGroupName: "rg",
      virtualNetworkName: "vnet",
    });
    expect(arm.requests.find(({ method }) => method === "PUT")?.body).toEqual({
      properties: { subnets: [], virtualNetworkPeerings: [] },
    });
  });

  test("a resource that exists with its parent is written over, and read with POST", async () => {
    arm.resources.set(`${siteId}/config/appsettings`.toLowerCase(), { properties: {} });
    await provider.create(request("web:WebAppApplicationSettings"), {
      resourceGroupName: "rg",
      name: "site",
      properties: { A: "1" },
    });
    const path = "/providers/Microsoft.Web/sites/site/config/appsettings";
    expect(sent()).toEqual([
      `POST ${path}/list?api-version=2025-05-01`,
      `PUT ${path}?api-version=2025-05-01`,
      `POST ${path}/list?api-version=2025-05-01`,
    ]);
  });

  test("a site is read with its configuration, without a redacted user name", async () => {
    arm.resources.set(`${siteId}/config/web`.toLowerCase(), {
      properties: { http20Enabled: true, publishingUsername: "REDACTED" },
    });
    const live = await provider.create(site, { resourceGroupName: "rg", name: "site" });
    expect(live.outputs.siteConfig).toEqual({ http20Enabled: true });
  });

  test("when reading back fails, the answer to PUT stands and the user is told", async () => {
    const id = `${accountId}-2`;
    arm.script.push(
      { method: "GET", path: "acct-2", status: 404 },
      { method: "GET", path: "acct-2", status: 200, body: { id, name: "acct-2" } },
      {
        method: "GET",
        path: "acct-2",
        status: 403,
        body: { error: { code: "AuthorizationFailed", message: "no" } },
      },
    );
    const live = await provider.create(databaseAccount, { ...account, accountName: "acct-2" });
    expect(live.id).toBe(id);
    expect(live.outputs.name).toBe("acct-2");
    expect(warnings).toEqual([
      'Failed to read resource after Update. Status=403 Code="AuthorizationFailed" Message="no"',
    ]);
  });
});

describe("long-running operations", () => {
  const accepted = {
    method: "PUT",
    path: "acct",
    status: 201,
    store: true,
    body: { properties: { provisioningState: "Creating" } },
  };
  const poll = (status: string, headers = {}, error?: object) => ({
    method: "GET",
    path: "/operations/1",
    status: 200,
    headers,
    body: { status, ...(error === undefined ? {} : { error }) },
  });
  const asyncHeader = { "azure-asyncoperation": `{origin}/subscriptions/${subscriptionId}/operations/1` };

  test("by Azure-AsyncOperation: polled as told, then the resource is read", async () => {
    arm.script.push(
      { ...accepted, headers: { ...asyncHeader, "retry-after": "2" } },
      poll("InProgress"),
      poll("InProgress", { "retry-after-ms": "40" }),
      poll("Succeeded"),
    );
    const live = await provider.create(databaseAccount, account);
    expect(live.id).toBe(accountId);
    expect(waits).toEqual([2_000, 10_000, 40]);
    expect(sent().map((line) => line.split("?")[0]?.split("/")[0])).toEqual([
      "GET ",
      "PUT ",
      "GET ",
      "GET ",
      "GET ",
      "GET ",
      "GET ",
    ]);
  });

  test("by Location: 202 means wait; a relative one is completed", async () => {
    const location = `/subscriptions/${subscriptionId}/results/1`;
    arm.script.push(
      { ...accepted, status: 202, headers: { location } },
      { method: "GET", path: "/results/1", status: 202 },
      { method: "GET", path: "/results/1", status: 200, body: { id: accountId, name: "acct" } },
    );
    await provider.create(databaseAccount, account);
    expect(waits).toEqual([10_000]);
    expect(sent().filter((line) => line.includes("results"))).toEqual(
      Array.from({ length: 2 }, () => `GET ${location}?api-version=2025-10-15`),
    );
  });

  test("by the body: until provisioningState has ended", async () => {
    const state = (provisioningState: string) => ({
      method: "GET",
      path: "acct",
      status: 200,
      body: { id: accountId, properties: { provisioningState } },
    });
    arm.script.push(
      { method: "GET", path: "acct", status: 404 },
      { ...accepted },
      state("Creating"),
      state("Succeeded"),
    );
    await provider.create(databaseAccount, account);
    expect(waits).toEqual([10_000]);
  });

  test("one that fails keeps the state of what exists", async () => {
    arm.script.push(
      { ...accepted, headers: asyncHeader },
      poll("Failed", {}, { code: "ServiceUnavailable", message: "No capacity." }),
    );
    const error: unknown = await provider.create(databaseAccount, account).catch((caught: unknown) => caught);
    if (!(error instanceof PartialFailure)) throw new Error(`no PartialFailure, but ${error}`);
    expect(error.message).toBe('Status=200 Code="ServiceUnavailable" Message="No capacity."');
    expect(error.id).toBe(accountId);
    expect(error.inputs).toEqual(account);
    expect(error.outputs).toMatchObject({ id: accountId, databaseAccountOfferType: "Standard" });
  });

  test("one whose resource is gone again fails plainly", async () => {
    arm.script.push(
      { ...accepted, store: false, headers: asyncHeader },
      poll("Canceled", {}, { code: "OperationPreempted", message: "Preempted." }),
    );
    expect(await messageOf(provider.create(databaseAccount, account))).toBe(
      'Status=200 Code="OperationPreempted" Message="Preempted."',
    );
  });

  test.each([
    [
      "that names another machine",
      { "azure-asyncoperation": "https://example.com/op" },
      "the resource manager URL is 'https://example.com/op'",
    ],
    ["without a status", asyncHeader, "answered without a status"],
  ])("an operation %s is an error", async (_, headers, message) => {
    arm.script.push(
      { ...accepted, headers },
      { method: "GET", path: "/operations/1", status: 200, body: {} },
    );
    expect(await messageOf(provider.create(databaseAccount, account))).toContain(message);
  });

  test("deletion is polled every 30 seconds, and a resource that is gone meanwhile is no error", async () => {
    arm.script.push(
      {
        method: "DELETE",
        path: "acct",
        status: 202,
        headers: { location: `{origin}/subscriptions/${subscriptionId}/results/1` },
      },
      { method: "GET", path: "/results/1", status: 202 },
      { method: "GET", path: "/results/1", status: 404, body: { error: { code: "ResourceNotFound" } } },
    );
    await provider.delete(databaseAccount, accountId);
    expect(waits).toEqual([30_000]);
  });

  test("a time limit ends the wait with the official words", async () => {
    const impatient = new AzureNativeProvider(
      host({
        sleep: (_, signal) =>
          new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      }),
    );
    await impatient.configure(new Map());
    arm.script.push({ ...accepted, store: false, headers: asyncHeader }, poll("InProgress"));
    expect(await messageOf(impatient.create(request("cosmosdb:DatabaseAccount", 0.2), account))).toBe(
      "operation timed out",
    );
  });
});

describe("repeated requests", () => {
  test.each([429, 500, 502, 503, 504, 408])(
    "%i is tried again three times, with growing waits",
    async (status) => {
      for (let count = 0; count < 4; count++)
        arm.script.push({
          method: "PUT",
          path: "acct",
          status,
          body: { error: { code: "E", message: "m" } },
        });
      expect(await messageOf(provider.create(databaseAccount, account))).toBe(
        `Status=${status} Code="E" Message="m"`,
      );
      expect(waits).toEqual([20_000, 40_000, 80_000]);
    },
  );

  test("Retry-After is honoured", async () => {
    arm.script.push({ method: "PUT", path: "acct", status: 429, headers: { "retry-after": "7" } });
    await provider.create(databaseAccount, account);
    expect(waits).toEqual([7_000]);
  });

  test.each([
    ["AnotherOperationInProgress", 1],
    ["StorageAccountOperationInProgress", 1],
    ["ConflictingConcurrentWriteNotAllowed", 1],
    ["Conflict", 0],
    ["ScopeLocked", 0],
  ])("409 %s is tried again: %i", async (code, count) => {
    arm.script.push({ method: "PUT", path: "acct", status: 409, body: { error: { code, message: "m" } } });
    await messageOf(provider.create(databaseAccount, account));
    expect(waits).toHaveLength(count);
  });

  test.each([400, 404, 412])("%i is not tried again", async (status) => {
    arm.script.push({ method: "PUT", path: "acct", status, body: { error: { code: "E", message: "m" } } });
    expect(await messageOf(provider.create(databaseAccount, account))).toBe(
      `Status=${status} Code="E" Message="m"`,
    );
    expect(waits).toEqual([]);
  });

  test("a subscription that lacks the resource provider is registered for it first", async () => {
    const namespace = `/subscriptions/${subscriptionId}/providers/Microsoft.DocumentDB`;
    const body = {
      error: {
        code: "MissingSubscriptionRegistration",
        message: "m",
        details: [{ target: "Microsoft.DocumentDB" }],
      },
    };
    arm.script.push(
      { method: "PUT", path: "acct", status: 409, body },
      { method: "POST", path: "/register", status: 200, body: {} },
      { method: "GET", path: namespace, status: 200, body: { registrationState: "Registering" } },
      { method: "GET", path: namespace, status: 200, body: { registrationState: "Registered" } },
    );
    await provider.create(databaseAccount, account);
    expect(waits).toEqual([15_000]);
  });
});

describe("update", () => {
  test("puts all new inputs and reads back, without a probe", async () => {
    await provider.create(databaseAccount, account);
    arm.requests.length = 0;
    const live = await provider.update(databaseAccount, account, { ...account, disableLocalAuth: true });
    expect(sent().map((line) => line.split(" ")[0])).toEqual(["PUT", "GET"]);
    expect(live.outputs.disableLocalAuth).toBe(true);
  });

  test("an identity that was removed is sent as null, with PATCH", async () => {
    const identity = (...ids: string[]) => ({
      identity: { type: "UserAssigned", userAssignedIdentities: ids },
    });
    await provider.update(
      site,
      { name: "site", resourceGroupName: "rg", ...identity("/a", "/b") },
      { name: "site", resourceGroupName: "rg", ...identity("/b") },
    );
    const [write] = arm.requests.filter(({ path }) => path === siteId);
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
    arm.resources.set(path.toLowerCase(), { id: path, properties: { subnets } });
    await provider.update(request("network:VirtualNetwork"), inputs, inputs);
    expect(arm.requests.find(({ method }) => method === "PUT")?.body).toEqual({
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
    await provider.update(request("storage:StorageAccount"), before, after);
    expect(arm.requests.find(({ method }) => method === "PUT")?.body).toMatchObject({
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
    const { outputs } = await provider.create(databaseAccount, account);
    const key = accountId.toLowerCase();
    const stored = arm.resources.get(key) ?? {};
    const properties = stored.properties as Record<string, unknown>;
    arm.resources.set(key, {
      ...stored,
      tags: { drifted: "yes" },
      properties: { ...properties, documentEndpoint: "https://a/" },
    });
    const found = await provider.read(databaseAccount, accountId, { inputs: account, outputs });
    expect(found?.inputs).toEqual({ ...account, tags: { drifted: "yes" } });
    expect(found?.outputs).toMatchObject({ documentEndpoint: "https://a/", tags: { drifted: "yes" } });
  });

  test("an import finds its inputs in the id and the response", async () => {
    await provider.create(databaseAccount, account);
    const found = await provider.read(databaseAccount, accountId, undefined);
    expect(found).toMatchObject({ id: accountId, inputs: account });
  });

  test.each([
    ["404", 404, "ResourceNotFound"],
    ["a code that says so", 403, "SubscriptionNotFound"],
    ["another", 400, "RoleAssignmentNotFound"],
  ])("a resource that is gone: %s", async (_, status, code) => {
    arm.script.push({ method: "GET", path: "acct", status, body: { error: { code, message: "m" } } });
    expect(await provider.read(databaseAccount, accountId, { inputs: account, outputs: {} })).toBeUndefined();
  });

  test("an id of another type is refused", async () => {
    expect(await messageOf(provider.read(databaseAccount, siteId, undefined))).toContain(
      `failed to parse '${siteId}' against the path`,
    );
  });
});

describe("delete", () => {
  test.each([200, 204, 404])("%i is success", async (status) => {
    arm.script.push({ method: "DELETE", path: "acct", status });
    await provider.delete(databaseAccount, accountId);
    expect(sent()).toHaveLength(1);
  });

  test("a site keeps its plan", async () => {
    await provider.delete(site, siteId);
    expect(sent()).toEqual([
      `DELETE /providers/Microsoft.Web/sites/site?api-version=2025-05-01&deleteEmptyServerFarm=false`,
    ]);
  });

  test.each([
    ["web:WebAppApplicationSettings", "config/appsettings", { properties: {} }],
    ["web:WebAppFtpAllowed", "basicPublishingCredentialsPolicies/ftp", { properties: { allow: true } }],
  ])("%s gets its default body back", async (type, path, body) => {
    await provider.delete(request(type), `${siteId}/${path}`);
    expect(arm.requests.at(-1)).toMatchObject({ method: "PUT", path: `${siteId}/${path}`, body });
  });

  test("a refusal is shown", async () => {
    arm.script.push({
      method: "DELETE",
      path: "acct",
      status: 409,
      body: { error: { code: "ScopeLocked", message: "locked" } },
    });
    expect(await messageOf(provider.delete(databaseAccount, accountId))).toBe(
      'Status=409 Code="ScopeLocked" Message="locked"',
    );
  });
});

describe("check", () => {
  const check = (newInputs: Values, oldInputs: Values = {}) =>
    provider.check("azure-native:cosmosdb:DatabaseAccount", {
      oldInputs,
      newInputs,
      logicalName: "acct",
      seed: Buffer.from("seed"),
      autonaming: undefined,
    });

  test("adds the resource group's location, asked once, and the API version", async () => {
    arm.resources.set(group.toLowerCase(), { id: group, location: "westeurope" });
    const { inputs, failures } = await check(account);
    await check(account);
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ ...account, location: "westeurope", azureApiVersion: "2025-10-15" });
    expect(sent()).toEqual([`GET ?api-version=2020-10-01`]);
  });

  test.each<[string, Values, Values, string | undefined]>([
    ["an explicit location stays", { location: "a" }, { location: "b" }, "a"],
    ["the old location comes before others", {}, { location: "b" }, "b"],
    ["no group, no location", {}, {}, undefined],
  ])("%s", async (_, news, olds, expected) => {
    const { inputs } = await check({ ...account, ...news }, { ...account, ...olds });
    expect(inputs.location).toBe(expected);
  });

  test("the configured location comes before the group's", async () => {
    await provider.configure(new Map([["azure-native:config:location", "northeurope"]]));
    expect((await check(account)).inputs.location).toBe("northeurope");
  });
});

describe("invoke", () => {
  test("getClientConfig tells who the provider is", async () => {
    expect(await provider.invoke("azure-native:authorization:getClientConfig", {})).toEqual({
      clientId,
      objectId,
      tenantId,
      subscriptionId,
    });
    expect(arm.requests[0]?.body).toMatchObject({ scope: `${arm.origin}/graph/.default` });
  });

  test.each([
    [{}, "//.default"],
    [{ endpoint: "https://cosmos.azure.com" }, "https://cosmos.azure.com/.default"],
  ])("getClientToken of %j", async (args, scope) => {
    const { token } = await provider.invoke("azure-native:authorization:getClientToken", args);
    expect(String(token).split(".")).toHaveLength(3);
    expect(arm.requests[0]?.body).toMatchObject({
      scope: scope.startsWith("/") ? arm.origin + scope : scope,
    });
  });

  test("a getter reads a resource; a list function posts", async () => {
    await provider.create(databaseAccount, account);
    arm.requests.length = 0;
    const args = { resourceGroupName: "rg", accountName: "acct" };
    expect(await provider.invoke("azure-native:cosmosdb:getDatabaseAccount", args)).toMatchObject({
      id: accountId,
      azureApiVersion: "2025-10-15",
    });
    arm.script.push({
      method: "POST",
      path: "/listKeys",
      status: 200,
      body: { primaryMasterKey: "k", other: 1 },
    });
    expect(await provider.invoke("azure-native:cosmosdb:listDatabaseAccountKeys", args)).toEqual({
      primaryMasterKey: "k",
    });
    expect(sent().map((line) => line.split("?")[0])).toEqual([
      "GET /providers/Microsoft.DocumentDB/databaseAccounts/acct",
      "POST /providers/Microsoft.DocumentDB/databaseAccounts/acct/listKeys",
    ]);
  });

  test("a refusal names the path", async () => {
    const args = { resourceGroupName: "rg", accountName: "acct" };
    expect(await messageOf(provider.invoke("azure-native:cosmosdb:getDatabaseAccount", args))).toBe(
      `request failed ${accountId}: Status=404 Code="ResourceNotFound" Message="The Resource '${accountId}' was not found."`,
    );
  });

  test("an unknown function is refused", async () => {
    expect(await messageOf(provider.invoke("azure-native:web:listNothing", {}))).toContain(
      "the local azure-native plugin does not know the function 'azure-native:web:listNothing'",
    );
  });
});

describe("configure", () => {
  test.each([
    ["management.azure.com", "the metadata host (ARM_METADATA_HOSTNAME) is 'https://management.azure.com'"],
    ["http://localhost:1", "the metadata host (ARM_METADATA_HOSTNAME) is 'http://localhost:1'"],
    ["localhost:1", "https://localhost:1/metadata/endpoints?api-version=2022-09-01 cannot be reached: "],
  ])("metadata host %s: %s", async (metadataHost, message) => {
    const variables = new Map([["azure-native:config:metadataHost", metadataHost]]);
    expect(await messageOf(new AzureNativeProvider(host()).configure(variables))).toContain(message);
  });

  test("cancelling ends what is under way", async () => {
    const waiting = new AzureNativeProvider(
      host({
        sleep: (_, signal) => {
          waiting.cancel();
          return Promise.reject(signal.reason as Error);
        },
      }),
    );
    await waiting.configure(new Map());
    arm.script.push({ method: "GET", path: "acct", status: 503 });
    expect(await messageOf(waiting.create(databaseAccount, account))).toBe("the deployment was cancelled");
  });
});

test("tokens are shared by concurrent requests and kept", async () => {
  await Promise.all([
    provider.read(databaseAccount, accountId, undefined),
    provider.read(site, siteId, undefined),
  ]);
  await provider.read(site, siteId, undefined);
  expect(arm.requests.filter(({ path }) => path === `/${tenantId}/oauth2/v2.0/token`)).toHaveLength(1);
});

import { describe, expect, test } from "@jest/globals";
import { clientId } from "../../testing/loopback-arm.ts";
import {
  account,
  accountId,
  databaseAccount,
  messageOf,
  request,
  site,
  siteId,
  useProvider,
} from "../../testing/provider-harness.ts";

const harness = useProvider();

describe("create", () => {
  test("probes, puts with a token, polls a 201 that tells no state, reads back, and answers declared outputs under the id of the response", async () => {
    const live = await harness.provider.create(databaseAccount, account);
    expect(harness.sent()).toEqual(
      ["GET", "PUT", "GET", "GET"].map(
        (method) => `${method} /providers/Microsoft.DocumentDB/databaseAccounts/acct?api-version=2025-10-15`,
      ),
    );
    const [token, , put] = harness.arm.requests;
    expect(token?.body).toEqual({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: "not-a-real-secret",
      scope: `${harness.arm.origin}//.default`,
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
    await harness.provider.create(databaseAccount, account);
    expect(await messageOf(harness.provider.create(databaseAccount, account))).toBe(
      `cannot create already existing resource '${accountId}'`,
    );
    harness.arm.script.push({
      method: "GET",
      path: "acct",
      status: 403,
      body: { error: { code: "AuthorizationFailed" } },
    });
    expect(await messageOf(harness.provider.create(databaseAccount, account))).toBe(
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
    harness.arm.script.push({ method: "PUT", path: "acct", status: 409, body, headers });
    expect(await messageOf(harness.provider.create(databaseAccount, account))).toBe(message);
    expect(harness.waits).toEqual([]);
  });

  test("sends unset collections that can be resources of their own as empty", async () => {
    await harness.provider.create(request("network:VirtualNetwork"), {
      resourceGroupName: "rg",
      virtualNetworkName: "vnet",
    });
    expect(harness.arm.requests.find(({ method }) => method === "PUT")?.body).toEqual({
      properties: { subnets: [], virtualNetworkPeerings: [] },
    });
  });

  test("a resource that exists with its parent is written over, and read with POST", async () => {
    harness.arm.resources.set(`${siteId}/config/appsettings`.toLowerCase(), { properties: {} });
    await harness.provider.create(request("web:WebAppApplicationSettings"), {
      resourceGroupName: "rg",
      name: "site",
      properties: { A: "1" },
    });
    const path = "/providers/Microsoft.Web/sites/site/config/appsettings";
    expect(harness.sent()).toEqual([
      `POST ${path}/list?api-version=2025-05-01`,
      `PUT ${path}?api-version=2025-05-01`,
      `POST ${path}/list?api-version=2025-05-01`,
    ]);
  });

  test("a site is read with its configuration, without a redacted user name", async () => {
    harness.arm.resources.set(`${siteId}/config/web`.toLowerCase(), {
      properties: { http20Enabled: true, publishingUsername: "REDACTED" },
    });
    const live = await harness.provider.create(site, { resourceGroupName: "rg", name: "site" });
    expect(live.outputs.siteConfig).toEqual({ http20Enabled: true });
  });

  test("when reading back fails, the answer to PUT stands and the user is told", async () => {
    const id = `${accountId}-2`;
    harness.arm.script.push(
      { method: "GET", path: "acct-2", status: 404 },
      { method: "GET", path: "acct-2", status: 200, body: { id, name: "acct-2" } },
      {
        method: "GET",
        path: "acct-2",
        status: 403,
        body: { error: { code: "AuthorizationFailed", message: "no" } },
      },
    );
    const live = await harness.provider.create(databaseAccount, { ...account, accountName: "acct-2" });
    expect(live.id).toBe(id);
    expect(live.outputs.name).toBe("acct-2");
    expect(harness.warnings).toEqual([
      'Failed to read resource after Update. Status=403 Code="AuthorizationFailed" Message="no"',
    ]);
  });
});

import { describe, expect, test } from "@jest/globals";
import type { Values } from "../provider/values.ts";
import { tenantId } from "../testing/loopback-arm.ts";
import {
  account,
  accountId,
  databaseAccount,
  group,
  messageOf,
  site,
  siteId,
  useProvider,
} from "../testing/provider-harness.ts";
import { AzureNativeProvider } from "./provider.ts";

const harness = useProvider();

describe("check", () => {
  const check = (newInputs: Values, oldInputs: Values = {}) =>
    harness.provider.check("azure-native:cosmosdb:DatabaseAccount", {
      oldInputs,
      newInputs,
      logicalName: "acct",
      seed: Buffer.from("seed"),
      autonaming: undefined,
    });

  test("adds the resource group's location, asked once, and the API version", async () => {
    harness.arm.resources.set(group.toLowerCase(), { id: group, location: "westeurope" });
    const { inputs, failures } = await check(account);
    await check(account);
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ ...account, location: "westeurope", azureApiVersion: "2025-10-15" });
    expect(harness.sent()).toEqual([`GET ?api-version=2020-10-01`]);
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
    await harness.provider.configure(new Map([["azure-native:config:location", "northeurope"]]));
    expect((await check(account)).inputs.location).toBe("northeurope");
  });
});

describe("configure", () => {
  test.each([
    ["management.azure.com", "the metadata host (ARM_METADATA_HOSTNAME) is 'https://management.azure.com'"],
    ["http://localhost:1", "the metadata host (ARM_METADATA_HOSTNAME) is 'http://localhost:1'"],
    ["localhost:1", "https://localhost:1/metadata/endpoints?api-version=2022-09-01 cannot be reached: "],
  ])("metadata host %s: %s", async (metadataHost, message) => {
    const variables = new Map([["azure-native:config:metadataHost", metadataHost]]);
    expect(await messageOf(new AzureNativeProvider(harness.host()).configure(variables))).toContain(message);
  });

  test("cancelling ends what is under way", async () => {
    const waiting = new AzureNativeProvider(
      harness.host({
        sleep: (_, signal) => {
          waiting.cancel();
          return Promise.reject(signal.reason as Error);
        },
      }),
    );
    await waiting.configure(new Map());
    harness.arm.script.push({ method: "GET", path: "acct", status: 503 });
    expect(await messageOf(waiting.create(databaseAccount, account))).toBe("the deployment was cancelled");
  });
});

test("a write that was sent when the deployment is cancelled still gives its state", async () => {
  const cancelled = new AzureNativeProvider(harness.host());
  await cancelled.configure(new Map());
  harness.arm.script.push({
    method: "PUT",
    path: "acct",
    store: true,
    body: { id: accountId, name: "acct" },
    get status() {
      cancelled.cancel();
      return 200;
    },
  });
  const made = await cancelled.create(databaseAccount, account).catch((error: unknown) => error);
  expect(made).toMatchObject({ id: accountId });
});

test("tokens are shared by concurrent requests and kept", async () => {
  await Promise.all([
    harness.provider.read(databaseAccount, accountId, undefined),
    harness.provider.read(site, siteId, undefined),
  ]);
  await harness.provider.read(site, siteId, undefined);
  expect(harness.arm.requests.filter(({ path }) => path === `/${tenantId}/oauth2/v2.0/token`)).toHaveLength(
    1,
  );
});

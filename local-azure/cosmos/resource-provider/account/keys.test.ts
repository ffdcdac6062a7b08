import type { DatabaseAccountCreateUpdateParameters } from "@azure/arm-cosmosdb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type CosmosManager, minimalAccount, startCosmosManager } from "../testing/cosmos-manager.ts";

type Parameters = DatabaseAccountCreateUpdateParameters;

let { rm, client } = {} as CosmosManager;

beforeAll(async () => {
  ({ rm, client } = await startCosmosManager());
});

afterAll(() => rm.close());

const put = (name: string, change: Partial<Parameters> = {}) =>
  client.databaseAccounts.createOrUpdate("rg", name, { ...minimalAccount, ...change });

describe("keys", () => {
  test("are listed whole or read-only, put into connection strings, and made anew one by one", async () => {
    const account = await put("keyed", { disableLocalAuth: true });
    const keys = await client.databaseAccounts.listKeys("rg", "keyed");
    const all64 = Object.values(keys).map((key) => Buffer.from(String(key), "base64").length);
    expect(all64).toEqual([64, 64, 64, 64]);
    const { primaryReadonlyMasterKey, secondaryReadonlyMasterKey } = keys;
    const readOnly = { primaryReadonlyMasterKey, secondaryReadonlyMasterKey };
    expect(await client.databaseAccounts.listReadOnlyKeys("rg", "keyed")).toEqual(readOnly);
    expect(await client.databaseAccounts.getReadOnlyKeys("rg", "keyed")).toEqual(readOnly);
    const { connectionStrings = [] } = await client.databaseAccounts.listConnectionStrings("rg", "keyed");
    expect(connectionStrings).toHaveLength(4);
    expect(connectionStrings[0]).toEqual({
      connectionString: `AccountEndpoint=${account.documentEndpoint};AccountKey=${keys.primaryMasterKey};`,
      description: "Primary SQL Connection String",
      keyKind: "Primary",
      type: "Sql",
    });

    rm.clock.advance(60_000);
    await client.databaseAccounts.regenerateKey("rg", "keyed", { keyKind: "secondary" });
    const after = await client.databaseAccounts.listKeys("rg", "keyed");
    expect(after).toEqual({ ...keys, secondaryMasterKey: expect.any(String) });
    expect(after.secondaryMasterKey).not.toBe(keys.secondaryMasterKey);
    const { keysMetadata } = await client.databaseAccounts.get("rg", "keyed");
    expect(keysMetadata?.secondaryMasterKey?.generationTime).toEqual(rm.clock.now());
    expect(keysMetadata?.primaryMasterKey).toEqual(account.keysMetadata?.primaryMasterKey);
  });
});

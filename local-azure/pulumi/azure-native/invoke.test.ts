import { describe, expect, test } from "@jest/globals";
import { clientId, objectId, subscriptionId, tenantId } from "../testing/loopback-arm.ts";
import { account, accountId, databaseAccount, messageOf, useProvider } from "../testing/provider-harness.ts";

const harness = useProvider();

describe("invoke", () => {
  test("getClientConfig tells who the provider is", async () => {
    expect(await harness.provider.invoke("azure-native:authorization:getClientConfig", {})).toEqual({
      clientId,
      objectId,
      tenantId,
      subscriptionId,
    });
    expect(harness.arm.requests[0]?.body).toMatchObject({ scope: `${harness.arm.origin}/graph/.default` });
  });

  test.each([
    [{}, "//.default"],
    [{ endpoint: "https://cosmos.azure.com" }, "https://cosmos.azure.com/.default"],
  ])("getClientToken of %j", async (args, scope) => {
    const { token } = await harness.provider.invoke("azure-native:authorization:getClientToken", args);
    expect(String(token).split(".")).toHaveLength(3);
    expect(harness.arm.requests[0]?.body).toMatchObject({
      scope: scope.startsWith("/") ? harness.arm.origin + scope : scope,
    });
  });

  test("a getter reads a resource; a list function posts", async () => {
    await harness.provider.create(databaseAccount, account);
    harness.arm.requests.length = 0;
    const args = { resourceGroupName: "rg", accountName: "acct" };
    expect(await harness.provider.invoke("azure-native:cosmosdb:getDatabaseAccount", args)).toMatchObject({
      id: accountId,
      azureApiVersion: "2025-10-15",
    });
    harness.arm.script.push({
      method: "POST",
      path: "/listKeys",
      status: 200,
      body: { primaryMasterKey: "k", other: 1 },
    });
    expect(await harness.provider.invoke("azure-native:cosmosdb:listDatabaseAccountKeys", args)).toEqual({
      primaryMasterKey: "k",
    });
    expect(harness.sent().map((line) => line.split("?")[0])).toEqual([
      "GET /providers/Microsoft.DocumentDB/databaseAccounts/acct",
      "POST /providers/Microsoft.DocumentDB/databaseAccounts/acct/listKeys",
    ]);
  });

  test("a refusal names the path", async () => {
    const args = { resourceGroupName: "rg", accountName: "acct" };
    expect(await messageOf(harness.provider.invoke("azure-native:cosmosdb:getDatabaseAccount", args))).toBe(
      `request failed ${accountId}: Status=404 Code="ResourceNotFound" Message="The Resource '${accountId}' was not found."`,
    );
  });

  test("an unknown function is refused", async () => {
    expect(await messageOf(harness.provider.invoke("azure-native:web:listNothing", {}))).toContain(
      "the local azure-native plugin does not know the function 'azure-native:web:listNothing'",
    );
  });
});

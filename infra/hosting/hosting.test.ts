import { expect, test } from "@jest/globals";
import { DEPLOYER, GROUP, inDirectory, objectIdOf, only, run, TENANT, tags } from "../testing/dev-stack.ts";
import { tokenAuthority } from "./authority.ts";
import { scmUrl, siteUrl } from "./hosts.ts";

test("a Linux plan and a site that only the listed addresses reach", async () => {
  const recording = await run();
  expect(only(recording, "azure-native:web:AppServicePlan").inputs).toEqual({
    name: "asp-keyless-cosmos-dev",
    resourceGroupName: GROUP,
    location: "westeurope",
    tags,
    kind: "linux",
    reserved: true,
    sku: { name: "B1", tier: "Basic", size: "B1", family: "B", capacity: 1 },
  });
  const { siteConfig, ...site } = only(recording, "azure-native:web:WebApp").inputs;
  expect(site).toEqual({
    name: expect.stringMatching(/^app-orders-api-dev-[a-z2-7]{8}$/),
    resourceGroupName: GROUP,
    location: "westeurope",
    tags,
    kind: "app,linux",
    reserved: true,
    serverFarmId: "/subscriptions/azure-native:web:AppServicePlan/asp-keyless-cosmos-dev",
    identity: { type: "SystemAssigned" },
    httpsOnly: true,
    clientAffinityEnabled: false,
    publicNetworkAccess: "Enabled",
    hyperV: false,
    isXenon: false,
    scmSiteAlsoStopped: false,
  });
  expect(siteConfig).toEqual({
    linuxFxVersion: "NODE|24-lts",
    alwaysOn: true,
    healthCheckPath: "/health",
    http20Enabled: true,
    minTlsVersion: "1.2",
    scmMinTlsVersion: "1.2",
    ftpsState: "Disabled",
    remoteDebuggingEnabled: false,
    ipSecurityRestrictions: [
      { name: "allowed-1", action: "Allow", priority: 100, ipAddress: "127.0.0.1/32" },
      { name: "allowed-2", action: "Allow", priority: 101, ipAddress: "::1/128" },
    ],
    ipSecurityRestrictionsDefaultAction: "Deny",
    scmIpSecurityRestrictionsDefaultAction: "Allow",
    scmIpSecurityRestrictionsUseMain: false,
    localMySqlEnabled: false,
    netFrameworkVersion: "v4.6",
  });
  for (const policy of ["azure-native:web:WebAppFtpAllowed", "azure-native:web:WebAppScmAllowed"]) {
    expect(only(recording, policy).inputs).toEqual({
      name: expect.stringMatching(/^app-orders-api-dev-/),
      resourceGroupName: GROUP,
      allow: false,
    });
  }
});

test("settings of their own that say where Cosmos DB is and who may call, and nothing secret (pain 11)", async () => {
  expect(only(await run(), "azure-native:web:WebAppApplicationSettings").inputs).toEqual({
    name: expect.stringMatching(/^app-orders-api-dev-/),
    resourceGroupName: GROUP,
    properties: {
      AZURE_COSMOS_RESOURCEENDPOINT: "https://localhost:7001/",
      AZURE_COSMOS_SCOPE: "https://cosmos.azure.com/.default",
      COSMOS_CONTAINERS: JSON.stringify([
        { database: "orders", name: "orders", partitionKey: ["/tenantId", "/orderId"] },
        { database: "orders", name: "audit", partitionKey: ["/tenantId"] },
      ]),
      CALLER_ISSUER: `${tokenAuthority(process.env)}/${TENANT}/v2.0`,
      CALLER_AUDIENCE: objectIdOf(`client ${inDirectory("orders-api")}`),
      CALLER_PRINCIPALS: JSON.stringify([{ name: "deployer", objectId: DEPLOYER, kind: "principal" }]),
    },
  });
});

test("the token service is that of the cloud in which the program runs", () => {
  expect(tokenAuthority({})).toBe("https://login.microsoftonline.com");
  expect(tokenAuthority({ AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us/" })).toBe(
    "https://login.microsoftonline.us",
  );
});

test("hosts are read from the site, with or without a port", () => {
  expect(siteUrl("api", "localhost:7002")).toBe("https://localhost:7002");
  expect(scmUrl("api", [{ name: "api-x.scm.westeurope-01.azurewebsites.net", hostType: "Repository" }])).toBe(
    "https://api-x.scm.westeurope-01.azurewebsites.net",
  );
});

test("a site without hosts is an error that names it", () => {
  const look = "Look at hostNameSslStates of the site in resource manager, then run pulumi refresh.";
  expect(() => siteUrl("api", "")).toThrow(`Site api has no default host name. ${look}`);
  expect(() => scmUrl("api", [{ name: "api", hostType: "Standard" }])).toThrow(
    `Site api has no host name of type Repository. ${look}`,
  );
  expect(() => scmUrl("api", undefined)).toThrow("Site api has no host name of type Repository.");
});

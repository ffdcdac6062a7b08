import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { stackOutputsSchema } from "../outputs/schema.ts";
import {
  ASSIGNMENT,
  GROUP,
  inDirectory,
  objectIdOf,
  ofType,
  only,
  run,
  SITE_IDENTITY,
  SUBSCRIPTION,
  TENANT,
  tags,
} from "../testing/dev-stack.ts";
import { settled } from "../testing/recording-monitor.ts";
import { secretPeriods } from "./secret-periods.ts";

const PASSWORD = "azuread:index/applicationPassword:ApplicationPassword";
const grant = {
  role: "contributor",
  scope: "orders/orders",
  justification: "j",
  owner: "o",
  reviewBy: "2027-02-20",
};
const migrating = (today: string, changes = {}) => ({
  "keyless-cosmos:today": today,
  "keyless-cosmos:workloads": {
    "orders-api": {
      host: "appService",
      access: "clientSecret",
      migrationEnds: "2027-01-31",
      callers: ["deployer"],
      grants: [grant],
      ...changes,
    },
  },
});
const DAY = 24 * 60 * 60 * 1000;
const day = (time: number) => new Date(time).toISOString().slice(0, 10);

describe("secret periods", () => {
  const today = fc
    .date({ min: new Date("2025-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
    .map((date) => day(date.getTime()));

  test("two secrets stand side by side on every day, and each lives 90 days", () => {
    fc.assert(
      fc.property(today, (date) => {
        const { previous, current } = secretPeriods(date);
        expect([previous.startsOn <= date, date < previous.endsOn]).toEqual([true, true]);
        expect([current.startsOn <= date, date < current.endsOn]).toEqual([true, true]);
        for (const { startsOn, endsOn } of [previous, current]) {
          expect(Date.parse(endsOn) - Date.parse(startsOn)).toBe(90 * DAY);
        }
      }),
    );
  });

  test("whatever was handed out works until a deployment at most 45 days later has handed out the next", () => {
    fc.assert(
      fc.property(today, fc.integer({ min: 0, max: 45 }), (date, days) => {
        const later = day(Date.parse(date) + days * DAY);
        const handedOut = secretPeriods(date).current;
        expect(handedOut.endsOn > later || handedOut.endsOn === later).toBe(true);
        const { previous, current } = secretPeriods(later);
        // It is still declared then, so the deployment removes it in none of its steps.
        if (days < 45) expect([previous, current]).toContainEqual(handedOut);
      }),
    );
  });
});

describe("access by client secret", () => {
  test("makes two secrets of a registration of its own, whose service principal holds the grants", async () => {
    const recording = await run(migrating("2026-11-25"));
    expect(ofType(recording, PASSWORD).map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        "orders-api-until-2026-12-27",
        {
          applicationId: expect.stringContaining("Application/"),
          displayName: "until 2026-12-27",
          endDate: "2026-12-27T00:00:00Z",
        },
      ],
      [
        "orders-api-until-2027-02-10",
        {
          applicationId: expect.stringContaining("Application/"),
          displayName: "until 2027-02-10",
          endDate: "2027-02-10T00:00:00Z",
        },
      ],
    ]);
    const clientId = objectIdOf(`client ${inDirectory("orders-api", "client-secret")}`);
    const principalId = objectIdOf(`principal ${clientId}`);
    const [, contributor] = ofType(recording, ASSIGNMENT);
    expect(contributor?.inputs.principalId).toBe(principalId);

    const { workloads, grants } = stackOutputsSchema.parse(await settled(recording.result));
    expect(workloads["orders-api"]).toMatchObject({
      access: "clientSecret",
      principalId: SITE_IDENTITY,
      secret: {
        vaultUri: "https://localhost:7004/",
        name: "orders-api-client-secret",
        clientId,
        principalId,
        endsOn: "2027-02-10",
        migrationEnds: "2027-01-31",
      },
    });
    expect(grants.find(({ principal }) => principal === "orders-api")?.principalId).toBe(principalId);
    expect(JSON.stringify(await settled(recording.result))).not.toContain("value until");
  });

  test("keeps the current one in a vault that roles alone open, with its end", async () => {
    const recording = await run({ ...migrating("2026-11-25"), "keyless-cosmos:dataLoss": "refused" });
    const vault = only(recording, "azure-native:keyvault:Vault");
    expect(vault.inputs).toEqual({
      vaultName: expect.stringMatching(/^kv-dev-[a-z2-7]{8}$/),
      resourceGroupName: GROUP,
      location: "westeurope",
      tags,
      properties: {
        tenantId: TENANT,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        publicNetworkAccess: "Enabled",
      },
    });
    expect(vault.protect).toBe(true);
    const secret = only(recording, "azure-native:keyvault:Secret");
    expect(secret.retainOnDelete).toBe(true);
    // Sealed as a whole: the state holds it encrypted.
    expect(secret.inputs.properties).toEqual({
      [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
      value: {
        value: "value until 2027-02-10",
        contentType: "Client secret by which orders-api reaches Cosmos DB",
        attributes: { enabled: true, expires: Date.parse("2027-02-10") / 1000 },
      },
    });
  });

  test("lets the site's identity read that one secret; its type is said, as it may be new (pain 3)", async () => {
    const recording = await run(migrating("2026-11-25"));
    const { inputs, dependencies } = only(recording, "azure-native:authorization:RoleAssignment");
    expect(inputs).toEqual({
      roleAssignmentName: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5/),
      scope: expect.stringMatching(/Vault\/[^/]+\/secrets\/orders-api-client-secret$/),
      roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`,
      principalId: SITE_IDENTITY,
      principalType: "ServicePrincipal",
    });
    expect(dependencies.some((urn) => urn.includes("keyvault:Secret"))).toBe(true);
    const site = only(recording, "keyless-cosmos:hosting:SiteSettings");
    expect(site.dependencies.some((urn) => urn.includes("authorization:RoleAssignment"))).toBe(true);
  });

  test("tells the site where the secret is, never what it is", async () => {
    const { inputs } = only(await run(migrating("2026-11-25")), "azure-native:web:WebAppApplicationSettings");
    expect(inputs.properties).toMatchObject({
      AZURE_COSMOS_CLIENTID: objectIdOf(`client ${inDirectory("orders-api", "client-secret")}`),
      AZURE_COSMOS_TENANTID: TENANT,
      AZURE_COSMOS_AUTHORITY: expect.stringMatching(/^https:/),
      AZURE_KEYVAULT_RESOURCEENDPOINT: "https://localhost:7004/",
      COSMOS_CLIENT_SECRET_NAME: "orders-api-client-secret",
    });
    expect(JSON.stringify(inputs)).not.toContain("value until");
  });

  test("rotates: the next period declares a new secret and still the one that was handed out", async () => {
    const names = async (today: string) =>
      ofType(await run(migrating(today)), PASSWORD).map(({ name }) => name);
    expect(await names("2026-12-26")).toEqual(["orders-api-until-2026-12-27", "orders-api-until-2027-02-10"]);
    expect(await names("2026-12-27")).toEqual(["orders-api-until-2027-02-10", "orders-api-until-2027-03-27"]);
  });

  test("is deployed after its migration was to end, as the deployment may be urgent", async () => {
    const recording = await run(migrating("2027-06-01"));
    expect(ofType(recording, PASSWORD)).toHaveLength(2);
  });

  test("is absent where the site's identity has access", async () => {
    const { registrations } = await run();
    expect(
      registrations
        .filter(({ type }) => /Password|keyvault|RoleAssignment$/.test(type))
        .map(({ type }) => type),
    ).toEqual([ASSIGNMENT, ASSIGNMENT]);
  });
});

import { expect, test } from "@jest/globals";
import { baseline, faultsOf, grant, ID, PREFIX, role, withGrant } from "../testing/settings-baseline.ts";
import { SettingsError } from "./faults.ts";
import { parseSettings } from "./parse.ts";
import { reminders } from "./reminders.ts";

test("good settings become values, with defaults filled in", () => {
  expect(parseSettings(baseline())).toEqual({
    environment: "dev",
    location: "westeurope",
    dataLoss: "refused",
    allowedAddresses: [],
    capacity: "provisioned",
    backup: "continuous7Days",
    databases: [
      { name: "orders", containers: [{ name: "orders", partitionKey: ["/tenantId", "/orderId"] }] },
    ],
    roles: [],
    workloads: [
      {
        name: "orders-api",
        host: "appService",
        access: "managedIdentity",
        callers: [],
        grants: [{ ...grant, scope: { database: "orders", container: "orders" } }],
      },
    ],
    principals: [],
    applications: [],
    identities: [],
    groups: [],
  });
});

test("the form in which Pulumi hands settings over is read as the written one", () => {
  const written = { ...baseline(), ...withGrant({ reviewBy: "2027-02-20 00:00:00 +0000 UTC" }) };
  const handedOver = Object.fromEntries(
    Object.entries(written).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  expect(parseSettings(handedOver)).toEqual(parseSettings(baseline()));
});

test("keys of other namespaces are left alone, keys without one are ours", () => {
  const { "keyless-cosmos:environment": environment, ...rest } = baseline();
  expect(parseSettings({ ...rest, environment, "aws:region": "x" }).environment).toBe("dev");
});

test("every scope and role of the settings can be granted", () => {
  const grants = [
    { ...grant, scope: "account" },
    { ...grant, scope: "orders" },
    { ...grant, role: "order-writer" },
  ];
  const settings = parseSettings({
    ...baseline(),
    ...role("order-writer", [`${PREFIX}/readMetadata`, `${PREFIX}/sqlDatabases/containers/items/*`]),
    "keyless-cosmos:principals": {
      deployer: { deployer: true, grants },
      ana: { objectId: ID.toUpperCase(), grants },
    },
  });
  expect(settings.principals.map(({ identity }) => identity)).toEqual(["deployer", { objectId: ID }]);
  expect(settings.principals[0]?.grants.map(({ scope }) => scope)).toEqual([
    {},
    { database: "orders" },
    { database: "orders", container: "orders" },
  ]);
});

test("grants past Cosmos DB's limit are refused", () => {
  const principals = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [
      `p${index}`,
      { objectId: `0a1b2c3d-0000-4000-8000-${String(index).padStart(12, "0")}`, grants: [grant] },
    ]),
  );
  expect(faultsOf({ ...baseline(), "keyless-cosmos:principals": principals })).toEqual([
    {
      path: "keyless-cosmos:workloads",
      problem: "2001 grants are declared, and a Cosmos DB account holds 2000 role assignments",
      fix: "grant to groups (keyless-cosmos:groups), or on wider scopes",
    },
  ]);
});

test("many faults are reported together, sorted by path, in one message", () => {
  const configuration = {
    "keyless-cosmos:enviroment": "dev",
    "keyless-cosmos:cosmos": {
      databases: { orders: { containers: { orders: { partitionKey: ["tenantId", "/a", "/a"] } } } },
    },
    "keyless-cosmos:workloads": {
      Api: {
        host: "virtualMachine",
        access: "accountKeys",
        grants: [{ role: "admin", scope: "stock", owner: "" }],
      },
    },
    "keyless-cosmos:principals": { ana: { grants: [] } },
  };
  expect(() => parseSettings(configuration, "Pulumi.dev.yaml")).toThrow(
    new SettingsError("Pulumi.dev.yaml", faultsOf(configuration)),
  );
  expect(faultsOf(configuration).map(({ path }) => path)).toEqual([
    "azure-native:location",
    "keyless-cosmos:cosmos.databases.orders.containers.orders.partitionKey",
    "keyless-cosmos:cosmos.databases.orders.containers.orders.partitionKey[0]",
    "keyless-cosmos:enviroment",
    "keyless-cosmos:environment",
    "keyless-cosmos:principals.ana",
    "keyless-cosmos:workloads.Api",
    "keyless-cosmos:workloads.Api.access",
    "keyless-cosmos:workloads.Api.grants[0].justification",
    "keyless-cosmos:workloads.Api.grants[0].owner",
    "keyless-cosmos:workloads.Api.grants[0].reviewBy",
    "keyless-cosmos:workloads.Api.grants[0].role",
    "keyless-cosmos:workloads.Api.grants[0].scope",
    "keyless-cosmos:workloads.Api.host",
  ]);
  expect(
    new SettingsError("Pulumi.dev.yaml", faultsOf(configuration)).message.split("\n").slice(0, 4),
  ).toEqual([
    "14 faults in Pulumi.dev.yaml; nothing was registered:",
    "  azure-native:location",
    "    wrong: is missing",
    "    fix:   write for example: azure-native:location: westeurope",
  ]);
});

test("a review date that has passed is no fault, but is found", () => {
  const settings = parseSettings(baseline());
  expect(reminders(settings, "2027-02-20")).toEqual([]);
  expect(reminders(settings, "2027-02-21")).toEqual([
    "orders-api holds reader on orders/orders, which was due for review on 2027-02-20: " +
      "ask team-report whether it is still needed, then set a new reviewBy or remove the grant.",
  ]);
});

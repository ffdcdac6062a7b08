import { describe, expect, test } from "@jest/globals";
import type { Fault } from "./faults.ts";
import { SettingsError } from "./faults.ts";
import { parseSettings } from "./parse.ts";
import { overdueGrants, overdueWarning } from "./settings.ts";

const grant = {
  role: "reader",
  scope: "orders/orders",
  justification: "Reads orders for the report",
  owner: "team-report",
  reviewBy: "2027-02-20",
};
const workload = { host: "appService", access: "managedIdentity", grants: [grant] };

/** Good settings; each case changes one thing in a copy. */
function baseline() {
  return {
    "azure-native:location": "westeurope",
    "keyless-cosmos:environment": "dev",
    "keyless-cosmos:cosmos": {
      databases: { orders: { containers: { orders: { partitionKey: ["/tenantId", "/orderId"] } } } },
    },
    "keyless-cosmos:workloads": { "orders-api": workload },
  };
}

function faultsOf(configuration: Readonly<Record<string, unknown>>): readonly Fault[] {
  try {
    parseSettings(configuration);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

const withWorkload = (changes: object) => ({
  "keyless-cosmos:workloads": { "orders-api": { ...workload, ...changes } },
});
const withGrant = (changes: object) => withWorkload({ grants: [{ ...grant, ...changes }] });
const withContainer = (changes: object) => ({
  "keyless-cosmos:cosmos": {
    databases: { orders: { containers: { orders: { partitionKey: ["/tenantId"], ...changes } } } },
  },
});
const withDatabases = (databases: object) => ({
  "keyless-cosmos:cosmos": { databases },
  "keyless-cosmos:workloads": {},
});
const principal = (changes: object) => ({ "keyless-cosmos:principals": { ana: { grants: [], ...changes } } });
const role = (name: string, dataActions: unknown) => ({
  "keyless-cosmos:roles": { [name]: { dataActions } },
});

const ID = "0a1b2c3d-0000-4000-8000-000000000001";
const GRANT = "keyless-cosmos:workloads.orders-api.grants[0]";
const CONTAINER = "keyless-cosmos:cosmos.databases.orders.containers.orders";
const SHORT_NAME_FIX = "use lower-case letters, digits and single hyphens, a letter first, at most";
const PREFIX = "Microsoft.DocumentDB/databaseAccounts";

const cases: readonly (readonly [
  what: string,
  change: object,
  path: string,
  problem: string,
  fix: string,
])[] = [
  [
    "location missing",
    { "azure-native:location": undefined },
    "azure-native:location",
    "is missing",
    "write for example: azure-native:location: westeurope",
  ],
  [
    "environment missing",
    { "keyless-cosmos:environment": undefined },
    "keyless-cosmos:environment",
    "is missing",
    "write for example: keyless-cosmos:environment: dev",
  ],
  [
    "environment with capitals",
    { "keyless-cosmos:environment": "Dev_1" },
    "keyless-cosmos:environment",
    '"Dev_1" cannot be used as a name',
    `${SHORT_NAME_FIX} 20 characters`,
  ],
  [
    "section mistyped",
    { "keyless-cosmos:workload": {} },
    "keyless-cosmos:workload",
    '"workload" is not a known key',
    'did you mean "workloads"? (known keys: environment, dataLoss, allowedAddresses, cosmos, workloads, principals, roles)',
  ],
  [
    "section without likeness",
    { "keyless-cosmos:zzz": 1 },
    "keyless-cosmos:zzz",
    '"zzz" is not a known key',
    "use a known key; known keys: environment, dataLoss, allowedAddresses, cosmos, workloads, principals, roles",
  ],
  [
    "location under our namespace",
    { "keyless-cosmos:location": "x" },
    "keyless-cosmos:location",
    '"location" is not a known key',
    "use a known key; known keys: environment, dataLoss, allowedAddresses, cosmos, workloads, principals, roles",
  ],
  [
    "dataLoss unknown",
    { "keyless-cosmos:dataLoss": "alowed" },
    "keyless-cosmos:dataLoss",
    '"alowed" is not a known value',
    'did you mean "allowed"? (known values: refused, allowed)',
  ],
  [
    "address without prefix",
    { "keyless-cosmos:allowedAddresses": ["203.0.113.7"] },
    "keyless-cosmos:allowedAddresses[0]",
    '"203.0.113.7" lacks its prefix length',
    "for this one address write 203.0.113.7/32",
  ],
  [
    "address of everyone",
    { "keyless-cosmos:allowedAddresses": ["::/0"] },
    "keyless-cosmos:allowedAddresses[0]",
    '"::/0" admits everyone',
    "list the ranges that callers really come from",
  ],
  [
    "address with a long prefix",
    { "keyless-cosmos:allowedAddresses": ["10.0.0.0/33"] },
    "keyless-cosmos:allowedAddresses[0]",
    '"/33" is no prefix length here',
    "use /1 to /32",
  ],
  [
    "address that is none",
    { "keyless-cosmos:allowedAddresses": ["office"] },
    "keyless-cosmos:allowedAddresses[0]",
    '"office" is no address range',
    "write it in CIDR form, e.g. 203.0.113.0/24",
  ],
  [
    "addresses as text",
    { "keyless-cosmos:allowedAddresses": "10.0.0.0/8" },
    "keyless-cosmos:allowedAddresses",
    "must be a list, not text",
    "write an object with names as keys",
  ],
  [
    "partition key as text",
    withContainer({ partitionKey: "/tenantId" }),
    `${CONTAINER}.partitionKey`,
    "must be a list, not text",
    "write for example: partitionKey: [/tenantId]",
  ],
  [
    "partition key empty",
    withContainer({ partitionKey: [] }),
    `${CONTAINER}.partitionKey`,
    "has 0 levels",
    "list one path, or two or three for a hierarchical key",
  ],
  [
    "partition key too deep",
    withContainer({ partitionKey: ["/a", "/b", "/c", "/d"] }),
    `${CONTAINER}.partitionKey`,
    "has 4 levels",
    "list one path, or two or three for a hierarchical key",
  ],
  [
    "partition key twice",
    withContainer({ partitionKey: ["/a", "/a"] }),
    `${CONTAINER}.partitionKey`,
    "names /a twice",
    "name each level once",
  ],
  [
    "partition key without slash",
    withContainer({ partitionKey: ["tenantId"] }),
    `${CONTAINER}.partitionKey[0]`,
    '"tenantId" does not start with /',
    "write /tenantId",
  ],
  [
    "partition key with an empty segment",
    withContainer({ partitionKey: ["/a//b"] }),
    `${CONTAINER}.partitionKey[0]`,
    '"/a//b" is not a path to a property',
    'write names after slashes, e.g. /tenantId or /address/city; quote a name with other characters: /"post code"',
  ],
  [
    "throughput key mistyped",
    withContainer({ throughput: { autoscalMax: 1000 } }),
    `${CONTAINER}.throughput.autoscalMax`,
    '"autoscalMax" is not a known key',
    'did you mean "autoscaleMax"? (known keys: autoscaleMax, manual)',
  ],
  [
    "autoscale not in thousands",
    withContainer({ throughput: { autoscaleMax: 1500 } }),
    `${CONTAINER}.throughput.autoscaleMax`,
    "1500 RU/s is no autoscale maximum",
    "use a multiple of 1000 from 1000 to 1000000",
  ],
  [
    "manual too small",
    withContainer({ throughput: { manual: 300 } }),
    `${CONTAINER}.throughput.manual`,
    "300 RU/s is no manual throughput",
    "use a multiple of 100 from 400 up",
  ],
  [
    "throughput as text",
    withContainer({ throughput: { manual: "400" } }),
    `${CONTAINER}.throughput.manual`,
    "must be a number, not text",
    "write for example: manual: 400",
  ],
  [
    "both throughputs",
    withContainer({ throughput: { autoscaleMax: 1000, manual: 400 } }),
    `${CONTAINER}.throughput`,
    "says both autoscaleMax and manual",
    "write either { autoscaleMax: 1000 } or { manual: 400 }",
  ],
  [
    "throughput empty",
    withContainer({ throughput: {} }),
    `${CONTAINER}.throughput`,
    "says no throughput",
    "write either { autoscaleMax: 1000 } or { manual: 400 }",
  ],
  [
    "throughput on serverless",
    {
      "keyless-cosmos:cosmos": {
        capacity: "serverless",
        databases: {
          orders: { throughput: { manual: 400 }, containers: { orders: { partitionKey: ["/a"] } } },
        },
      },
    },
    "keyless-cosmos:cosmos.databases.orders.throughput",
    "a serverless account has no throughput to set",
    "remove throughput, or set keyless-cosmos:cosmos.capacity to provisioned",
  ],
  [
    "backup unknown",
    { "keyless-cosmos:cosmos": { backup: "periodic", databases: {} }, "keyless-cosmos:workloads": {} },
    "keyless-cosmos:cosmos.backup",
    '"periodic" is not a known value',
    "use a known value; known values: continuous7Days, continuous30Days",
  ],
  [
    "database without containers",
    withDatabases({ orders: {} }),
    "keyless-cosmos:cosmos.databases.orders.containers",
    "is missing",
    "write for example: containers: { orders: { partitionKey: [/tenantId] } }",
  ],
  [
    "database called account",
    withDatabases({ account: { containers: {} } }),
    "keyless-cosmos:cosmos.databases.account",
    "a grant's scope `account` means the whole account, so no database may have this name",
    "name the database otherwise, e.g. accounts",
  ],
  [
    "database with forbidden letters",
    withDatabases({ "a/b#c": { containers: {} } }),
    'keyless-cosmos:cosmos.databases["a/b#c"]',
    '"a/b#c" holds / #, which Cosmos DB allows in no id',
    "use letters, digits, hyphens and underscores",
  ],
  [
    "container ending with a space",
    withDatabases({ d: { containers: { "c ": { partitionKey: ["/a"] } } } }),
    'keyless-cosmos:cosmos.databases.d.containers["c "]',
    '"c " ends with a space',
    "remove the space",
  ],
  [
    "container with a long id",
    withDatabases({ d: { containers: { ["c".repeat(256)]: { partitionKey: ["/a"] } } } }),
    `keyless-cosmos:cosmos.databases.d.containers.${"c".repeat(256)}`,
    "the id has 256 characters",
    "use at most 255",
  ],
  [
    "workload name",
    { "keyless-cosmos:workloads": { Orders_API: workload } },
    "keyless-cosmos:workloads.Orders_API",
    '"Orders_API" cannot be used as a name',
    `${SHORT_NAME_FIX} 32 characters`,
  ],
  [
    "workload empty",
    { "keyless-cosmos:workloads": { api: null } },
    "keyless-cosmos:workloads.api",
    "must be an object, not empty",
    "write an object with the keys host, access, grants",
  ],
  [
    "host not supported",
    withWorkload({ host: "virtualMachine" }),
    "keyless-cosmos:workloads.orders-api.host",
    "host virtualMachine is not supported yet",
    "use appService, the only host for now",
  ],
  [
    "host unknown",
    withWorkload({ host: "appServices" }),
    "keyless-cosmos:workloads.orders-api.host",
    '"appServices" is not a known value',
    'did you mean "appService"? (known values: appService, virtualMachine)',
  ],
  [
    "access not supported",
    withWorkload({ access: "accountKeys" }),
    "keyless-cosmos:workloads.orders-api.access",
    "access by accountKeys is not supported yet",
    "use managedIdentity, the only access for now",
  ],
  [
    "grants missing",
    withWorkload({ grants: undefined }),
    "keyless-cosmos:workloads.orders-api.grants",
    "is missing",
    "write for example: grants: []",
  ],
  [
    "role unknown",
    withGrant({ role: "contributer" }),
    `${GRANT}.role`,
    '"contributer" is not a role',
    'did you mean "contributor"? (known roles: reader, contributor); or define it under keyless-cosmos:roles',
  ],
  [
    "scope not declared",
    withGrant({ scope: "orders/order" }),
    `${GRANT}.scope`,
    '"orders/order" is not declared under keyless-cosmos:cosmos.databases',
    'did you mean "orders/orders"? (known scopes: account, orders, orders/orders)',
  ],
  [
    "scope as a slash",
    withGrant({ scope: "/" }),
    `${GRANT}.scope`,
    '"/" is not a scope',
    "write account, <database> or <database>/<container>, e.g. orders/orders",
  ],
  [
    "scope as Cosmos DB stores it",
    withGrant({ scope: "/dbs/orders/colls/orders" }),
    `${GRANT}.scope`,
    '"/dbs/orders/colls/orders" is not how a scope is written here',
    "write orders/orders",
  ],
  [
    "scope as resource manager writes it",
    withGrant({ scope: "/sqlDatabases/orders" }),
    `${GRANT}.scope`,
    '"/sqlDatabases/orders" is not how a scope is written here',
    "write orders",
  ],
  [
    "justification blank",
    withGrant({ justification: "  " }),
    `${GRANT}.justification`,
    "is empty",
    "write for example: Writes orders placed in the shop",
  ],
  [
    "owner missing",
    withGrant({ owner: undefined }),
    `${GRANT}.owner`,
    "is missing",
    "write for example: owner: team-orders",
  ],
  [
    "review date not real",
    withGrant({ reviewBy: "2027-02-30" }),
    `${GRANT}.reviewBy`,
    '"2027-02-30" is not a date',
    "write a real date as YYYY-MM-DD, e.g. 2027-02-20",
  ],
  [
    "review date as words",
    withGrant({ reviewBy: "next year" }),
    `${GRANT}.reviewBy`,
    '"next year" is not a date',
    "write a real date as YYYY-MM-DD, e.g. 2027-02-20",
  ],
  [
    "grant twice",
    withWorkload({ grants: [grant, { ...grant, owner: "other" }] }),
    "keyless-cosmos:workloads.orders-api.grants[1]",
    "grants reader on orders/orders again, as grants[0] does",
    "remove one of the two",
  ],
  [
    "grant key mistyped",
    withGrant({ justificaton: "x" }),
    `${GRANT}.justificaton`,
    '"justificaton" is not a known key',
    'did you mean "justification"? (known keys: role, scope, justification, owner, reviewBy)',
  ],
  [
    "principal without identity",
    principal({}),
    "keyless-cosmos:principals.ana",
    "says neither objectId nor deployer",
    "write either objectId: <GUID> or deployer: true (whoever runs the deployment)",
  ],
  [
    "principal with both identities",
    principal({ objectId: ID, deployer: true }),
    "keyless-cosmos:principals.ana",
    "says both objectId and deployer",
    "write either objectId: <GUID> or deployer: true (whoever runs the deployment)",
  ],
  [
    "object id malformed",
    principal({ objectId: "ana@example.org" }),
    "keyless-cosmos:principals.ana.objectId",
    '"ana@example.org" is no object id',
    "write the GUID of the user, group or service principal (not of the app registration): az ad sp show --id <appId> --query id",
  ],
  [
    "principal twice",
    {
      "keyless-cosmos:principals": {
        ana: { objectId: ID, grants: [] },
        anna: { objectId: ID.toUpperCase(), grants: [] },
      },
    },
    "keyless-cosmos:principals.anna",
    'is the same principal as "ana"',
    "move its grants to keyless-cosmos:principals.ana",
  ],
  [
    "principal named as a workload",
    { "keyless-cosmos:principals": { "orders-api": { deployer: true, grants: [] } } },
    "keyless-cosmos:principals.orders-api",
    '"orders-api" is a workload too',
    "give the principal another name, so that a grant says whose it is",
  ],
  [
    "role hides a built-in one",
    role("reader", [`${PREFIX}/readMetadata`]),
    "keyless-cosmos:roles.reader",
    '"reader" is a built-in role',
    "give the role another name",
  ],
  [
    "role without actions",
    role("writer", []),
    "keyless-cosmos:roles.writer.dataActions",
    "lists no data action",
    "list what the role may do, or remove the role",
  ],
  [
    "role with a mistyped action",
    role("writer", [`${PREFIX}/readMetadat`]),
    "keyless-cosmos:roles.writer.dataActions[0]",
    `"${PREFIX}/readMetadat" is not a data action`,
    `did you mean "${PREFIX}/readMetadata"? (known data actions: ${["readMetadata", "sqlDatabases/containers/items/create", "sqlDatabases/containers/items/read", "sqlDatabases/containers/items/replace", "sqlDatabases/containers/items/upsert", "sqlDatabases/containers/items/delete", "sqlDatabases/containers/executeQuery", "sqlDatabases/containers/readChangeFeed", "sqlDatabases/containers/executeStoredProcedure", "sqlDatabases/containers/manageConflicts"].map((action) => `${PREFIX}/${action}`).join(", ")})`,
  ],
  [
    "role with a wide wildcard",
    role("writer", [`${PREFIX}/*`]),
    "keyless-cosmos:roles.writer.dataActions[0]",
    `"${PREFIX}/*" is not a wildcard that a role may hold`,
    `use ${PREFIX}/sqlDatabases/containers/* or ${PREFIX}/sqlDatabases/containers/items/*, or list the actions`,
  ],
];

describe("each fault is reported with its path, what is wrong and the fix", () => {
  test.each(cases)("%s", (_what, change, path, problem, fix) => {
    expect(faultsOf({ ...baseline(), ...change })).toEqual([{ path, problem, fix }]);
  });
});

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
        grants: [{ ...grant, scope: { database: "orders", container: "orders" } }],
      },
    ],
    principals: [],
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
      fix: "grant to groups (keyless-cosmos:principals with a group's objectId), or on wider scopes",
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
        access: "clientSecret",
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
  expect(overdueGrants(settings, "2027-02-20")).toEqual([]);
  expect(overdueGrants(settings, "2027-02-21").map(overdueWarning)).toEqual([
    "orders-api holds reader on orders/orders, which was due for review on 2027-02-20: " +
      "ask team-report whether it is still needed, then set a new reviewBy or remove the grant.",
  ]);
});

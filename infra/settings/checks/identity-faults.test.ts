import { expect, test } from "@jest/globals";
import {
  baseline,
  type FaultCase,
  faultsOf,
  grant,
  ID,
  SHORT_NAME_FIX,
  withWorkload,
  workload,
} from "../../testing/settings-baseline.ts";
import { parseSettings } from "../parse.ts";
import { reminders } from "../reminders.ts";

const application = (changes: object) => ({
  "keyless-cosmos:applications": { pipeline: { grants: [], ...changes } },
});
const group = (members: readonly unknown[]) => ({
  "keyless-cosmos:groups": { analysts: { members, grants: [] } },
});
const developers = { "keyless-cosmos:developers": { members: ["ana@shop.org"], grants: [grant] } };
const appRole = { description: "May export", allowedFor: ["applications"] };
const KNOWN_CALLERS = "known callers: orders-api, deployer";
const deployer = { "keyless-cosmos:principals": { deployer: { deployer: true, grants: [] } } };

test("every kind of holder may call a workload, and tokens name groups as such", () => {
  const settings = parseSettings({
    ...baseline(),
    ...application({}),
    ...group([]),
    ...developers,
    "keyless-cosmos:identities": { agent: { grants: [] } },
    "keyless-cosmos:principals": {
      deployer: { deployer: true, grants: [] },
      auditors: { objectId: ID, kind: "group", grants: [] },
    },
    ...withWorkload({
      callers: ["deployer", "auditors", "pipeline", "agent", "analysts", "developers", "orders-api"],
    }),
  });
  expect(settings.workloads[0]?.callers.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    "deployer: principal",
    "auditors: group",
    "pipeline: principal",
    "agent: principal",
    "analysts: group",
    "developers: group",
    "orders-api: principal",
  ]);
  expect(settings.groups.map(({ name }) => name)).toEqual(["analysts", "developers"]);
});

test("members are people by their name, or anybody by object id", () => {
  const [analysts] = parseSettings({
    ...baseline(),
    ...group(["ana@shop.org", ID.toUpperCase(), "bo_other.org#EXT#@shop.onmicrosoft.com"]),
  }).groups;
  expect(analysts?.members).toEqual([
    { userPrincipalName: "ana@shop.org" },
    { objectId: ID },
    { userPrincipalName: "bo_other.org#EXT#@shop.onmicrosoft.com" },
  ]);
});

const cases: readonly FaultCase[] = [
  [
    "a caller that nobody declares",
    { ...deployer, ...withWorkload({ callers: ["deploier"] }) },
    "keyless-cosmos:workloads.orders-api.callers[0]",
    '"deploier" is declared nowhere',
    `did you mean "deployer"? (${KNOWN_CALLERS})`,
  ],
  [
    "a caller twice",
    { ...deployer, ...withWorkload({ callers: ["deployer", "deployer"] }) },
    "keyless-cosmos:workloads.orders-api.callers[1]",
    '"deployer" is listed already',
    "remove it here",
  ],
  [
    "developers as callers where there are none",
    withWorkload({ callers: ["developers"] }),
    "keyless-cosmos:workloads.orders-api.callers[0]",
    "there are no developers here",
    "declare keyless-cosmos:developers (in dev only), or remove the caller",
  ],
  [
    "developers outside dev",
    { ...developers, "keyless-cosmos:environment": "prod" },
    "keyless-cosmos:developers",
    "developers hold grants in dev only, and this is prod",
    "remove keyless-cosmos:developers; grant to a workload or a pipeline's application instead",
  ],
  [
    "an example outside dev",
    { "keyless-cosmos:example": true, "keyless-cosmos:environment": "staging" },
    "keyless-cosmos:example",
    "an example stands in dev only, and this is staging",
    "remove keyless-cosmos:example, and write real issuers and subjects",
  ],
  [
    "a client secret without an end of its migration",
    withWorkload({ access: "clientSecret" }),
    "keyless-cosmos:workloads.orders-api.migrationEnds",
    "is missing, and a client secret is for a migration only",
    'say when it ends, e.g. migrationEnds: "2027-01-31", or use access: managedIdentity',
  ],
  [
    "the end of no migration",
    withWorkload({ migrationEnds: "2027-01-31" }),
    "keyless-cosmos:workloads.orders-api.migrationEnds",
    "access by managedIdentity migrates from nothing",
    "remove migrationEnds",
  ],
  [
    "an end that is no date",
    withWorkload({ access: "clientSecret", migrationEnds: "2027-02-30" }),
    "keyless-cosmos:workloads.orders-api.migrationEnds",
    '"2027-02-30" is not a date',
    "write a real date as YYYY-MM-DD, e.g. 2027-01-31",
  ],
  [
    "a today that is no date",
    { "keyless-cosmos:today": "tomorrow" },
    "keyless-cosmos:today",
    '"tomorrow" is not a date',
    "write a real date as YYYY-MM-DD, e.g. 2026-11-25",
  ],
  [
    "an application named as a workload",
    { "keyless-cosmos:applications": { "orders-api": { grants: [] } } },
    "keyless-cosmos:applications.orders-api",
    '"orders-api" is a workload too',
    "give the application another name, so that a grant says whose it is",
  ],
  [
    "a group named as an application",
    { ...application({}), "keyless-cosmos:groups": { pipeline: { members: [], grants: [] } } },
    "keyless-cosmos:groups.pipeline",
    '"pipeline" is an application too',
    "give the group another name, so that a grant says whose it is",
  ],
  [
    "a group named as the developers",
    { "keyless-cosmos:groups": { developers: { members: [], grants: [] } } },
    "keyless-cosmos:groups.developers",
    '"developers" is the name of keyless-cosmos:developers',
    "give the group another name, so that a grant says whose it is",
  ],
  [
    "an application's name",
    { "keyless-cosmos:applications": { Pipeline: { grants: [] } } },
    "keyless-cosmos:applications.Pipeline",
    '"Pipeline" cannot be used as a name',
    `${SHORT_NAME_FIX} 32 characters`,
  ],
  [
    "a member by first name",
    group(["ana"]),
    "keyless-cosmos:groups.analysts.members[0]",
    '"ana" is neither a user principal name nor an object id',
    "write the name that the person signs in with, or the GUID of a user, group or service principal",
  ],
  [
    "a member twice",
    group(["ana@shop.org", "Ana@Shop.org"]),
    "keyless-cosmos:groups.analysts.members[1]",
    '"Ana@Shop.org" is listed already',
    "remove it here",
  ],
  [
    "a developer twice",
    { "keyless-cosmos:developers": { members: [ID, ID.toUpperCase()], grants: [] } },
    "keyless-cosmos:developers.members[1]",
    `"${ID.toUpperCase()}" is listed already`,
    "remove it here",
  ],
  [
    "a grant of the developers on what is not declared",
    { "keyless-cosmos:developers": { members: [], grants: [{ ...grant, scope: "stock" }] } },
    "keyless-cosmos:developers.grants[0].scope",
    '"stock" is not declared under keyless-cosmos:cosmos.databases',
    "use a known scope; known scopes: account, orders, orders/orders",
  ],
  [
    "an owner by name",
    application({ owners: ["ana@shop.org"] }),
    "keyless-cosmos:applications.pipeline.owners[0]",
    '"ana@shop.org" is no object id',
    "write the GUID of a user or service principal: az ad user show --id <upn> --query id",
  ],
  [
    "an app role for nobody",
    application({ appRoles: { "Orders.Export": { ...appRole, allowedFor: [] } } }),
    'keyless-cosmos:applications.pipeline.appRoles["Orders.Export"].allowedFor',
    "lists nobody who may get the role",
    "write [applications], [users] or both",
  ],
  [
    "an app role that no token can carry",
    application({ appRoles: { "Export orders": appRole } }),
    'keyless-cosmos:applications.pipeline.appRoles["Export orders"]',
    '"Export orders" cannot stand in a token',
    "use letters, digits and dots without spaces, e.g. Orders.Read, at most 120 characters",
  ],
  [
    "a scope named as an app role",
    application({ appRoles: { Export: appRole }, scopes: { Export: { description: "Export" } } }),
    "keyless-cosmos:applications.pipeline.scopes.Export",
    '"Export" is an app role too',
    "name the scope otherwise: Entra keeps both in one list",
  ],
  [
    "access to what is no API",
    application({ access: ["cosmosDb"] }),
    "keyless-cosmos:applications.pipeline.access[0]",
    '"cosmosDb" is no API that is known here',
    "use a known API; known APIs: azureCosmosDb, orders-api",
  ],
  [
    "a deployer as a group",
    { "keyless-cosmos:principals": { me: { deployer: true, kind: "group", grants: [] } } },
    "keyless-cosmos:principals.me.kind",
    "whoever runs the deployment is no group",
    "remove kind, or write the group's objectId in place of deployer",
  ],
];

test.each(cases)("a fault in who there is: %s", (_what, change, path, problem, fix) => {
  expect(faultsOf({ ...baseline(), ...change })).toEqual([{ path, problem, fix }]);
});

test("a migration whose end has passed is no fault, but is found, like an overdue grant of a group", () => {
  const settings = parseSettings({
    ...baseline(),
    ...developers,
    "keyless-cosmos:today": "2027-03-01",
    "keyless-cosmos:workloads": {
      "orders-api": { ...workload, access: "clientSecret", migrationEnds: "2027-01-31", grants: [] },
    },
  });
  expect(settings.today).toBe("2027-03-01");
  expect(reminders(settings, "2027-01-31")).toEqual([]);
  expect(reminders(settings, "2027-03-01")).toEqual([
    "developers holds reader on orders/orders, which was due for review on 2027-02-20: " +
      "ask team-report whether it is still needed, then set a new reviewBy or remove the grant.",
    "orders-api still reaches Cosmos DB with a client secret, which was to end on 2027-01-31: " +
      "set its access to managedIdentity and remove migrationEnds, or agree on a new date.",
  ]);
});

import { ChangeFeedStartFrom, type CosmosClient, ErrorResponse } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

const prefix = "Microsoft.DocumentDB/databaseAccounts";
const orderTaker = "22222222-2222-4222-8222-222222222222";
/** Takes orders and looks them up, but neither changes nor removes any, and follows no feed. */
const orderTakerActions = [
  `${prefix}/readMetadata`,
  `${prefix}/sqlDatabases/containers/items/create`,
  `${prefix}/sqlDatabases/containers/items/read`,
  `${prefix}/sqlDatabases/containers/executeQuery`,
];
const roles = { Reader: "reader", Contributor: "contributor", custom: orderTaker } as const;
const scopes = {
  account: "",
  database: "/dbs/orders",
  container: "/dbs/orders/colls/orders",
  "other container": "/dbs/orders/colls/other",
} as const;

interface Call {
  readonly client: CosmosClient;
  /** Id of an item in the partition `p` of `orders/orders`; seeded with `n` of 0 where the operation needs one. */
  readonly id: string;
}

interface Operation {
  readonly seeded: boolean;
  /** Answers the status of a success. */
  readonly call: (call: Call) => Promise<number>;
}

const orders = ({ client }: Call) => client.database("orders").container("orders");
const item = (call: Call) => orders(call).item(call.id, "p");
const body = ({ id }: Call) => ({ id, pk: "p", n: 1 });
const startOfPartition = { changeFeedStartFrom: ChangeFeedStartFrom.Beginning("p") };

const operations: Readonly<Record<string, Operation>> = {
  "account read": {
    seeded: false,
    async call({ client }) {
      expect((await client.getDatabaseAccount()).resource?.writableLocations).toHaveLength(1);
      return 200;
    },
  },
  "database read": {
    seeded: false,
    call: async ({ client }) => (await client.database("orders").read()).statusCode,
  },
  "container read": { seeded: false, call: async (call) => (await orders(call).read()).statusCode },
  "container create": {
    seeded: false,
    call: async ({ client, id }) =>
      (await client.database("orders").containers.create({ id, partitionKey: "/pk" })).statusCode,
  },
  "point read": { seeded: true, call: async (call) => (await item(call).read()).statusCode },
  query: {
    seeded: true,
    async call(call) {
      const asked = {
        query: "SELECT VALUE c.n FROM c WHERE c.id = @id",
        parameters: [{ name: "@id", value: call.id }],
      };
      const { resources } = await orders(call).items.query(asked, { partitionKey: "p" }).fetchAll();
      expect(resources).toEqual([0]);
      return 200;
    },
  },
  "change feed": {
    seeded: true,
    call: async (call) =>
      (await orders(call).items.getChangeFeedIterator(startOfPartition).readNext()).statusCode,
  },
  create: { seeded: false, call: async (call) => (await orders(call).items.create(body(call))).statusCode },
  upsert: { seeded: true, call: async (call) => (await orders(call).items.upsert(body(call))).statusCode },
  replace: { seeded: true, call: async (call) => (await item(call).replace(body(call))).statusCode },
  patch: {
    seeded: true,
    call: async (call) => (await item(call).patch([{ op: "set", path: "/n", value: 1 }])).statusCode,
  },
  delete: { seeded: true, call: async (call) => (await item(call).delete()).statusCode },
  "batch of create and replace": {
    seeded: true,
    async call(call) {
      const created = { ...body(call), id: `${call.id} too` };
      const answer = await orders(call).items.batch(
        [
          { operationType: "Create", resourceBody: created },
          { operationType: "Replace", id: call.id, resourceBody: body(call) },
        ],
        "p",
      );
      return answer.code ?? 0;
    },
  },
};

/**
 * What `@azure/cosmos` sees when it works on `orders/orders`: the status, after a slash the substatus. From "Built-in
 * roles" and "Data actions" of https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security: reading
 * the account takes readMetadata at any scope, the SDK's query takes readChangeFeed too, no token makes containers. The
 * SDK reads the account first, so without any role that refusal is seen whatever was called.
 */
const table = `
operation                    role         none      account   database  container other
account read                 -            403/5301  -         -         -         -
account read                 Reader       -         200       200       200       200
account read                 Contributor  -         200       200       200       200
account read                 custom       -         200       200       200       200
database read                -            403/5301  -         -         -         -
database read                Reader       -         200       200       403/5301  403/5301
database read                Contributor  -         200       200       403/5301  403/5301
database read                custom       -         200       200       403/5301  403/5301
container read               -            403/5301  -         -         -         -
container read               Reader       -         200       200       200       403/5301
container read               Contributor  -         200       200       200       403/5301
container read               custom       -         200       200       200       403/5301
container create             -            403/5301  -         -         -         -
container create             Reader       -         403/5300  403/5300  403/5300  403/5300
container create             Contributor  -         403/5300  403/5300  403/5300  403/5300
container create             custom       -         403/5300  403/5300  403/5300  403/5300
point read                   -            403/5301  -         -         -         -
point read                   Reader       -         200       200       200       403/5301
point read                   Contributor  -         200       200       200       403/5301
point read                   custom       -         200       200       200       403/5301
query                        -            403/5301  -         -         -         -
query                        Reader       -         200       200       200       403/5301
query                        Contributor  -         200       200       200       403/5301
query                        custom       -         403/5301  403/5301  403/5301  403/5301
change feed                  -            403/5301  -         -         -         -
change feed                  Reader       -         200       200       200       403/5301
change feed                  Contributor  -         200       200       200       403/5301
change feed                  custom       -         403/5301  403/5301  403/5301  403/5301
create                       -            403/5301  -         -         -         -
create                       Reader       -         403/5301  403/5301  403/5301  403/5301
create                       Contributor  -         201       201       201       403/5301
create                       custom       -         201       201       201       403/5301
upsert                       -            403/5301  -         -         -         -
upsert                       Reader       -         403/5301  403/5301  403/5301  403/5301
upsert                       Contributor  -         200       200       200       403/5301
upsert                       custom       -         403/5301  403/5301  403/5301  403/5301
replace                      -            403/5301  -         -         -         -
replace                      Reader       -         403/5301  403/5301  403/5301  403/5301
replace                      Contributor  -         200       200       200       403/5301
replace                      custom       -         403/5301  403/5301  403/5301  403/5301
patch                        -            403/5301  -         -         -         -
patch                        Reader       -         403/5301  403/5301  403/5301  403/5301
patch                        Contributor  -         200       200       200       403/5301
patch                        custom       -         403/5301  403/5301  403/5301  403/5301
delete                       -            403/5301  -         -         -         -
delete                       Reader       -         403/5301  403/5301  403/5301  403/5301
delete                       Contributor  -         204       204       204       403/5301
delete                       custom       -         403/5301  403/5301  403/5301  403/5301
batch of create and replace  -            403/5301  -         -         -         -
batch of create and replace  Reader       -         403/5301  403/5301  403/5301  403/5301
batch of create and replace  Contributor  -         200       200       200       403/5301
batch of create and replace  custom       -         403/5301  403/5301  403/5301  403/5301
`;

interface Row {
  readonly operation: string;
  readonly role: keyof typeof roles | "-";
  /** By scope in the order of `scopes`; one cell where there is no role. */
  readonly expected: readonly string[];
}

const rows = table
  .trim()
  .split("\n")
  .slice(1)
  .map((line): Row => {
    const [operation = "", role = "", ...cells] = line.split(/ {2,}/);
    return { operation, role: role as Row["role"], expected: cells.filter((cell) => cell !== "-") };
  });

let cosmos: TestCosmos;
const clients = new Map<string, CosmosClient>();

beforeAll(async () => {
  cosmos = await startTestCosmos();
  await cosmos.container("other");
  await cosmos.define(orderTaker, orderTakerActions);
  clients.set("-", cosmos.client(cosmos.principal("without any role")));
  for (const [role, definition] of Object.entries(roles)) {
    for (const [scope, path] of Object.entries(scopes)) {
      const principal = cosmos.principal(`${role} on ${scope}`);
      await cosmos.grant(principal, definition, path);
      clients.set(`${role} on ${scope}`, cosmos.client(principal));
    }
  }
});
afterAll(() => cosmos.close());

test("the table has every operation with every role at every scope", () => {
  const wanted = Object.keys(operations).flatMap((operation) =>
    ["-", ...Object.keys(roles)].map((role) => [
      operation,
      role,
      role === "-" ? 1 : Object.keys(scopes).length,
    ]),
  );
  expect(rows.map(({ operation, role, expected }) => [operation, role, expected.length])).toEqual(wanted);
});

describe.each(rows)("$operation with the role $role", ({ operation, role, expected }) => {
  const principals = role === "-" ? ["-"] : Object.keys(scopes).map((scope) => `${role} on ${scope}`);

  test.each(principals.map((principal, index) => [principal, expected[index]]))(
    "%s: %s",
    async (principal = "", wanted = "") => {
      const { seeded, call } = operations[operation] as Operation;
      const client = clients.get(principal) as CosmosClient;
      const id = `${operation} ${principal}`;
      if (seeded) await cosmos.items("orders").items.create({ id, pk: "p", n: 0 });
      const before = await cosmos.items("orders").item(id, "p").read();
      expect(await outcomeOf(call({ client, id }))).toBe(wanted);
      if (!wanted.startsWith("403")) return;
      const after = await cosmos.items("orders").item(id, "p").read();
      expect([after.statusCode, after.resource]).toEqual([before.statusCode, before.resource]);
    },
  );
});

/**
 * The status of an SDK call; of a refused one with its substatus, which some calls keep in the headers or the cause. The
 * change feed's iterator drops both where its container cannot be read: then the answer itself tells.
 */
async function outcomeOf(call: Promise<number>): Promise<string> {
  try {
    return String(await call);
  } catch (error) {
    const refused = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (!(refused instanceof ErrorResponse)) throw error;
    const answered = cosmos.requests.at(-1);
    const substatus = refused.substatus ?? refused.headers?.["x-ms-substatus"] ?? answered?.substatus;
    return `${refused.code ?? answered?.status}/${substatus}`;
  }
}

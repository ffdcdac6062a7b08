import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  await cosmos.container("other");
  await cosmos.items("orders").items.create({ id: "a", pk: "p" });
});
afterAll(() => cosmos.close());

const prefix = "Microsoft.DocumentDB/databaseAccounts";
const items = `${prefix}/sqlDatabases/containers/items`;
const docs = "/dbs/orders/colls/orders/docs";
const pk = { "x-ms-documentdb-partitionkey": '["p"]' };
const query = { ...pk, "x-ms-documentdb-isquery": "True", "content-type": "application/query+json" };

interface Asked {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Written out from the reference's table, not computed. */
  readonly actions: readonly string[];
  readonly resource: string;
}

const asked: readonly Asked[] = [
  { name: "read the account", method: "GET", path: "/", actions: [`${prefix}/readMetadata`], resource: "/" },
  { name: "list databases", method: "GET", path: "/dbs", actions: [`${prefix}/readMetadata`], resource: "/" },
  {
    name: "read a database",
    method: "GET",
    path: "/dbs/orders",
    actions: [`${prefix}/readMetadata`],
    resource: "dbs/orders",
  },
  {
    name: "list containers",
    method: "GET",
    path: "/dbs/orders/colls",
    actions: [`${prefix}/readMetadata`],
    resource: "dbs/orders",
  },
  {
    name: "read a container",
    method: "GET",
    path: "/dbs/orders/colls/orders",
    actions: [`${prefix}/readMetadata`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "read ranges",
    method: "GET",
    path: "/dbs/orders/colls/orders/pkranges",
    actions: [`${prefix}/readMetadata`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "read an item",
    method: "GET",
    path: `${docs}/a`,
    headers: pk,
    actions: [`${items}/read`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "create an item",
    method: "POST",
    path: docs,
    headers: pk,
    body: { id: "new", pk: "p" },
    actions: [`${items}/create`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "upsert an item",
    method: "POST",
    path: docs,
    headers: { ...pk, "x-ms-documentdb-is-upsert": "True" },
    body: { id: "a", pk: "p" },
    actions: [`${items}/upsert`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "replace an item",
    method: "PUT",
    path: `${docs}/a`,
    headers: pk,
    body: { id: "a", pk: "p" },
    actions: [`${items}/replace`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "patch an item",
    method: "PATCH",
    path: `${docs}/a`,
    headers: pk,
    body: [{ op: "set", path: "/n", value: 1 }],
    actions: [`${items}/replace`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "query",
    method: "POST",
    path: docs,
    headers: query,
    body: { query: "SELECT * FROM c" },
    actions: [
      `${prefix}/sqlDatabases/containers/executeQuery`,
      `${prefix}/sqlDatabases/containers/readChangeFeed`,
    ],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "plan a query",
    method: "POST",
    path: docs,
    headers: { ...query, "x-ms-cosmos-is-query-plan-request": "True" },
    body: { query: "SELECT * FROM c" },
    actions: [`${prefix}/sqlDatabases/containers/executeQuery`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "read the feed",
    method: "GET",
    path: docs,
    actions: [`${prefix}/sqlDatabases/containers/readChangeFeed`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "read the change feed",
    method: "GET",
    path: docs,
    headers: { "a-im": "Incremental feed" },
    actions: [`${prefix}/sqlDatabases/containers/readChangeFeed`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "delete an item",
    method: "DELETE",
    path: `${docs}/new`,
    headers: pk,
    actions: [`${items}/delete`],
    resource: "dbs/orders/colls/orders",
  },
  {
    name: "delete a partition",
    method: "POST",
    path: "/dbs/orders/colls/orders/operations/partitionkeydelete",
    headers: { "x-ms-documentdb-partitionkey": '["none"]' },
    actions: [`${items}/delete`],
    resource: "dbs/orders/colls/orders",
  },
];

async function ask(principal: string, { method, path, headers, body }: Asked) {
  return cosmos.send(method, path, {
    as: principal,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe.each(asked)("to $name", (operation) => {
  test("takes its actions, all of them, and nothing more", async () => {
    const { actions, resource } = operation;
    for (const missing of actions) {
      const principal = cosmos.principal(`${operation.name} without ${missing}`);
      const role = cosmos.platform.ids.uuid();
      const others = [
        ...asked.flatMap((other) => other.actions),
        `${items}/create`,
        `${prefix}/sqlDatabases/containers/manageConflicts`,
      ];
      await cosmos.define(
        role,
        others.filter((action) => action !== missing),
      );
      await cosmos.grant(principal, role);
      const answer = await ask(principal, operation);
      expect([answer.status, answer.headers["x-ms-substatus"], answer.body.code]).toEqual([
        403,
        "5301",
        "Forbidden",
      ]);
      expect(answer.body.message).toContain(
        `Request blocked by Auth shop : Request is blocked because principal [${principal}] does not have required RBAC permissions to perform action [${missing}] on resource [${resource}].`,
      );
    }
    const principal = cosmos.principal(operation.name);
    const role = cosmos.platform.ids.uuid();
    await cosmos.define(role, actions);
    await cosmos.grant(principal, role);
    expect((await ask(principal, operation)).status).toBeLessThan(300);
  });
});

describe("a grant", () => {
  test("on one container opens that one alone, with the whole SDK", async () => {
    const principal = cosmos.principal("narrow");
    await cosmos.grant(principal, "contributor", "/dbs/orders/colls/orders");
    const database = cosmos.client(principal).database("orders");
    await database.container("orders").items.upsert({ id: "narrow", pk: "p" });
    expect(
      (await database.container("orders").items.query("SELECT * FROM c").fetchAll()).resources,
    ).not.toEqual([]);
    const refused = { code: 403, substatus: 5301 };
    await expect(database.container("other").items.query("SELECT * FROM c").fetchAll()).rejects.toMatchObject(
      refused,
    );
    await expect(database.read()).rejects.toMatchObject(refused);
    await expect(database.container("nowhere").read()).rejects.toMatchObject(refused);
  });

  test("opens from the next request on, and ends with it", async () => {
    const principal = cosmos.principal("passing");
    const [, , , , , , readItem] = asked;
    if (readItem === undefined) throw new Error("no operation");
    expect((await ask(principal, readItem)).status).toBe(403);
    const id = await cosmos.grant(principal, "reader", "/dbs/orders");
    expect((await ask(principal, readItem)).status).toBe(200);
    await cosmos.resources.delete(`${cosmos.accountId}/sqlRoleAssignments/${id}`);
    expect((await ask(principal, readItem)).status).toBe(403);
  });

  test("to a group opens to its members", async () => {
    const { directory } = cosmos.entra;
    const group = directory.create({ type: "group", displayName: "team" });
    const member = cosmos.principal("member");
    directory.memberships.add(group.id, member);
    await cosmos.grant(group.id, "reader");
    expect((await cosmos.send("GET", "/dbs", { as: member })).status).toBe(200);
  });
});

describe("a management operation with a token", () => {
  test.each([
    ["POST", "/dbs", { id: "x" }],
    ["DELETE", "/dbs/orders", undefined],
    ["POST", "/dbs/orders/colls", { id: "x", partitionKey: { paths: ["/pk"] } }],
    ["PUT", "/dbs/orders/colls/orders", { id: "orders" }],
    ["DELETE", "/dbs/orders/colls/orders", undefined],
    ["GET", "/offers", undefined],
    ["PUT", "/offers/abc", {}],
    ["POST", "/dbs/orders/users", { id: "u" }],
    ["POST", "/dbs/orders/users/u/permissions", { id: "u" }],
    ["POST", "/dbs/orders/clientencryptionkeys", { id: "k" }],
    ["POST", "/dbs/orders/colls/orders/sprocs", { id: "s" }],
    ["POST", "/dbs/orders/colls/orders/triggers", { id: "t" }],
    ["POST", "/dbs/orders/colls/orders/udfs", { id: "f" }],
  ])("%s %s gives 403/5300", async (method, path, body) => {
    const principal = cosmos.principal("manager");
    await cosmos.grant(principal, "contributor");
    const answer = await cosmos.send(method, path, {
      as: principal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect([answer.status, answer.headers["x-ms-substatus"]]).toEqual([403, "5300"]);
    expect(answer.body.message).toContain(
      `Request blocked by Auth shop : The given request [${method} ${path}] cannot be authorized by AAD token in data plane.`,
    );
  });

  test("that exists only on Azure is refused by name", async () => {
    const principal = cosmos.principal("executor");
    const role = cosmos.platform.ids.uuid();
    await cosmos.define(
      role,
      ["executeStoredProcedure", "manageConflicts"].map(
        (name) => `${prefix}/sqlDatabases/containers/${name}`,
      ),
    );
    await cosmos.grant(principal, role);
    const executed = await cosmos.send("POST", "/dbs/orders/colls/orders/sprocs/s", {
      as: principal,
      body: "[]",
    });
    expect([executed.status, executed.body.code, executed.body.message]).toEqual([
      501,
      "NotImplemented",
      expect.stringContaining("The execution of stored procedures is not supported by the local cloud."),
    ]);
    const conflicts = await cosmos.send("GET", "/dbs/orders/colls/orders/conflicts", { as: principal });
    expect([conflicts.status, conflicts.body.message]).toEqual([
      501,
      expect.stringContaining("The conflict feed"),
    ]);
  });
});

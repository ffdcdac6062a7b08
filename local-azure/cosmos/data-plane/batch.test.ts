import type { JSONObject, OperationInput } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
let principal: string;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  principal = cosmos.principal("batcher");
  await cosmos.grant(principal, "contributor");
});
afterAll(() => cosmos.close());

const countAll = async () =>
  (await cosmos.items("orders").items.query<number>("SELECT VALUE COUNT(1) FROM c").fetchAll()).resources[0];
const create = (id: string, more: JSONObject = {}): OperationInput => ({
  operationType: "Create",
  resourceBody: { id, pk: "p", ...more },
});

describe("a transactional batch", () => {
  test("does all its operations", async () => {
    const { items } = cosmos.items("orders");
    await items.create({ id: "old", pk: "p", n: 1 });
    await items.create({ id: "going", pk: "p" });
    const { code, result } = await items.batch(
      [
        create("new"),
        { operationType: "Upsert", resourceBody: { id: "new", pk: "p", n: 2 } },
        { operationType: "Read", id: "new" },
        { operationType: "Replace", id: "old", resourceBody: { id: "old", pk: "p", n: 3 } },
        {
          operationType: "Patch",
          id: "old",
          resourceBody: { operations: [{ op: "incr", path: "/n", value: 1 }] },
        },
        { operationType: "Delete", id: "going" },
      ],
      "p",
    );
    expect(code).toBe(200);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([201, 200, 200, 200, 200, 204]);
    expect(result?.[2]?.resourceBody).toMatchObject({ id: "new", n: 2, _etag: result?.[2]?.eTag });
    expect((await cosmos.items("orders").item("old", "p").read()).resource).toMatchObject({ n: 4 });
  });

  test.each<[string, OperationInput, number]>([
    ["a create that is taken", create("taken"), 409],
    [
      "a replace of what is missing",
      { operationType: "Replace", id: "none", resourceBody: { id: "none", pk: "p" } },
      404,
    ],
    ["a read of what is missing", { operationType: "Read", id: "none" }, 404],
    ["a stale etag", { operationType: "Delete", id: "taken", ifMatch: '"stale"' } as OperationInput, 412],
    ["an item of another partition", { operationType: "Create", resourceBody: { id: "q", pk: "q" } }, 400],
    [
      "an item without an id",
      { operationType: "Upsert", resourceBody: { id: 7 as unknown as string, pk: "p" } },
      400,
    ],
  ])("with %s leaves nothing behind", async (_name, failing, status) => {
    const { items } = cosmos.items("orders");
    await items.upsert({ id: "taken", pk: "p", n: 1 });
    const before = await countAll();
    const { code, result } = await items.batch(
      [
        create("left behind"),
        { operationType: "Upsert", resourceBody: { id: "taken", pk: "p", n: 2 } },
        failing,
        create("never"),
      ],
      "p",
    );
    expect([code, result?.map(({ statusCode }) => statusCode)]).toEqual([207, [424, 424, status, 424]]);
    expect(await countAll()).toBe(before);
    expect((await cosmos.items("orders").item("taken", "p").read()).resource).toMatchObject({ n: 1 });
    const later = await items.create({ id: `after ${_name}`, pk: "p" });
    expect(later.statusCode).toBe(201);
  });

  test.each<[string, unknown, number, string]>([
    ["no operations", [], 400, "Batch request has no operations."],
    ["101 operations", Array(101).fill(create("x")), 400, "more operations than what is supported: 100"],
    ["an unknown operation", [{ operationType: "Execute" }], 400, 'unknown operationType: "Execute"'],
    ["more than 2 MB", [create("x", { pad: "x".repeat(2 * 1024 * 1024) })], 413, "at most 2 MB"],
  ])("of %s is refused", async (_name, operations, status, message) => {
    const answer = await cosmos.send("POST", "/dbs/orders/colls/orders/docs", {
      as: principal,
      headers: {
        "x-ms-cosmos-is-batch-request": "True",
        "x-ms-cosmos-batch-atomic": "True",
        "x-ms-documentdb-partitionkey": '["p"]',
      },
      body: JSON.stringify(operations),
    });
    expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(message)]);
  });

  test("needs the action of each of its operations", async () => {
    const role = "7f0e0b0e-0000-4000-8000-000000000001";
    const prefix = "Microsoft.DocumentDB/databaseAccounts";
    await cosmos.define(role, [`${prefix}/readMetadata`, `${prefix}/sqlDatabases/containers/items/create`]);
    const creator = cosmos.principal("creator");
    await cosmos.grant(creator, role);
    const { items } = cosmos.client(creator).database("orders").container("orders");
    expect((await items.batch([create("allowed")], "p")).code).toBe(200);
    await expect(
      items.batch([create("refused"), { operationType: "Delete", id: "allowed" }], "p"),
    ).rejects.toMatchObject({
      cause: {
        code: 403,
        substatus: 5301,
        message: expect.stringContaining(`[${prefix}/sqlDatabases/containers/items/delete]`),
      },
    });
    expect((await cosmos.items("orders").item("refused", "p").read()).statusCode).toBe(404);
  });
});

describe("bulk operations", () => {
  test("stand each for itself, over partitions", async () => {
    const { items } = cosmos.items("orders");
    const operations: OperationInput[] = [
      { operationType: "Create", partitionKey: "b1", resourceBody: { id: "1", pk: "b1" } },
      { operationType: "Create", partitionKey: "b2", resourceBody: { id: "1", pk: "b2" } },
      { operationType: "Create", partitionKey: "b1", resourceBody: { id: "1", pk: "b1" } },
      { operationType: "Read", partitionKey: "b2", id: "1" },
      { operationType: "Delete", partitionKey: "b3", id: "1" },
    ];
    const results = await items.executeBulkOperations(operations);
    expect(results.map(({ response, error }) => response?.statusCode ?? error?.code)).toEqual([
      201, 201, 409, 200, 404,
    ]);
    expect(results[3]?.response?.resourceBody).toMatchObject({ pk: "b2" });
  });
});

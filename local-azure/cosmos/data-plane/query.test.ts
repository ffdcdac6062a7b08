import type { Container, FeedOptions, SqlQuerySpec } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
let container: Container;
let principal: string;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  container = cosmos.items("orders");
  for (let n = 0; n < 25; n += 1) {
    await container.items.create({ id: String(n), pk: `p${n % 5}`, n, tags: ["a", `t${n % 2}`] });
  }
  principal = cosmos.principal("reader");
  await cosmos.grant(principal, "reader");
});
afterAll(() => cosmos.close());

/** All pages of a query, each page read with the continuation of the one before, by a new iterator. */
async function pagesOf(query: string | SqlQuerySpec, options: FeedOptions = {}): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  let continuationToken: string | undefined;
  do {
    const iterator = container.items.query(query, { ...options, continuationToken });
    const { resources, continuationToken: next } = await iterator.fetchNext();
    pages.push(resources);
    continuationToken = next;
  } while (continuationToken);
  return pages;
}

describe("a query", () => {
  test.each<[string, string | SqlQuerySpec, unknown[]]>([
    [
      "parameters",
      {
        query: "SELECT VALUE c.n FROM c WHERE c.pk = @p AND c.n > @n",
        parameters: [
          { name: "@p", value: "p1" },
          { name: "@n", value: 10 },
        ],
      },
      [11, 16, 21],
    ],
    ["ORDER BY over partitions", "SELECT VALUE c.n FROM c WHERE c.n < 4 ORDER BY c.n DESC", [3, 2, 1, 0]],
    ["aggregates", "SELECT VALUE SUM(c.n) FROM c", [300]],
    ["COUNT", "SELECT VALUE COUNT(1) FROM c", [25]],
    [
      "GROUP BY",
      "SELECT c.pk, COUNT(1) AS k FROM c WHERE c.n < 7 GROUP BY c.pk",
      [
        { pk: "p0", k: 2 },
        { pk: "p1", k: 2 },
        { pk: "p2", k: 1 },
        { pk: "p3", k: 1 },
        { pk: "p4", k: 1 },
      ],
    ],
    ["TOP, OFFSET and LIMIT", "SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 3 LIMIT 2", [3, 4]],
    ["DISTINCT and JOIN", "SELECT DISTINCT VALUE t FROM c JOIN t IN c.tags", ["a", "t0", "t1"]],
    [
      "system properties",
      "SELECT VALUE IS_DEFINED(c._ts) AND IS_STRING(c._etag) FROM c WHERE c.id = '1'",
      [true],
    ],
  ])("answers %s", async (_name, query, expected) => {
    expect((await container.items.query(query).fetchAll()).resources).toEqual(expected);
  });

  test("sees one partition only where it is asked to", async () => {
    const { resources } = await container.items
      .query("SELECT VALUE c.n FROM c", { partitionKey: "p2" })
      .fetchAll();
    expect(resources).toEqual([2, 7, 12, 17, 22]);
    const none = await container.items
      .query("SELECT * FROM c WHERE c.pk = 'p1'", { partitionKey: "p2" })
      .fetchAll();
    expect(none.resources).toEqual([]);
  });

  test.each<[string, string, FeedOptions]>([
    ["item by item", "SELECT VALUE c.n FROM c WHERE c.n % 2 = 0", { maxItemCount: 4 }],
    ["within one partition", "SELECT VALUE c.n FROM c", { maxItemCount: 2, partitionKey: "p3" }],
    [
      "in the middle of an item's results",
      "SELECT VALUE CONCAT(c.id, t) FROM c JOIN t IN c.tags",
      { maxItemCount: 3 },
    ],
    ["sorted", "SELECT VALUE c.n FROM c ORDER BY c.n DESC", { maxItemCount: 10 }],
    ["without repeats", "SELECT DISTINCT VALUE c.pk FROM c", { maxItemCount: 2 }],
    ["of the first", "SELECT TOP 7 VALUE c.n FROM c", { maxItemCount: 3 }],
  ])("goes page by page %s, as it does at once", async (_name, query, options) => {
    const { maxItemCount = 0, ...rest } = options;
    const pages = await pagesOf(query, options);
    expect(pages.slice(0, -1).every((page) => page.length === maxItemCount)).toBe(true);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual((await container.items.query(query, rest).fetchAll()).resources);
  });

  test("goes on after a restart", async () => {
    const query = "SELECT VALUE c.n FROM c ORDER BY c.n";
    const { continuationToken } = await container.items.query(query, { maxItemCount: 10 }).fetchNext();
    await cosmos.restart();
    const next = await container.items.query(query, { maxItemCount: 10, continuationToken }).fetchNext();
    expect(next.resources).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  test("runs through a plan as well", async () => {
    const iterator = container.items.query("SELECT VALUE c.n FROM c WHERE c.n < 3 ORDER BY c.n DESC", {
      forceQueryPlan: true,
    } as FeedOptions);
    expect((await iterator.fetchAll()).resources).toEqual([2, 1, 0]);
  });

  test.each([
    ["bad syntax", { query: "SELEC * FROM c" }, '"code":"SC1001"'],
    ["an unsupported function", { query: "SELECT VALUE NOSUCH(c) FROM c" }, "NOSUCH"],
    ["no query", {}, "an object with a 'query'"],
    ["a nameless parameter", { query: "SELECT * FROM c", parameters: [{ value: 1 }] }, "begins with '@'"],
  ])("with %s is refused", async (_name, body, message) => {
    const answer = await cosmos.send("POST", "/dbs/orders/colls/orders/docs", {
      as: principal,
      headers: {
        "content-type": "application/query+json",
        "x-ms-documentdb-query-enablecrosspartition": "True",
      },
      body: JSON.stringify(body),
    });
    expect([answer.status, answer.body.code]).toEqual([400, "BadRequest"]);
    expect(answer.body.message).toContain(message);
    expect(answer.body).not.toHaveProperty("additionalErrorInfo");
  });

  test("over partitions is refused unless it is enabled or names one partition", async () => {
    const send = (query: string) =>
      cosmos.send("POST", "/dbs/orders/colls/orders/docs", {
        as: principal,
        headers: { "x-ms-documentdb-isquery": "True", "content-type": "application/query+json" },
        body: JSON.stringify({ query }),
      });
    const refused = await send("SELECT * FROM c");
    expect([refused.status, refused.body.message]).toEqual([
      400,
      expect.stringContaining("Cross partition query is required but disabled"),
    ]);
    expect((await send("SELECT * FROM c WHERE c.pk = 'p1'")).body).toMatchObject({ _count: 5 });
  });

  test("with a malformed continuation is refused", async () => {
    await expect(
      container.items.query("SELECT * FROM c", { continuationToken: "nonsense" }).fetchNext(),
    ).rejects.toMatchObject({
      code: 400,
      body: { message: expect.stringContaining("continuation token is malformed") },
    });
  });
});

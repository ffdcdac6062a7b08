import { ChangeFeedStartFrom, type Container, type PartitionKey } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
let principal: string;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  principal = cosmos.principal("reader");
  await cosmos.grant(principal, "reader");
});
afterAll(() => cosmos.close());

async function fill(id: string): Promise<Container> {
  await cosmos.container(id);
  const container = cosmos.items(id);
  for (let n = 0; n < 10; n += 1) await container.items.create({ id: String(n), pk: `p${n % 2}`, n });
  return container;
}

/** Reads until there is nothing new; answers the numbers seen, by page, and the continuation. */
async function drain(
  container: Container,
  changeFeedStartFrom: ChangeFeedStartFrom,
  maxItemCount = 4,
): Promise<{ pages: number[][]; continuation: string }> {
  const iterator = container.items.getChangeFeedIterator({ changeFeedStartFrom, maxItemCount });
  const pages: number[][] = [];
  for (;;) {
    const page = await iterator.readNext();
    if (page.statusCode === 304) return { pages, continuation: page.continuationToken };
    pages.push((page.result as unknown as { n: number }[]).map(({ n }) => n));
  }
}

describe("the change feed", () => {
  test("gives every item's latest version in the order of writing, by pages", async () => {
    const container = await fill("feed-order");
    await container.item("3", "p1").replace({ id: "3", pk: "p1", n: 30 });
    await container.item("4", "p0").delete();
    const { pages } = await drain(container, ChangeFeedStartFrom.Beginning());
    expect(pages).toEqual([[0, 1, 2, 5], [6, 7, 8, 9], [30]]);
  });

  test("resumes from a continuation, after a restart too", async () => {
    const container = await fill("feed-resume");
    const { continuation } = await drain(container, ChangeFeedStartFrom.Beginning());
    await container.items.upsert({ id: "1", pk: "p1", n: 11 });
    await container.item("9", "p1").delete();
    await cosmos.restart();
    await container.items.create({ id: "new", pk: "p0", n: 12 });
    const resumed = await drain(container, ChangeFeedStartFrom.Continuation(continuation));
    expect(resumed.pages).toEqual([[11, 12]]);
    expect((await drain(container, ChangeFeedStartFrom.Continuation(resumed.continuation))).pages).toEqual(
      [],
    );
  });

  test("begins now, or at a time", async () => {
    const container = await fill("feed-start");
    const { continuation } = await drain(container, ChangeFeedStartFrom.Now());
    cosmos.clock.advance(5_000);
    const middle = cosmos.clock.now();
    await container.items.create({ id: "late", pk: "p0", n: 99 });
    expect((await drain(container, ChangeFeedStartFrom.Continuation(continuation))).pages).toEqual([[99]]);
    expect((await drain(container, ChangeFeedStartFrom.Time(middle))).pages).toEqual([[99]]);
    const early = new Date(middle.getTime() - 60_000);
    expect((await drain(container, ChangeFeedStartFrom.Time(early), 100)).pages.flat()).toHaveLength(11);
  });

  test("keeps to a partition, a prefix of one, and a feed range", async () => {
    const container = await fill("feed-scope");
    expect(
      (await drain(container, ChangeFeedStartFrom.Beginning("p1" as unknown as PartitionKey))).pages,
    ).toEqual([[1, 3, 5, 7], [9]]);
    const [range] = await container.getFeedRanges();
    if (range === undefined) throw new Error("no feed range");
    expect((await drain(container, ChangeFeedStartFrom.Beginning(range), 100)).pages.flat()).toHaveLength(10);

    await cosmos.container("feed-tree", { partitionKey: ["/tenant", "/user"] });
    const tree = cosmos.items("feed-tree");
    for (let n = 0; n < 6; n += 1)
      await tree.items.create({ id: String(n), tenant: `t${n % 2}`, user: n, n });
    expect((await drain(tree, ChangeFeedStartFrom.Beginning(["t1"]), 2)).pages).toEqual([[1, 3], [5]]);
  });

  test("shows the number of each change, and refuses other modes and malformed positions", async () => {
    await fill("feed-wire");
    const get = (headers: Record<string, string>) =>
      cosmos.send("GET", "/dbs/orders/colls/feed-wire/docs", { as: principal, headers });
    const first = await get({ "a-im": "Incremental feed", "x-ms-max-item-count": "1" });
    expect(first.headers.etag).toBe('"1"');
    expect(first.body).toMatchObject({ Documents: [{ id: "0", _lsn: 1 }], _count: 1 });
    const refusals: Record<string, string>[] = [
      { "a-im": "Full-Fidelity Feed" },
      { "a-im": "Incremental feed", "if-none-match": '"x"' },
      { "a-im": "Incremental feed", "if-modified-since": "yesterday" },
    ];
    for (const headers of refusals) expect((await get(headers)).status).toBe(400);
    const gone = await get({ "x-ms-documentdb-partitionkeyrangeid": "7" });
    expect([gone.status, gone.headers["x-ms-substatus"]]).toEqual([410, "1002"]);
  });
});

describe("the feed of items", () => {
  test("goes page by page in the order of creation", async () => {
    const container = await fill("feed-read");
    await container.items.upsert({ id: "0", pk: "p0", n: 0 });
    const seen: unknown[] = [];
    let continuation: string | undefined;
    do {
      const headers = continuation === undefined ? {} : { "x-ms-continuation": continuation };
      const page = await cosmos.send("GET", "/dbs/orders/colls/feed-read/docs", {
        as: principal,
        headers: { "x-ms-max-item-count": "4", ...headers },
      });
      seen.push(...(page.body.Documents as { n: number }[]).map(({ n }) => n));
      continuation = page.headers["x-ms-continuation"] as string | undefined;
    } while (continuation !== undefined);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Container, CosmosClient, type FeedOptions } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { QueryCache } from "./cache.ts";
import type { JsonObject } from "./execute.ts";

/**
 * The smallest server that the official client can query: one container with one partition key range, whose
 * pages and continuation tokens (offsets) come from the engine.
 */
const items: JsonObject[] = Array.from({ length: 12 }, (_, index) => ({
  id: `i${index}`,
  pk: `p${index % 3}`,
  n: (index * 5) % 12,
  team: index % 2 === 0 ? "even" : "odd",
  tags: [index, index + 1],
}));
const cache = new QueryCache();
let planRequests = 0;

function queryPage(
  headers: IncomingMessage["headers"],
  body: string,
): { headers: Record<string, string>; body: unknown } {
  const { query, parameters = [] } = JSON.parse(body) as {
    query: string;
    parameters?: { name: string; value: unknown }[];
  };
  const compiled = cache.get(query);
  if (headers["x-ms-cosmos-is-query-plan-request"] !== undefined) {
    planRequests += 1;
    return { headers: {}, body: compiled.queryPlan() };
  }
  const partitionKey = headers["x-ms-documentdb-partitionkey"];
  const visible =
    typeof partitionKey === "string"
      ? items.filter((item) => item.pk === JSON.parse(partitionKey)[0])
      : items;
  const results = compiled.execute(visible, new Map(parameters.map(({ name, value }) => [name, value])));
  const offset = Number(headers["x-ms-continuation"] ?? 0);
  const size = Number(headers["x-ms-max-item-count"] ?? 100);
  const page = results.slice(offset, size < 0 ? undefined : offset + size);
  const next = offset + page.length;
  return {
    headers: next < results.length ? { "x-ms-continuation": String(next) } : {},
    body: { _rid: "AAAA", Documents: page, _count: page.length },
  };
}

function metadata(path: string): unknown {
  if (path.endsWith("/pkranges")) {
    const range = {
      id: "0",
      minInclusive: "",
      maxExclusive: "FF",
      _rid: "AAAA",
      ridPrefix: 0,
      throughputFraction: 1,
    };
    return { _rid: "AAAA", PartitionKeyRanges: [{ ...range, status: "online", parents: [] }], _count: 1 };
  }
  if (path.includes("/colls/")) {
    return { id: "c", _rid: "AAAA", partitionKey: { paths: ["/pk"], kind: "Hash", version: 2 } };
  }
  return { id: "account", writableLocations: [], readableLocations: [], enableMultipleWriteLocations: false };
}

let server: Server;
let client: CosmosClient;
let container: Container;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const answer =
        request.method === "POST"
          ? queryPage(request.headers, body)
          : { headers: {}, body: metadata(request.url ?? "/") };
      response.writeHead(200, { "content-type": "application/json", ...answer.headers });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = new CosmosClient({
    endpoint: `http://127.0.0.1:${port}/`,
    key: Buffer.from("a key that nothing checks").toString("base64"),
    connectionPolicy: { enableEndpointDiscovery: false },
  });
  container = client.database("d").container("c");
});

afterAll(async () => {
  client.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const queries = [
  "SELECT * FROM c",
  "SELECT * FROM c ORDER BY c.n",
  "SELECT VALUE c.id FROM c ORDER BY c.team DESC, c.n",
  "SELECT TOP 5 c.id FROM c ORDER BY c.n DESC",
  "SELECT VALUE c.id FROM c OFFSET 3 LIMIT 4",
  "SELECT VALUE c.id FROM c ORDER BY c.n OFFSET 3 LIMIT 4",
  "SELECT DISTINCT VALUE c.team FROM c",
  "SELECT DISTINCT c.pk FROM c ORDER BY c.pk",
  "SELECT VALUE COUNT(1) FROM c",
  "SELECT VALUE AVG(c.n) FROM c WHERE c.n > 3",
  "SELECT COUNT(1) AS k, MAX(c.n) AS m FROM c",
  "SELECT c.team, COUNT(1) AS k, SUM(c.n) AS s FROM c GROUP BY c.team",
  "SELECT VALUE c.pk FROM c GROUP BY c.pk",
  "SELECT VALUE t FROM c JOIN t IN c.tags WHERE t > 9",
];

describe("the official JavaScript client gets the engine's results with the pass-through plan", () => {
  const expected = (query: string) => cache.get(query).execute(items, new Map());

  const allPages = async (query: string, options: FeedOptions): Promise<unknown[][]> => {
    const pages: unknown[][] = [];
    const iterator = container.items.query(query, options);
    while (iterator.hasMoreResults()) {
      const { resources } = await iterator.fetchNext();
      if (resources !== undefined) pages.push(resources);
    }
    return pages;
  };

  test.each(queries)("%s", async (query) => {
    const wanted = expected(query);
    const optimistic = await container.items.query(query).fetchAll();
    expect(optimistic.resources).toEqual(wanted);
    const planned = await container.items.query(query, { forceQueryPlan: true }).fetchAll();
    expect(planned.resources).toEqual(wanted);
    const pages = await allPages(query, { maxItemCount: 2 });
    expect(pages.flat()).toEqual(wanted);
    expect(pages.every((page) => page.length <= 2)).toBe(true);
    const plannedPages = await allPages(query, { maxItemCount: 2, forceQueryPlan: true });
    expect(plannedPages.flat()).toEqual(wanted);
    const controlled = await allPages(query, { maxItemCount: 2, enableQueryControl: true });
    expect(controlled.flat()).toEqual(wanted);
  });

  test("a query can be resumed by its continuation token", async () => {
    const query = "SELECT VALUE c.id FROM c ORDER BY c.n";
    for (const options of [{}, { enableQueryControl: true }]) {
      const first = await container.items.query(query, { ...options, maxItemCount: 5 }).fetchNext();
      const { continuationToken } = first;
      expect(continuationToken).toBeDefined();
      const rest = await allPages(query, { ...options, maxItemCount: 5, continuationToken });
      expect([...first.resources, ...rest.flat()]).toEqual(expected(query));
    }
  });

  test("a query within one partition sees that partition only", async () => {
    const query = "SELECT VALUE COUNT(1) FROM c";
    const { resources } = await container.items.query(query, { partitionKey: "p1" }).fetchAll();
    expect(resources).toEqual([4]);
  });

  test("parameters arrive, and the plan was asked for", async () => {
    const query = {
      query: "SELECT VALUE c.id FROM c WHERE c.n = @n",
      parameters: [{ name: "@n", value: 5 }],
    };
    const { resources } = await container.items.query(query, { forceQueryPlan: true }).fetchAll();
    expect(resources).toEqual(["i1"]);
    expect(planRequests).toBeGreaterThan(queries.length);
  });
});

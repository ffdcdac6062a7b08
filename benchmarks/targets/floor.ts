import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { loadCertificates } from "../../local-azure/core/certificates.ts";
import { systemClock } from "../../local-azure/core/clock.ts";
import { randomIds } from "../../local-azure/core/ids.ts";
import { makeItem } from "../item.ts";
import { reportReady } from "./report-usage.ts";

/**
 * The floor: bare node:https that reads each request and gives a fixed answer of the right size. It stores, decides and
 * verifies nothing, so what it costs is what TLS, HTTP and this Node cost.
 */
const system = {
  _rid: "AAAAAAAAAAA=",
  _self: "dbs/A/colls/B/docs/C/",
  _etag: '"0"',
  _attachments: "attachments/",
  _ts: 0,
};
const item = JSON.stringify({ ...makeItem(1), ...system });
const items = (count: number) =>
  `{"_rid":"A","Documents":[${Array(count).fill(item).join(",")}],"_count":${count}}`;
const queryPage = items(20);
const feedPage = items(1_000);
const countPage = '{"_rid":"A","Documents":[10000],"_count":1}';
const batchAnswer = `[${Array(50).fill(`{"statusCode":201,"requestCharge":1,"eTag":"0","resourceBody":${item}}`).join(",")}]`;
const range = JSON.stringify({
  _rid: "A",
  PartitionKeyRanges: [{ id: "0", minInclusive: "", maxExclusive: "FF", parents: [] }],
  _count: 1,
});
const container = JSON.stringify({
  id: "c",
  _rid: "AAAAAAAAAAA=",
  partitionKey: { paths: ["/pk"], kind: "Hash", version: 2 },
});
const plan = JSON.stringify({
  partitionedQueryExecutionInfoVersion: 2,
  queryInfo: {
    distinctType: "None",
    orderBy: [],
    orderByExpressions: [],
    groupByExpressions: [],
    groupByAliases: [],
    aggregates: [],
    groupByAliasToAggregateType: {},
    rewrittenQuery: "",
    hasSelectValue: false,
  },
  queryRanges: [{ min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }],
});
const feedPages = 10;
/** What clients need of every answer about items. */
const everyAnswer = [
  "content-type",
  "application/json",
  "x-ms-schemaversion",
  "1.19",
  "x-ms-request-charge",
  "1",
  "x-ms-session-token",
  "0:-1#1",
  "lsn",
  "1",
  "x-ms-documentdb-partitionkeyrangeid",
  "0",
  "x-ms-alt-content-path",
  "dbs/bench/colls/small",
  "x-ms-content-path",
  "AAAAAAAAAAA=",
  "x-ms-activity-id",
  "00000000-0000-0000-0000-000000000000",
] as const;

function answerTo(request: IncomingMessage, body: string): { status: number; body: string; etag: string } {
  const etag = '"00000001-0001-0100-0000-000000000000"';
  const { headers, method, url = "" } = request;
  if (url.endsWith("/pkranges")) return { status: 200, body: range, etag };
  if (headers["x-ms-cosmos-is-query-plan-request"]) return { status: 200, body: plan, etag };
  if (headers["a-im"]) {
    const page = Number(String(headers["if-none-match"] ?? "0").replaceAll('"', ""));
    return page >= feedPages
      ? { status: 304, body: "", etag: `"${page}"` }
      : { status: 200, body: feedPage, etag: `"${page + 1}"` };
  }
  if (headers["x-ms-cosmos-is-batch-request"]) return { status: 200, body: batchAnswer, etag };
  if (headers["content-type"] === "application/query+json")
    return { status: 200, body: body.includes("COUNT") ? countPage : queryPage, etag };
  if (url.includes("/docs")) return { status: method === "POST" ? 201 : 200, body: item, etag };
  if (url.includes("/colls/")) return { status: 200, body: container, etag };
  return {
    status: 200,
    body: JSON.stringify({ id: "floor", writableLocations: [], readableLocations: [] }),
    etag,
  };
}

const [, , folder = ""] = process.argv;
const { keyPem, chainPem, caCertificatePem } = await loadCertificates(folder, systemClock, randomIds);
const server = createServer({ key: keyPem, cert: chainPem }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { status, body, etag } = answerTo(request, Buffer.concat(chunks).toString());
    response.writeHead(status, [...everyAnswer, "etag", etag, "content-length", String(body.length)]);
    // All of it is ASCII, which Node writes fastest as Latin-1.
    response.end(body, "latin1");
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  reportReady({ endpoint: `https://localhost:${port}`, ca: caCertificatePem, key: "dGVzdA==" }, () =>
    process.exit(0),
  );
});

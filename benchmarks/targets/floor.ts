import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCertificates } from "../../local-azure/core/certificates.ts";
import { systemClock } from "../../local-azure/core/clock.ts";
import { randomIds } from "../../local-azure/core/ids.ts";
import { makeItem } from "../workload.ts";
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

function answerTo(request: IncomingMessage, body: string): { status: number; body: string; etag?: string } {
  const { headers, method, url = "" } = request;
  if (url.endsWith("/pkranges")) return { status: 200, body: range };
  if (headers["x-ms-cosmos-is-query-plan-request"]) return { status: 200, body: plan };
  if (headers["a-im"]) {
    const page = Number(String(headers["if-none-match"] ?? "0").replaceAll('"', ""));
    return page >= feedPages
      ? { status: 304, body: "", etag: `"${page}"` }
      : { status: 200, body: feedPage, etag: `"${page + 1}"` };
  }
  if (headers["x-ms-cosmos-is-batch-request"]) return { status: 200, body: batchAnswer };
  if (headers["content-type"] === "application/query+json")
    return { status: 200, body: body.includes("COUNT") ? countPage : queryPage };
  if (url.includes("/docs")) return { status: method === "POST" ? 201 : 200, body: item };
  if (url.includes("/colls/")) return { status: 200, body: container };
  return { status: 200, body: JSON.stringify({ id: "floor", writableLocations: [], readableLocations: [] }) };
}

const folder = mkdtempSync(join(tmpdir(), "bench-"));
const { keyPem, chainPem, caCertificatePem } = await loadCertificates(folder, systemClock, randomIds);
const server = createServer({ key: keyPem, cert: chainPem }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { status, body, etag } = answerTo(request, Buffer.concat(chunks).toString());
    response.writeHead(status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "x-ms-request-charge": "1",
      "x-ms-session-token": "0:-1#1",
      "x-ms-activity-id": "00000000-0000-0000-0000-000000000000",
      ...(etag ? { etag } : {}),
    });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  };
  reportReady({ endpoint: `https://localhost:${port}`, ca: caCertificatePem, key: "dGVzdA==" }, stop);
});

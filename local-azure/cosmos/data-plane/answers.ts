import type { ContainerItems } from "../storage/container-items.ts";
import type { ContainerModel } from "./container-model.ts";
import type { Answer, Exchange } from "./exchange.ts";

/** https://learn.microsoft.com/rest/api/cosmos-db/common-cosmosdb-rest-response-headers */
const everyAnswer = [
  "content-type",
  "application/json",
  "x-ms-schemaversion",
  "1.19",
  "x-ms-gatewayversion",
  "version=2.0.0",
] as const;

/** An answer about the account, a database, a container or an offer. */
export function metadataAnswer(
  status: number,
  document: unknown,
  options: { readonly charge?: number; readonly etag?: unknown; readonly headers?: readonly string[] } = {},
): Answer {
  const headers: string[] = [...everyAnswer, "x-ms-request-charge", String(options.charge ?? 1)];
  if (typeof options.etag === "string") headers.push("etag", options.etag);
  if (options.headers !== undefined) headers.push(...options.headers);
  return { status, headers, body: document === undefined ? undefined : JSON.stringify(document) };
}

/** An answer about items: carries the session token and names the container for the client's session cache. */
export function itemAnswer(
  status: number,
  container: ContainerModel,
  charge: number,
  etag: string | undefined,
  body: string | undefined,
  extra?: readonly string[],
): Answer {
  const lsn = String(container.items.lsn);
  const headers: string[] = [
    "content-type",
    "application/json",
    "x-ms-schemaversion",
    "1.19",
    "x-ms-request-charge",
    String(charge),
    "x-ms-session-token",
    `0:-1#${lsn}`,
    "lsn",
    lsn,
    "x-ms-documentdb-partitionkeyrangeid",
    "0",
    "x-ms-alt-content-path",
    container.encodedPath,
    "x-ms-content-path",
    container.rid,
  ];
  if (etag !== undefined) headers.push("etag", etag);
  if (extra !== undefined) headers.push(...extra);
  return { status, headers, body };
}

/** A page of items, each given as its JSON text. */
export function feedAnswer(
  container: ContainerModel,
  documents: readonly string[],
  options: {
    readonly charge: number;
    readonly etag?: string;
    readonly continuation?: string | undefined;
  },
): Answer {
  const extra = ["x-ms-item-count", String(documents.length)];
  if (options.continuation !== undefined) extra.push("x-ms-continuation", options.continuation);
  const body = `{"_rid":"${container.rid}","Documents":[${documents.join(",")}],"_count":${documents.length}}`;
  return itemAnswer(200, container, options.charge, options.etag, body, extra);
}

/** Nominal request units: the documented cost of one kibibyte, scaled by size; queries and writes cost more. */
export function chargeOf(kind: "read" | "write" | "delete" | "query", characters: number): number {
  const kibibytes = Math.max(1, Math.ceil(characters / 1024));
  switch (kind) {
    case "read":
      return kibibytes;
    case "delete":
      return 6.29;
    case "write":
      return Math.round((5.29 + kibibytes) * 100) / 100;
    case "query":
      return Math.round((1.79 + kibibytes * 0.5) * 100) / 100;
  }
}

/** Page bounds that a client asked for: items and bytes. https://learn.microsoft.com/azure/cosmos-db/concepts-limits */
export const maximumPageCharacters = 4 * 1024 * 1024;
const defaultPageItems = 100;

/** The header `x-ms-max-item-count`; -1 leaves it to the size of the page. */
export function pageSize(exchange: Exchange): number {
  const asked = Number(exchange.headers["x-ms-max-item-count"] ?? defaultPageItems);
  if (asked === -1) return Number.MAX_SAFE_INTEGER;
  return Number.isInteger(asked) && asked > 0 ? asked : defaultPageItems;
}

/** The stage validate has found the container of every item operation. */
export function containerOf(exchange: Exchange): ContainerModel {
  if (exchange.container === undefined) throw new Error("the container was not resolved");
  return exchange.container;
}

/** The items of the exchange's container. */
export function itemsOf(exchange: Exchange): ContainerItems {
  return containerOf(exchange).items;
}

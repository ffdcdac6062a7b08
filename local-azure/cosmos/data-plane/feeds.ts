import type { TableRow } from "../storage/item-table.ts";
import {
  chargeOf,
  containerOf,
  feedAnswer,
  itemAnswer,
  itemsOf,
  maximumPageCharacters,
  pageSize,
} from "./answers.ts";
import { badRequest } from "./errors.ts";
import { type Answer, type Exchange, header } from "./exchange.ts";
import { type FeedScope, feedScope } from "./feed-scope.ts";
import { formatPlace, readPlace } from "./query-continuation.ts";

/** GET of all items, in the order of their creation. */
export function readFeed(exchange: Exchange): Answer {
  const items = itemsOf(exchange);
  const place = readPlace(header(exchange, "x-ms-continuation"));
  const after = place?.kind === "item" ? place.after : 0;
  const page = collect(exchange, feedScope(exchange), "seq", after);
  const documents = page.rows.map((row) => items.texts.full(row));
  const continuation = page.more ? formatPlace({ kind: "item", after: page.position, skip: 0 }) : undefined;
  return feedAnswer(containerOf(exchange), documents, {
    charge: chargeOf("query", page.characters),
    continuation,
  });
}

/**
 * GET with `A-IM: Incremental feed`: the latest version of every item written after a position, in the order of writing.
 * The position is the answer's etag and the next request's If-None-Match; 304 says that there is nothing new.
 */
export function changeFeed(exchange: Exchange): Answer {
  const mode = header(exchange, "a-im")?.toLowerCase();
  if (mode !== "incremental feed") {
    throw badRequest(
      `The change feed mode ${JSON.stringify(header(exchange, "a-im"))} is not supported by the local cloud: only "Incremental feed" is.`,
    );
  }
  const items = itemsOf(exchange);
  const container = containerOf(exchange);
  const start = startPosition(exchange);
  // Taken before reading: what is written later has a higher number.
  const now = items.lsn;
  const page = collect(exchange, feedScope(exchange), "lsn", start);
  const position = page.more ? page.position : Math.max(start, now);
  const etag = `"${position}"`;
  if (page.rows.length === 0 && !page.more) return itemAnswer(304, container, 1, etag, undefined);
  const documents = page.rows.map((row) => items.texts.change(row));
  return feedAnswer(container, documents, { charge: chargeOf("query", page.characters), etag });
}

function startPosition(exchange: Exchange): number {
  const items = itemsOf(exchange);
  const since = header(exchange, "if-none-match");
  if (since === "*") return items.lsn;
  if (since !== undefined) {
    const [, position] = /^"?(\d{1,15})"?$/.exec(since) ?? [];
    if (position === undefined) throw badRequest("The continuation in If-None-Match is malformed.");
    return Number(position);
  }
  const time = header(exchange, "if-modified-since");
  if (time === undefined) return 0;
  const milliseconds = Date.parse(time);
  if (Number.isNaN(milliseconds)) throw badRequest("If-Modified-Since is not a date as RFC 1123 writes it.");
  return items.positionBefore(Math.floor(milliseconds / 1000));
}

interface Page {
  readonly rows: readonly TableRow[];
  /** `seq` or `lsn` of the last row that was looked at. */
  readonly position: number;
  readonly more: boolean;
  readonly characters: number;
}

const chunk = 1000;

function collect(exchange: Exchange, scope: FeedScope, order: "seq" | "lsn", after: number): Page {
  const items = itemsOf(exchange);
  const { partition, partitions, accept } = scope;
  const size = pageSize(exchange);
  const rows: TableRow[] = [];
  let characters = 0;
  let position = after;
  for (;;) {
    const limit = Math.min(size - rows.length + 1, chunk + 1);
    const range = { partition, partitions, after: position, limit };
    const read = order === "seq" ? items.scan(range) : items.changes(range);
    for (const row of read) {
      if (accept === undefined || accept(row.partition)) {
        const full =
          rows.length === size || (rows.length > 0 && characters + row.body.length > maximumPageCharacters);
        if (full) return { rows, position, more: true, characters };
        rows.push(row);
        characters += row.body.length;
      }
      position = row[order];
    }
    if (read.length < limit) return { rows, position, more: false, characters };
  }
}

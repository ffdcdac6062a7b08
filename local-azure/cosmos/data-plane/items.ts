import type { StoredItem } from "../storage/container-items.ts";
import { type ItemDocument, maximumItemBytes, parseItem } from "../storage/item-document.ts";
import { checkRead, type Preconditions } from "../storage/preconditions.ts";
import { chargeOf, containerOf, itemAnswer, itemsOf } from "./answers.ts";
import { CosmosError } from "./errors.ts";
import { type Answer, type Exchange, header } from "./exchange.ts";
import { checkSamePartition, requiredPartition } from "./partition-scope.ts";

/** GET of one item. */
export function readItem(exchange: Exchange): Answer {
  const items = itemsOf(exchange);
  const item = items.find(requiredPartition(exchange), itemId(exchange));
  if (item === undefined) {
    throw new CosmosError(404, "NotFound", "Entity with the specified id does not exist in the system.");
  }
  checkRead(items.texts, item, preconditions(exchange));
  const body = items.texts.full(item);
  return itemAnswer(200, containerOf(exchange), chargeOf("read", body.length), etagOf(exchange, item), body);
}

/** POST of an item that must not exist. */
export function createItem(exchange: Exchange): Answer {
  return writtenAnswer(exchange, itemsOf(exchange).create(readDocument(exchange)));
}

/** POST of an item with `x-ms-documentdb-is-upsert`. */
export function upsertItem(exchange: Exchange): Answer {
  const document = readDocument(exchange);
  return writtenAnswer(exchange, itemsOf(exchange).upsert(document, preconditions(exchange)));
}

/** PUT of an item that must exist; its id may change. */
export function replaceItem(exchange: Exchange): Answer {
  const document = readDocument(exchange);
  return writtenAnswer(
    exchange,
    itemsOf(exchange).replace(itemId(exchange), document, preconditions(exchange)),
  );
}

/** DELETE of one item. */
export function deleteItem(exchange: Exchange): Answer {
  itemsOf(exchange).remove(requiredPartition(exchange), itemId(exchange), preconditions(exchange));
  return itemAnswer(204, containerOf(exchange), chargeOf("delete", 0), undefined, undefined);
}

/** POST of `/operations/partitionkeydelete`: every item of the partition in the header. */
export function deletePartition(exchange: Exchange): Answer {
  itemsOf(exchange).removePartition(requiredPartition(exchange));
  return itemAnswer(200, containerOf(exchange), chargeOf("delete", 0), undefined, undefined);
}

/** The answer to a write, without content where the client prefers that. */
export function writtenAnswer(exchange: Exchange, item: StoredItem & { readonly created: boolean }): Answer {
  const container = containerOf(exchange);
  const status = item.created ? 201 : 200;
  const charge = chargeOf("write", item.body.length);
  const minimal = header(exchange, "prefer") === "return=minimal";
  const body = minimal ? undefined : container.items.texts.full(item);
  return itemAnswer(status, container, charge, etagOf(exchange, item), body);
}

/** The entity tag as the header `etag` carries it. */
export function etagOf(exchange: Exchange, item: StoredItem): string {
  return `"${itemsOf(exchange).texts.etag(item.lsn, item.ts)}"`;
}

export function preconditions(exchange: Exchange): Preconditions {
  return { ifMatch: header(exchange, "if-match"), ifNoneMatch: header(exchange, "if-none-match") };
}

export function itemId(exchange: Exchange): string {
  return exchange.target?.id ?? "";
}

function readDocument(exchange: Exchange): ItemDocument {
  const partition = requiredPartition(exchange);
  if (exchange.body.length > maximumItemBytes) {
    throw new CosmosError(
      413,
      "RequestEntityTooLarge",
      "Request size is too large: an item may have at most 2 MB of JSON.",
    );
  }
  const document = parseItem(exchange.body, containerOf(exchange).partitionKey);
  checkSamePartition(document.partition, partition);
  return document;
}

import type { StoredItem, WrittenItem } from "../storage/container-items.ts";
import { checkItem } from "../storage/item-document.ts";
import type { Preconditions } from "../storage/preconditions.ts";
import { containerOf, itemsOf } from "./answers.ts";
import { badRequest, CosmosError } from "./errors.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { itemId, preconditions, writtenAnswer } from "./items.ts";
import { checkSamePartition, requiredPartition } from "./partition-scope.ts";
import { applyPatch, readPatchOperations } from "./patch-operations.ts";
import { withQueryErrors } from "./query.ts";

const systemPaths = /^\/(_rid|_self|_etag|_ts|_attachments|_lsn)(\/|$)/;

/** PATCH of one item: `{operations, condition?}`, or the operations alone. */
export function patchItem(exchange: Exchange): Answer {
  let request: unknown;
  try {
    request = JSON.parse(exchange.body);
  } catch {
    throw badRequest("The patch is not valid JSON.");
  }
  const partition = requiredPartition(exchange);
  return writtenAnswer(
    exchange,
    patch(exchange, partition, itemId(exchange), request, preconditions(exchange)),
  );
}

/**
 * Applies a patch as a whole or not at all.
 *
 * @throws CosmosError 400 for an operation that cannot be applied, 412 when the condition does not hold; StorageError.
 */
export function patch(
  exchange: Exchange,
  partition: string,
  id: string,
  request: unknown,
  conditions: Preconditions,
): WrittenItem {
  const { operations: given, condition } = Array.isArray(request)
    ? { operations: request, condition: undefined }
    : ((request ?? {}) as { operations?: unknown; condition?: unknown });
  const operations = readPatchOperations(given);
  const paths = operations.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
  const forbidden = paths.find((path) => path === "/id" || systemPaths.test(path));
  if (forbidden !== undefined) throw badRequest(`The property ${forbidden} cannot be patched.`);
  const items = itemsOf(exchange);
  const change = (current: StoredItem) => {
    if (condition !== undefined && condition !== null) checkCondition(exchange, current, condition);
    const value = JSON.parse(`${current.body}}`) as Record<string, unknown>;
    applyPatch(value, operations);
    const item = checkItem(value, containerOf(exchange).partitionKey);
    checkSamePartition(item.partition, partition);
    return item;
  };
  return items.modify(partition, id, change, conditions);
}

/** The condition is a query without its SELECT: `from c where c.state = "new"`. */
function checkCondition(exchange: Exchange, current: StoredItem, condition: unknown): void {
  if (typeof condition !== "string") throw badRequest("The condition of a patch must be text.");
  const holds = withQueryErrors(() => {
    const query = exchange.services.queries.get(`SELECT VALUE 1 ${condition}`);
    return query.execute([JSON.parse(itemsOf(exchange).texts.full(current))], new Map()).length > 0;
  });
  if (!holds) {
    throw new CosmosError(412, "PreconditionFailed", "One of the specified pre-condition is not met.");
  }
}

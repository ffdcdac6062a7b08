import { type DataAction, dataActions } from "../../../rbac/cosmos/data-actions.ts";
import type { StoredItem } from "../storage/container-items.ts";
import { checkItem, checkNumbers, type ItemDocument, mayOverflow } from "../storage/item-document.ts";
import { checkRead } from "../storage/preconditions.ts";
import { chargeOf, containerOf, itemAnswer, itemsOf } from "./answers.ts";
import { badRequest, CosmosError, toCosmosError } from "./errors.ts";
import { type Answer, type Exchange, flag, header } from "./exchange.ts";
import { checkSamePartition, fullPartition, readPartitionKey, requiredPartition } from "./partition-scope.ts";
import { patch } from "./patch.ts";

/** https://learn.microsoft.com/azure/cosmos-db/nosql/transactional-batch#limitations */
const maximumOperations = 100;
const maximumBytes = 2 * 1024 * 1024;

/** One operation of a batch, as it is sent. */
export interface BatchOperation {
  readonly operationType: keyof typeof actionOf;
  readonly id?: unknown;
  readonly resourceBody?: unknown;
  /** JSON text of the key's components. */
  readonly partitionKey?: unknown;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

const actionOf = {
  Create: dataActions.createItem,
  Upsert: dataActions.upsertItem,
  Read: dataActions.readItem,
  Replace: dataActions.replaceItem,
  Patch: dataActions.replaceItem,
  Delete: dataActions.deleteItem,
} as const satisfies Record<string, DataAction>;

/** Each operation's own action, once. @throws CosmosError 400 or 413 for a malformed or oversized batch. */
export function batchActions(exchange: Exchange): readonly DataAction[] {
  return [...new Set(operationsOf(exchange).map(({ operationType }) => actionOf[operationType]))];
}

/** POST of a batch: as one transaction, or with `x-ms-cosmos-batch-atomic: False` each operation for itself. */
export function batch(exchange: Exchange): Answer {
  const operations = operationsOf(exchange);
  if (flag(exchange, "x-ms-cosmos-batch-atomic")) return atomicBatch(exchange, operations);
  return separateOperations(exchange, operations);
}

function operationsOf(exchange: Exchange): readonly BatchOperation[] {
  exchange.batch ??= readOperations(exchange);
  return exchange.batch;
}

function readOperations(exchange: Exchange): readonly BatchOperation[] {
  if (Buffer.byteLength(exchange.body) > maximumBytes) {
    throw new CosmosError(
      413,
      "RequestEntityTooLarge",
      "Request size is too large: a batch may have at most 2 MB.",
    );
  }
  let operations: unknown;
  try {
    operations = JSON.parse(exchange.body);
  } catch {
    throw badRequest("The batch is not valid JSON.");
  }
  if (!Array.isArray(operations) || operations.length === 0)
    throw badRequest("Batch request has no operations.");
  if (operations.length > maximumOperations) {
    throw badRequest(`Batch request has more operations than what is supported: ${maximumOperations}.`);
  }
  for (const [index, operation] of (operations as Partial<BatchOperation>[]).entries()) {
    const type: unknown = operation?.operationType;
    if (typeof type !== "string" || !Object.hasOwn(actionOf, type)) {
      throw badRequest(
        `Operation ${index} of the batch has an unknown operationType: ${JSON.stringify(type)}.`,
      );
    }
  }
  if (mayOverflow(exchange.body)) checkNumbers(operations);
  return operations as BatchOperation[];
}

/** What one operation came to. */
interface Outcome {
  readonly status: number;
  readonly substatus: number;
  readonly message: string | undefined;
  readonly charge: number;
  readonly item: StoredItem | undefined;
  readonly isRead: boolean;
}

const failedDependency: Outcome = {
  status: 424,
  substatus: 0,
  message: undefined,
  charge: 0,
  item: undefined,
  isRead: false,
};

class BatchFailed extends Error {
  readonly index: number;
  readonly outcome: Outcome;

  constructor(index: number, outcome: Outcome) {
    super("the batch was rolled back");
    this.index = index;
    this.outcome = outcome;
  }
}

function atomicBatch(exchange: Exchange, operations: readonly BatchOperation[]): Answer {
  const partition = requiredPartition(exchange);
  try {
    const outcomes = itemsOf(exchange).atomically(() =>
      operations.map((operation, index) => {
        const outcome = attempt(exchange, operation, partition);
        if (outcome.status >= 300) throw new BatchFailed(index, outcome);
        return outcome;
      }),
    );
    return answer(exchange, 200, outcomes);
  } catch (error) {
    if (!(error instanceof BatchFailed)) throw error;
    const { index: failed, outcome } = error;
    const outcomes = operations.map((_, index) => (index === failed ? outcome : failedDependency));
    return answer(exchange, 207, outcomes);
  }
}

function separateOperations(exchange: Exchange, operations: readonly BatchOperation[]): Answer {
  const goOn = header(exchange, "x-ms-cosmos-batch-continue-on-error")?.toLowerCase() !== "false";
  let stopped = false;
  const outcomes = itemsOf(exchange).atomically(() =>
    operations.map((operation) => {
      if (stopped) return failedDependency;
      const outcome = attempt(exchange, operation, undefined);
      stopped = outcome.status >= 400 && !goOn;
      return outcome;
    }),
  );
  return answer(exchange, outcomes.some(({ status }) => status >= 400) ? 207 : 200, outcomes);
}

/** Runs one operation; its refusal is an outcome, a fault of ours is not. */
function attempt(exchange: Exchange, operation: BatchOperation, partition: string | undefined): Outcome {
  try {
    return itemsOf(exchange).attempt(() =>
      run(exchange, operation, partitionOf(exchange, operation, partition)),
    );
  } catch (error) {
    const refusal = toCosmosError(error);
    if (refusal.status >= 500) throw error;
    const { status, substatus, message } = refusal;
    return { status, substatus, message, charge: 1, item: undefined, isRead: false };
  }
}

function partitionOf(exchange: Exchange, operation: BatchOperation, ofBatch: string | undefined): string {
  const { partitionKey } = operation;
  if (partitionKey === undefined) {
    if (ofBatch !== undefined) return ofBatch;
    throw badRequest("PartitionKey value must be supplied for this operation.");
  }
  const text = typeof partitionKey === "string" ? partitionKey : JSON.stringify(partitionKey);
  const own = fullPartition(exchange, readPartitionKey(exchange, text));
  if (ofBatch !== undefined) checkSamePartition(own, ofBatch);
  return own;
}

function run(exchange: Exchange, operation: BatchOperation, partition: string): Outcome {
  const items = itemsOf(exchange);
  const conditions = { ifMatch: operation.ifMatch, ifNoneMatch: operation.ifNoneMatch };
  switch (operation.operationType) {
    case "Create":
      return writtenOutcome(items.create(documentOf(exchange, operation, partition)));
    case "Upsert":
      return writtenOutcome(items.upsert(documentOf(exchange, operation, partition), conditions));
    case "Replace":
      return writtenOutcome(
        items.replace(idOf(operation), documentOf(exchange, operation, partition), conditions),
      );
    case "Patch":
      return writtenOutcome(patch(exchange, partition, idOf(operation), operation.resourceBody, conditions));
    case "Delete":
      items.remove(partition, idOf(operation), conditions);
      return { ...failedDependency, status: 204, charge: chargeOf("delete", 0) };
    case "Read": {
      const item = items.find(partition, idOf(operation));
      if (item === undefined) {
        throw new CosmosError(404, "NotFound", "Entity with the specified id does not exist in the system.");
      }
      checkRead(items.texts, item, conditions);
      return {
        ...writtenOutcome({ ...item, created: false }),
        charge: chargeOf("read", item.body.length),
        isRead: true,
      };
    }
    default:
      return operation.operationType satisfies never;
  }
}

function writtenOutcome(item: StoredItem & { readonly created: boolean }): Outcome {
  const charge = chargeOf("write", item.body.length);
  return { status: item.created ? 201 : 200, substatus: 0, message: undefined, charge, item, isRead: false };
}

function documentOf(exchange: Exchange, operation: BatchOperation, partition: string): ItemDocument {
  const document = checkItem(operation.resourceBody, containerOf(exchange).partitionKey);
  checkSamePartition(document.partition, partition);
  return document;
}

function idOf(operation: BatchOperation): string {
  if (typeof operation.id !== "string" || operation.id === "") {
    throw badRequest(`A ${operation.operationType} operation needs an 'id'.`);
  }
  return operation.id;
}

function answer(exchange: Exchange, status: number, outcomes: readonly Outcome[]): Answer {
  const container = containerOf(exchange);
  const { texts } = container.items;
  const minimal = header(exchange, "prefer") === "return=minimal";
  let charge = 0;
  const parts = outcomes.map((outcome) => {
    charge += outcome.charge;
    let part = `{"statusCode":${outcome.status},"requestCharge":${outcome.charge}`;
    if (outcome.substatus !== 0) part += `,"subStatusCode":${outcome.substatus}`;
    if (outcome.message !== undefined) part += `,"message":${JSON.stringify(outcome.message)}`;
    const { item } = outcome;
    if (item !== undefined) {
      part += `,"eTag":"\\"${texts.etag(item.lsn, item.ts)}\\""`;
      if (!minimal || outcome.isRead) part += `,"resourceBody":${texts.full(item)}`;
    }
    return `${part}}`;
  });
  return itemAnswer(status, container, Math.round(charge * 100) / 100, undefined, `[${parts.join(",")}]`);
}

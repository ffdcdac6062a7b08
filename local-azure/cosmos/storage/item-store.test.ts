import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { openTestPlatform, type TestPlatform } from "../../testing/test-platform.ts";
import type { ContainerItems } from "./container-items.ts";
import { StorageError } from "./errors.ts";
import { parseItem } from "./item-document.ts";
import { type ItemStore, openItemStore } from "./item-store.ts";
import { encodePartition, PartitionKeyReader } from "./partition-key.ts";

let opened: TestPlatform;
let store: ItemStore;
beforeEach(async () => {
  opened = await openTestPlatform();
  store = openItemStore(opened.platform.store, opened.clock);
});
afterEach(() => opened.close());

const settings = (armId: string, uniqueKeys: readonly (readonly string[])[] = []) => ({
  armId,
  databaseRid: "AAAAAA==",
  containerRid: "AAAAAIAAAAA=",
  uniqueKeys,
  defaultTtl: undefined,
});
const reader = new PartitionKeyReader({ paths: ["/pk"], kind: "Hash", version: 2 });
const document = (value: object) => parseItem(JSON.stringify(value), reader);

/** Every item by partition and id, as one scan sees them. */
const contents = (items: ContainerItems) =>
  Object.fromEntries(
    items
      .scan({ after: 0, limit: 1000 })
      .map((row) => [`${row.partition} ${row.id}`, JSON.parse(`${row.body}}`).n as unknown]),
  );

describe("a container's items", () => {
  test("behave as a map from partition and id, whatever fails in between", () => {
    const id = fc.constantFrom("a", "b", "c");
    const pk = fc.constantFrom("p", "q");
    const kind = fc.constantFrom("create", "upsert", "replace", "remove");
    const operation = fc.record({ kind, id, pk, n: fc.nat() });
    const step = fc.record({
      batch: fc.boolean(),
      fails: fc.boolean(),
      operations: fc.array(operation, { minLength: 1, maxLength: 5 }),
    });
    let container = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        container += 1;
        const items = store.open(settings(`/property/${container}`));
        let model: Record<string, number> = {};
        let lsn = 0;
        const apply = (
          target: Record<string, number>,
          { kind: what, id: itemId, pk: itemPk, n }: { kind: string; id: string; pk: string; n: number },
        ) => {
          const partition = encodePartition([itemPk]);
          const key = `${partition} ${itemId}`;
          const value = document({ id: itemId, pk: itemPk, n });
          const exists = key in target;
          const attempt = () => {
            if (what === "create") items.create(value);
            else if (what === "upsert") items.upsert(value);
            else if (what === "replace") items.replace(itemId, value);
            else items.remove(partition, itemId);
          };
          if (what === "create" ? exists : what !== "upsert" && !exists) {
            expect(attempt).toThrow(StorageError);
            return;
          }
          attempt();
          if (what === "remove") delete target[key];
          else target[key] = n;
        };
        for (const { batch, fails, operations } of steps) {
          const next = { ...model };
          if (batch) {
            const work = () =>
              items.atomically(() => {
                for (const one of operations) apply(next, one);
                if (fails) throw new Error("rolled back");
              });
            if (fails) expect(work).toThrow("rolled back");
            else work();
            if (!fails) model = next;
          } else {
            for (const one of operations) apply(model, one);
          }
          expect(contents(items)).toEqual(model);
          expect(items.count({})).toBe(Object.keys(model).length);
          expect(items.lsn).toBeGreaterThanOrEqual(lsn);
          lsn = items.lsn;
        }
        const changes = items.changes({ after: 0, limit: 1000 }).map((row) => row.lsn);
        expect(changes).toEqual([...new Set(changes)].sort((left, right) => left - right));
      }),
      { numRuns: 60 },
    );
  });

  test("never use a log sequence number twice, over a restart and deletes", async () => {
    const before = store.open(settings("/lsn"));
    for (const id of ["a", "b", "c"]) before.create(document({ id, pk: "p" }));
    before.remove('["p"]', "c");
    const last = before.lsn;
    opened = await opened.reopen();
    store = openItemStore(opened.platform.store, opened.clock);
    const after = store.open(settings("/lsn"));
    expect(contents(after)).toEqual({ '["p"] a': undefined, '["p"] b': undefined });
    expect(after.lsn).toBeGreaterThanOrEqual(last);
    expect(after.create(document({ id: "d", pk: "p" })).lsn).toBeGreaterThan(last);
  });

  test("go with their container, and do not come back with its name", () => {
    const first = store.open(settings("/Dropped"));
    const { lsn, ts } = first.create(document({ id: "a", pk: "p" }));
    store.drop("/dropped");
    expect(store.known()).toEqual([]);
    const second = store.open(settings("/dropped"));
    expect(contents(second)).toEqual({});
    expect(second.texts.etag(lsn, ts)).not.toBe(first.texts.etag(lsn, ts));
  });
});

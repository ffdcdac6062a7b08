import { writeSync } from "node:fs";
import { systemClock } from "../core/clock.ts";
import { openStore } from "../core/store.ts";
import { checkItem } from "../cosmos/storage/item-document.ts";
import { openItemStore } from "../cosmos/storage/item-store.ts";
import { PartitionKeyReader } from "../cosmos/storage/partition-key.ts";

/**
 * Writes items to the state file of its first argument until it is killed: for each number one item, then a batch of ten;
 * both acknowledged by a line on standard output. The second argument keeps the numbers of several runs apart.
 */
const [, , path = "", round = "0"] = process.argv;
const items = openItemStore(openStore(path), systemClock).open({
  armId: "/killed",
  databaseRid: "AAAAAA==",
  containerRid: "AAAAAIAAAAA=",
  uniqueKeys: [],
  defaultTtl: undefined,
});
const reader = new PartitionKeyReader({ paths: ["/pk"], kind: "Hash", version: 2 });
for (let index = 0; ; index += 1) {
  const number = Number(round) * 1_000_000 + index;
  items.upsert(checkItem({ id: `single-${number}`, pk: "p", pad: "x".repeat(1000) }, reader));
  items.atomically(() => {
    for (let part = 0; part < 10; part += 1) {
      items.create(checkItem({ id: `batch-${number}-${part}`, pk: "p", pad: "x".repeat(1000) }, reader));
    }
  });
  writeSync(1, `${index}\n`);
}

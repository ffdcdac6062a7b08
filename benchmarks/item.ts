/** One item of the workload: exactly 1,024 bytes of JSON. */
export interface Item {
  id: string;
  pk: string;
  n: number;
  pad: string;
}

export const itemBytes = 1024;
export const partitionCount = 50;

/** Item `n`: its partition is `n` modulo 50, so that each partition holds every fiftieth item. */
export function makeItem(n: number, id = `item-${n}`): Item {
  const item = { id, pk: `p${n % partitionCount}`, n, pad: "" };
  item.pad = "x".repeat(itemBytes - JSON.stringify(item).length);
  return item;
}

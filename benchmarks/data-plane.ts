import type { Container } from "@azure/cosmos";
import Table from "cli-table3";
import { type ServedTarget, serve } from "./targets/served.ts";
import { type ContainerName, type Cost, clientOf, makeItem, measure, median, phases } from "./workload.ts";

const rounds = Number(process.env.ROUNDS ?? 3);
const containers: readonly ContainerName[] = ["small", "large", "batches", "warmup"];

const targets = [
  await serve("floor", "floor.ts"),
  await serve("local-azure", "local-azure.ts"),
  await serve("@vercel/cosmosdb-server", "vercel.ts"),
];

async function open(target: ServedTarget): Promise<Record<ContainerName, Container>> {
  const client = clientOf(target);
  if (target.name === "@vercel/cosmosdb-server") {
    const { database } = await client.databases.createIfNotExists({ id: "bench" });
    for (const id of containers) await database.containers.createIfNotExists({ id, partitionKey: "/pk" });
  }
  const [small, large, batches, warmup] = containers.map((id) => client.database("bench").container(id));
  return { small, large, batches, warmup } as Record<ContainerName, Container>;
}

async function warmUp(container: Container): Promise<void> {
  for (let index = 0; index < 500; index += 1) await container.items.upsert(makeItem(index));
  for (let index = 0; index < 1_000; index += 1)
    await container.item(makeItem(index % 500).id, makeItem(index % 500).pk).read();
}

const opened = new Map<string, Record<ContainerName, Container>>();
for (const target of targets) {
  const container = await open(target);
  opened.set(target.name, container);
  await warmUp(container.warmup);
}

const costs = new Map<string, Cost[]>();
for (let round = 1; round <= rounds; round += 1) {
  for (const phase of phases()) {
    for (const target of targets) {
      const container = opened.get(target.name)?.[phase.container];
      if (container === undefined) continue;
      process.stderr.write(`round ${round} of ${rounds}: ${phase.name} ${target.name}          \r`);
      const key = `${phase.name} ${target.name}`;
      try {
        costs.set(key, [...(costs.get(key) ?? []), await measure(target, container, phase)]);
      } catch (error) {
        if (target.name === "local-azure") throw error;
        costs.delete(key);
      }
    }
  }
}

const figure = (name: string, target: string, unit: keyof Cost) => {
  const measured = costs.get(`${name} ${target}`);
  return measured === undefined ? Number.NaN : median(measured.map((cost) => cost[unit]));
};
const shown = (value: number, digits: number) => (Number.isNaN(value) ? "wrong" : value.toFixed(digits));
const table = new Table({
  head: ["phase", "figure", ...targets.map((target) => target.name), "ours ÷ floor", "ours ÷ peer"],
  style: { head: [], border: [] },
});
for (const { name } of phases()) {
  const unit: keyof Cost = ["d", "e", "f"].includes(name) ? "p50Milliseconds" : "cpuMicrosecondsPerOperation";
  const digits = unit === "p50Milliseconds" ? 2 : 0;
  const [floor = Number.NaN, ours = Number.NaN, peer = Number.NaN] = targets.map((target) =>
    figure(name, target.name, unit),
  );
  table.push([
    name,
    unit === "p50Milliseconds" ? "p50, ms" : "server CPU, µs/op",
    ...[floor, ours, peer].map((value) => shown(value, digits)),
    shown(ours / floor, 2),
    shown(ours / peer, 2),
  ]);
}
const memory = await Promise.all(targets.map(async (target) => (await target.residentBytes()) / 1e6));
const spawn = targets.map((target) => target.spawnToReadyMs);
for (const [name, values] of [
  ["resident memory after it all, MB", memory],
  ["spawn to ready, ms", spawn],
] as const) {
  const [floor = 0, ours = 0, peer = 0] = values;
  table.push([
    name,
    "",
    ...values.map((value) => value.toFixed(0)),
    (ours / floor).toFixed(2),
    (ours / peer).toFixed(2),
  ]);
}
console.log(`\n${table.toString()}`);
for (const target of targets) await target.stop();

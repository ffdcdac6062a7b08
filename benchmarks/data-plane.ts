import { clearLine } from "node:readline";
import { styleText } from "node:util";
import type { Container } from "@azure/cosmos";
import Table from "cli-table3";
import { describeGoal, percentOfGoal } from "./goals.ts";
import { makeItem } from "./item.ts";
import { prepareTargets } from "./targets/prepared.ts";
import { type ServedTarget, serve } from "./targets/served.ts";
import { type ContainerName, type Cost, clientOf, measure, median, phases } from "./workload.ts";

const rounds = Number(process.env.ROUNDS ?? 3);
const containers: readonly ContainerName[] = ["small", "large", "batches", "warmup"];

const prepared = await prepareTargets();
const starts = 5;
const spawn = new Map<string, number[]>();
for (let start = 1; start <= starts; start += 1) {
  for (const each of prepared.targets) {
    progress(`start ${start} of ${starts}: ${each.name}`);
    const started = await serve(each);
    spawn.set(each.name, [...(spawn.get(each.name) ?? []), started.spawnToFirstReadMs]);
    await started.stop();
  }
}
const targets: ServedTarget[] = [];
for (const each of prepared.targets) targets.push(await serve(each));

/** One line on a terminal, written over and at last removed; nothing where output is kept. */
function progress(text: string): void {
  if (!process.stderr.isTTY) return;
  clearLine(process.stderr, 0);
  process.stderr.write(`\r${text}`);
}

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
      progress(`round ${round} of ${rounds}: ${phase.name} ${target.name}`);
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
  head: [
    "phase",
    "figure",
    ...targets.map(({ name }) => name),
    "ours ÷ floor",
    "ours ÷ peer",
    "goal",
    "used of goal",
  ],
  style: { head: [], border: [] },
});
function row(name: string, label: string, unit: string, values: readonly number[], digits: number): void {
  const [floor = Number.NaN, ours = Number.NaN, peer = Number.NaN] = values;
  const percent = percentOfGoal(name, ours, floor);
  table.push([
    label,
    unit,
    ...values.map((value) => shown(value, digits)),
    shown(ours / floor, 2),
    shown(ours / peer, 2),
    describeGoal(name),
    styleText(percent <= 100 ? "green" : "red", `${percent.toFixed(0)} %`, { stream: process.stdout }),
  ]);
}
for (const { name } of phases()) {
  const isTime = ["d", "e", "f"].includes(name);
  const unit: keyof Cost = isTime ? "p50Milliseconds" : "cpuMicrosecondsPerOperation";
  const values = targets.map((target) => figure(name, target.name, unit));
  row(name, name, isTime ? "p50, ms" : "server CPU, µs/op", values, isTime ? 2 : 0);
}
const memory = await Promise.all(targets.map(async (target) => (await target.residentBytes()) / 1e6));
row("memory", "resident memory after it all", "MB", memory, 0);
const spawned = targets.map(({ name }) => median(spawn.get(name) ?? []));
row("spawn", `spawn to first read, median of ${starts}`, "ms", spawned, 0);
if (process.stderr.isTTY) {
  clearLine(process.stderr, 0);
  process.stderr.write("\r");
}
console.log(table.toString());
for (const target of targets) await target.stop();
prepared.remove();

import { randomBytes } from "node:crypto";
import type { Agent } from "node:https";
import { ChangeFeedStartFrom, type Container, CosmosClient, type OperationInput } from "@azure/cosmos";
import { type Item, makeItem, partitionCount } from "./item.ts";

export interface Target {
  readonly name: string;
  readonly endpoint: string;
  readonly agent: Agent;
  /** A credential by token, or a master key for targets that know no tokens. */
  readonly credential: { readonly token: string } | { readonly key: string };
  /** CPU time that the server's process has used, in microseconds. */
  cpuMicroseconds(): Promise<number>;
}

export function clientOf(target: Target): CosmosClient {
  const { endpoint, agent, credential } = target;
  const common = { endpoint, agent, connectionPolicy: { enableEndpointDiscovery: false } };
  if ("key" in credential) return new CosmosClient({ ...common, key: credential.key });
  const token = { token: credential.token, expiresOnTimestamp: Date.now() + 3_600_000 };
  return new CosmosClient({ ...common, aadCredentials: { getToken: async () => token } });
}

/** `small` holds 2,000 items, 40 in each partition; `large` holds 10,000; `batches` what the batches made. */
export type ContainerName = "small" | "large" | "batches" | "warmup";

/** What one phase cost: server CPU per operation, and the median wall time of one operation. */
export interface Cost {
  readonly cpuMicrosecondsPerOperation: number;
  readonly p50Milliseconds: number;
}

export interface Phase {
  readonly name: string;
  readonly container: ContainerName;
  readonly operations: number;
  readonly inFlight: number;
  /** Does operation `index` and throws when its answer is not right. */
  readonly run: (container: Container, index: number) => Promise<void>;
}

/** Runs a phase and measures it; a wrong answer ends the run. */
export async function measure(target: Target, container: Container, phase: Phase): Promise<Cost> {
  const times: number[] = [];
  let next = 0;
  const before = await target.cpuMicroseconds();
  const worker = async () => {
    while (next < phase.operations) {
      const index = next;
      next += 1;
      const begun = performance.now();
      await phase.run(container, index);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: phase.inFlight }, worker));
  const used = (await target.cpuMicroseconds()) - before;
  return { cpuMicrosecondsPerOperation: used / phase.operations, p50Milliseconds: median(times) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`wrong answer: ${what}`);
}

const loaded = 10_000;
const small = 2_000;
const batchSize = 50;
/** The fixed answer of the floor is another item of the same size. */
const minimumPad = 950;

/** The phases of one round, in order: `b`, `b1` and `c` see what `a` wrote, `d` and `f` what `load` wrote. */
export function phases(): readonly Phase[] {
  const batchMark = randomBytes(4).toString("hex");
  return [
    {
      name: "a",
      container: "small",
      operations: small,
      inFlight: 1,
      run: upsert,
    },
    { name: "b", container: "small", operations: 5_000, inFlight: 32, run: pointRead },
    { name: "b1", container: "small", operations: small, inFlight: 1, run: pointRead },
    { name: "load", container: "large", operations: loaded, inFlight: 32, run: upsert },
    { name: "c", container: "small", operations: 500, inFlight: 16, run: partitionQuery },
    {
      name: "d",
      container: "large",
      operations: 20,
      inFlight: 1,
      run: async (container) => {
        const { resources } = await container.items.query("SELECT VALUE COUNT(1) FROM c").fetchAll();
        check(resources[0] === loaded, `count ${resources[0]}`);
      },
    },
    {
      name: "f",
      container: "large",
      operations: 3,
      inFlight: 1,
      run: async (container) => {
        let seen = 0;
        const changeFeedStartFrom = ChangeFeedStartFrom.Beginning();
        const feed = container.items.getChangeFeedIterator({ changeFeedStartFrom, maxItemCount: 1_000 });
        while (feed.hasMoreResults) {
          const { result, statusCode } = await feed.readNext();
          if (statusCode === 304) break;
          seen += result.length;
        }
        check(seen === loaded, `change feed of ${seen}`);
      },
    },
    {
      name: "e",
      container: "batches",
      operations: 40,
      inFlight: 1,
      run: async (container, index) => {
        const operations: OperationInput[] = Array.from({ length: batchSize }, (_, position) => ({
          operationType: "Create",
          resourceBody: { ...makeItem(7, `batch-${batchMark}-${index}-${position}`), pk: "batch" },
        }));
        const { code, result } = await container.items.batch(operations, "batch");
        check(code === 200 && result?.length === batchSize, `batch ${code}`);
      },
    },
  ];
}

async function upsert(container: Container, index: number): Promise<void> {
  const { statusCode } = await container.items.upsert(makeItem(index));
  check(statusCode === 200 || statusCode === 201, `upsert ${statusCode}`);
}

async function pointRead(container: Container, index: number): Promise<void> {
  const expected = makeItem(index % small);
  const { resource, statusCode } = await container.item(expected.id, expected.pk).read<Item>();
  check(statusCode === 200 && (resource?.pad.length ?? 0) >= minimumPad, `read ${statusCode}`);
}

/** Each partition of `small` holds 40 items; the bound leaves 20 of them. */
async function partitionQuery(container: Container, index: number): Promise<void> {
  const partition = `p${index % partitionCount}`;
  const { resources } = await container.items
    .query(
      {
        query: "SELECT * FROM c WHERE c.pk=@p AND c.n > @n ORDER BY c.n",
        parameters: [
          { name: "@p", value: partition },
          { name: "@n", value: 999 },
        ],
      },
      { partitionKey: partition },
    )
    .fetchAll();
  check(resources.length === 20, `query of ${resources.length}`);
}

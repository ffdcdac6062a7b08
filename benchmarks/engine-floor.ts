import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Table from "cli-table3";
import { reset } from "../local-azure/control/lifecycle.ts";
import { ensureLocalStack, openLocalSession } from "../local-azure/control/session.ts";
import { median } from "./workload.ts";

/**
 * `pulumi up` of the local stack beside `pulumi up` of the same number of resources that do nothing, in turns, from an
 * empty stack and again without changes.
 */
const run = promisify(execFile);
const rounds = Number(process.env.ROUNDS ?? 3);
const project = join(import.meta.dirname, "..");
const trivial = join(import.meta.dirname, "trivial-program");

process.env.LOCAL_AZURE_HOME = mkdtempSync(join(tmpdir(), "engine-floor-"));
const session = await openLocalSession("local");
const { env } = session;
const pulumi = (cwd: string, args: readonly string[], extra: NodeJS.ProcessEnv = {}) =>
  run("pulumi", [...args, "--non-interactive"], {
    cwd,
    env: { ...env, ...extra },
    maxBuffer: 64 * 1024 * 1024,
  });
const stack = "bench";

async function timed(cwd: string, extra: NodeJS.ProcessEnv): Promise<number> {
  const begun = performance.now();
  await pulumi(cwd, ["up", "--yes", "--skip-preview", "--stack", stack], extra);
  return (performance.now() - begun) / 1000;
}

try {
  await ensureLocalStack(session, {
    project,
    projectName: "keyless-cosmos",
    stack,
    source: join(project, "Pulumi.dev.yaml"),
  });
  await pulumi(trivial, ["stack", "init", stack]);
  const figures = {
    ours: [] as number[],
    floor: [] as number[],
    oursAgain: [] as number[],
    floorAgain: [] as number[],
  };
  let count = 0;
  for (let round = 1; round <= rounds; round += 1) {
    figures.ours.push(await timed(project, {}));
    figures.oursAgain.push(await timed(project, {}));
    const { stdout } = await pulumi(project, ["stack", "export", "--stack", stack]);
    const { deployment } = JSON.parse(stdout) as { deployment: { resources: readonly unknown[] } };
    count = deployment.resources.length;
    const trivialEnv = { TRIVIAL_RESOURCES: String(count - 1) };
    figures.floor.push(await timed(trivial, trivialEnv));
    figures.floorAgain.push(await timed(trivial, trivialEnv));
    for (const cwd of [project, trivial])
      await pulumi(cwd, ["destroy", "--yes", "--skip-preview", "--stack", stack]);
  }
  const table = new Table({
    head: [`pulumi up, ${count} resources`, "local stack, s", "trivial, s", "ratio"],
    style: { head: [], border: [] },
  });
  const row = (name: string, ours: readonly number[], floor: readonly number[]) =>
    table.push([
      name,
      median(ours).toFixed(1),
      median(floor).toFixed(1),
      (median(ours) / median(floor)).toFixed(2),
    ]);
  row("from nothing", figures.ours, figures.floor);
  row("no changes", figures.oursAgain, figures.floorAgain);
  console.log(table.toString());
} finally {
  await reset(session.folder);
  for (const file of ["Pulumi.bench.yaml"])
    for (const folder of [project, trivial]) rmSync(join(folder, file), { force: true });
}

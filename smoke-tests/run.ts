import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import colours from "picocolors";
import { type AzureCloud, bearer, connect } from "../connection/azure-cloud.ts";
import { reportFailure } from "../connection/report-failure.ts";
import { selectedStack, stackOutputs } from "../connection/stack.ts";
import { makeStranger } from "./stranger.ts";
import { targetEnvironment } from "./target.ts";

const project = join(import.meta.dirname, "..");
const interruptedExit = 130;
const reports = join(project, "reports");
const results = join(reports, "smoke.json");

/** `npm run smoke`: says what the tests run against, runs them, and leaves nothing behind. */
async function run(options: { readonly stack?: string; readonly json: boolean }): Promise<void> {
  // With a handler an interruption ends the tests, not this process: the identity made for them is still taken away.
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interruption.abort());
  const stack = options.stack ?? (await selectedStack());
  const outputs = await stackOutputs(stack);
  const cloud = await connect();
  // Jest's report goes to standard error, so that with --json standard output holds the results alone.
  (options.json ? console.error : console.log)(
    `Smoke tests of stack ${colours.bold(stack)}: account ${outputs.account.name}, ${outputs.account.endpoint}`,
  );
  const runner = await ownObjectId(cloud);
  const { stranger, remove } = await makeStranger(cloud, outputs.tenantId);
  try {
    const target = targetEnvironment({ outputs, runner, stranger });
    process.exitCode = interruption.signal.aborted
      ? interruptedExit
      : await jest({ ...process.env, ...target }, interruption.signal);
    if (options.json && existsSync(results)) console.log(readFileSync(results, "utf8"));
  } finally {
    await remove();
  }
}

/** The object id in the runner's own token: the same that Cosmos DB decides by. */
async function ownObjectId(cloud: AzureCloud): Promise<string> {
  const [, payload = ""] = (await bearer(cloud)).split(".");
  const { oid } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { oid: string };
  return oid;
}

function jest(environment: NodeJS.ProcessEnv, interruption: AbortSignal): Promise<number> {
  mkdirSync(reports, { recursive: true });
  rmSync(results, { force: true });
  // Jest looks at FORCE_COLOR alone.
  const env = environment.NO_COLOR ? { ...environment, FORCE_COLOR: "0" } : environment;
  const child = spawn(
    process.execPath,
    [
      "--experimental-vm-modules",
      "--disable-warning=ExperimentalWarning",
      join(project, "node_modules", "jest", "bin", "jest.js"),
      "--config",
      join(import.meta.dirname, "jest.config.js"),
      "--runInBand",
      "--json",
      `--outputFile=${results}`,
    ],
    { cwd: project, env, stdio: ["ignore", "ignore", "inherit"] },
  );
  interruption.addEventListener("abort", () => child.kill("SIGTERM"));
  return new Promise((resolve) =>
    child.once("close", (code) => resolve(interruption.aborted ? interruptedExit : (code ?? 1))),
  );
}

await new Command("smoke")
  .description("Prove that token access works and that everything else is refused")
  .option("-s, --stack <name>", "the stack; otherwise the selected one")
  .option("--json", "print the results for machines too; reports/smoke.json holds the same", false)
  .action(run)
  .parseAsync()
  .catch(reportFailure);

import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../local-azure/hosting/testing/eventually.ts";
import { descendantsOf, gone } from "../local-azure/pulumi/testing/processes.ts";
import { engineBuildMs, openTestCommandLine } from "../local-azure/testing/command-line.ts";
import { sendRaw } from "../local-azure/testing/raw-request.ts";
import { makeTestClone, type TestClone } from "./testing/test-clone.ts";

let clone: TestClone;
beforeAll(async () => {
  const other = openTestCommandLine();
  await other.succeed("exec", "--", "true");
  await other.close();
  clone = makeTestClone();
}, engineBuildMs);
afterAll(() => clone.close());

const startEnvironment = () => ({
  ...process.env,
  LOCAL_AZURE_HOME: clone.cli.home,
  NO_COLOR: "1",
  FORCE_COLOR: "0",
});
const npmStart = () => clone.start(startEnvironment(), process.execPath, "deployment/start.ts");
const status = async () => JSON.parse((await clone.cli.run("status", "--json")).stdout) as { pid: number };

test("Ctrl-C in an update leaves no process; the next start finishes; a killed cloud ends its sites and comes back", async () => {
  const interrupted = npmStart();
  await interrupted.output((text) => text.split(" creating (").length > 8);
  interrupted.process.kill("SIGINT");
  const { code, stderr } = await interrupted.ended;
  expect(stderr).toContain(
    "Interrupted: what this command started is stopped. `npm start` goes on from here.\n",
  );
  expect(code).toBe(130);
  await interrupted.nothingLeft();
  expect((await clone.cli.run("status")).stdout).toBe("Not running.\n");

  await clone.succeed(startEnvironment(), process.execPath, "deployment/start.ts");

  const outputs = JSON.parse(
    await clone.cli.succeed("exec", "--", "pulumi", "stack", "output", "--json", "--stack", "local"),
  ) as { workloads: Record<string, { url: string }> };
  const site = outputs.workloads["orders-api"]?.url ?? "";
  const { pid } = await status();
  const sites = await descendantsOf(pid);
  expect(sites.length).toBeGreaterThan(0);
  process.kill(pid, "SIGKILL");
  await Promise.all(sites.map(gone));
  expect(await clone.cli.run("status")).toEqual({
    code: 3,
    stdout: "Not running: it was killed. `local-azure start` goes on from the state it kept.\n",
    stderr: "",
  });

  await clone.cli.succeed("start");
  const agent = new Agent({ ca: readFileSync(join(clone.cli.home, "ca.crt")) });
  await eventually(
    () => sendRaw(agent, `${site}/health`, { headers: {} }),
    (answer) => answer.status === 200,
  );
  agent.destroy();
}, 300_000);

import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { descendantsOf, gone } from "../testing/processes.ts";
import { createPulumiProject, type PulumiProject } from "../testing/pulumi-project.ts";

/** The engine may have to be built first, once for this user. */
const engineBuild = 45 * 60_000;

let project: PulumiProject;
beforeAll(async () => {
  project = await createPulumiProject({});
}, engineBuild);
afterAll(() => {
  project.remove();
});

const outputsProgram = `
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config();
exports.greeting = config.require("greeting");
exports.password = config.requireSecret("password");
exports.where = process.cwd();
exports.node = process.version;
exports.stack = pulumi.getStack();
`;

describe("programs", () => {
  test("up runs the program under this Node.js, in the project, with its configuration; secrets stay secret", async () => {
    project.write("index.js", outputsProgram);
    await project.succeed("config", "set", "greeting", "hello");
    await project.succeed("config", "set", "--secret", "password", "hidden-value");
    const said = await project.succeed("up", "--yes", "--skip-preview");
    expect(said).not.toContain("hidden-value");
    expect(said).not.toContain("warning");
    expect(JSON.parse(await project.succeed("stack", "output", "--json"))).toEqual({
      greeting: "hello",
      password: "[secret]",
      where: project.directory,
      node: process.version,
      stack: "test",
    });
    await project.succeed("preview", "--expect-no-changes");
    await project.succeed("destroy", "--yes", "--skip-preview");
  });

  test.each([
    ["throws", 'throw new Error("the program is wrong");', "Error: the program is wrong"],
    ["rejects", 'Promise.reject(new Error("too late"));', "Error: too late"],
    ["exits by itself", "process.exit(3);", "Program exited with non-zero exit code: 3"],
    ["needs what is not there", 'require("./nothing");', "Cannot find module './nothing'"],
  ])("a program that %s fails the update, and says why once", async (_, program, message) => {
    project.write("index.js", program);
    const { code, stdout, stderr } = await project.pulumi("preview");
    expect(code).not.toBe(0);
    const diagnostics = (stdout + stderr).split("Diagnostics:")[1] ?? "";
    expect(diagnostics.split(message)).toHaveLength(2);
  });

  test("Ctrl-C ends the program", async () => {
    await interruptedBy("SIGINT");
  });

  test("nothing outlives an engine that is killed", async () => {
    await interruptedBy("SIGKILL");
  });
});

/** Runs a program that never ends, sends the engine a signal, and waits until every process it started is gone. */
async function interruptedBy(signal: NodeJS.Signals): Promise<void> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  project.write("index.js", `require("node:net").connect(${port}, "127.0.0.1");`);
  const engine = project.start("up", "--yes", "--skip-preview");
  const ended = once(engine, "exit");
  await once(server, "connection");
  const started = engine.pid === undefined ? [] : await descendantsOf(engine.pid);
  expect(started.length).toBeGreaterThanOrEqual(2);
  engine.kill(signal);
  await ended;
  await Promise.all(started.map((pid) => gone(pid)));
  server.close();
  await project.pulumi("cancel", "--yes");
}

test("about names the executable, the version and the dependencies", async () => {
  project.write("index.js", "");
  const about = JSON.parse(await project.succeed("about", "--json"));
  expect(about.runtime).toMatchObject({
    language: "nodejs",
    executable: process.execPath,
    version: process.version,
  });
  expect(about.dependencies).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: "@pulumi/azure-native", version: "3.28.0" })]),
  );
});

test("install runs npm in the project and shows what it says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-install-"));
  mkdirSync(join(folder, "dependency"));
  writeFileSync(join(folder, "dependency", "package.json"), '{ "name": "dependency", "version": "1.0.0" }');
  mkdirSync(join(folder, "project"));
  cpSync(join(project.directory, "Pulumi.yaml"), join(folder, "project", "Pulumi.yaml"));
  writeFileSync(join(folder, "project", "index.js"), "");
  writeFileSync(
    join(folder, "project", "package.json"),
    '{ "name": "p", "dependencies": { "dependency": "file:../dependency" } }',
  );
  const said = await project.succeed("install", "--cwd", join(folder, "project"));
  expect(said).toContain("Finished installing dependencies");
  expect(existsSync(join(folder, "project", "node_modules", "dependency", "package.json"))).toBe(true);
  writeFileSync(join(folder, "project", "package.json"), "{ broken");
  const failed = await project.pulumi("install", "--cwd", join(folder, "project"));
  expect(failed.code).not.toBe(0);
  expect(failed.stderr).toContain("npm install failed");
  rmSync(folder, { recursive: true, force: true });
});

/** A policy pack in its smallest form: a gRPC analyzer, because the policy SDK is no dependency. */
const analyzer = `
const grpc = require("@grpc/grpc-js");
const services = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const messages = require("@pulumi/pulumi/proto/analyzer_pb");
const plugin = require("@pulumi/pulumi/proto/plugin_pb");
const server = new grpc.Server();
server.addService(services.AnalyzerService, {
  getPluginInfo: (call, callback) => callback(null, new plugin.PluginInfo().setVersion("1.0.0")),
  getAnalyzerInfo: (call, callback) => callback(null, new messages.AnalyzerInfo().setName("pack").setDisplayname("pack").setVersion("1.0.0")),
  configure: (call, callback) => callback(null, new (require("google-protobuf/google/protobuf/empty_pb").Empty)()),
  analyze: (call, callback) => callback(null, new messages.AnalyzeResponse()),
  analyzeStack: (call, callback) => callback(null, new messages.AnalyzeResponse().setDiagnosticsList([
    new messages.AnalyzeDiagnostic().setPolicyname("no-stacks").setPolicypackname("pack").setPolicypackversion("1.0.0")
      .setMessage("stacks are not allowed").setEnforcementlevel(messages.EnforcementLevel.MANDATORY),
  ])),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => console.log(port));
`;

test("a policy pack that forbids the stack stops it", async () => {
  project.write("index.js", "exports.a = 1;");
  project.write("pack/PulumiPolicy.yaml", "runtime: nodejs\nmain: index.js\n");
  project.write("pack/package.json", '{ "name": "pack", "version": "1.0.0" }');
  project.write("pack/index.js", analyzer);
  const { code, stdout, stderr } = await project.pulumi("preview", "--policy-pack", "pack");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain("stacks are not allowed");
});

test("the launcher runs the code of this clone", () => {
  const launcher = join(
    project.stateDirectory,
    "pulumi-home",
    "plugins",
    "language-nodejs-v3.250.0",
    "pulumi-language-nodejs",
  );
  expect(readFileSync(launcher, "utf8")).toContain("local-azure/pulumi/language-host/main.ts");
});

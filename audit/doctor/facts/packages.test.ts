import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { judgeVersions } from "../links/versions.ts";
import type { Facts } from "./facts.ts";
import { readPackages } from "./packages.ts";

let project: string;
let registry: Server;
/** What the registry answers, by path. */
let answers: Readonly<Record<string, object>>;
beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), "doctor-project-"));
  answers = {};
  registry = createServer((request, response) => {
    const answer = answers[request.url ?? ""];
    response.statusCode = answer === undefined ? 503 : 200;
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  registry.close();
  registry.closeAllConnections();
  rmSync(project, { recursive: true, force: true });
});

function install(name: string, version: string): void {
  const folder = join(project, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version }));
}

async function look(online = false) {
  const environment = {
    npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
  };
  const packages = await readPackages(join(project, "src"), online, environment);
  return judgeVersions({ packages } as Facts);
}

test("a library behind the dated file is noted, one that is not is told", async () => {
  install("@azure/cosmos", "4.2.0");
  install("@azure/identity", "4.14.1");
  expect(await look()).toEqual({
    state: "holds",
    why: "@azure/cosmos 4.2.0 (newest is 4.10.1 by the list of 2026-11-25), @azure/identity 4.14.1 (newest is 4.14.1 by the list of 2026-11-25)",
    notes: [
      {
        code: "KC-DOCTOR-SDK-BEHIND",
        why: "@azure/cosmos 4.2.0 is behind 4.10.1 (by the list of 2026-11-25)",
        fix: "npm install @azure/cosmos@4.10.1",
      },
    ],
  });
  install("@azure/cosmos", "4.10.1");
  expect(await look()).toMatchObject({ state: "holds", notes: [] });
});

test("numbers are compared as numbers, and a newer library than the file knows is not behind", async () => {
  install("@azure/cosmos", "4.11.0-beta.1");
  install("@azure/identity", "5.0.0");
  expect(await look()).toMatchObject({ state: "holds", notes: [] });
});

test("a program without either has nothing to compare", async () => {
  expect(await look()).toMatchObject({ state: "skipped" });
});

test("the registry is asked only when it may be, and where it fails the file counts", async () => {
  install("@azure/cosmos", "4.10.1");
  answers = { "/@azure%2Fcosmos/latest": { version: "4.12.0" } };
  expect(await look()).toMatchObject({ notes: [] });
  expect(await look(true)).toMatchObject({
    notes: [{ code: "KC-DOCTOR-SDK-BEHIND", why: "@azure/cosmos 4.10.1 is behind 4.12.0 (by the registry)" }],
  });
  answers = {};
  expect(await look(true)).toMatchObject({
    why: expect.stringMatching(/; the registry did not tell: http:\/\/127\.0\.0\.1:\d+ answered 503$/),
    notes: [],
  });
});

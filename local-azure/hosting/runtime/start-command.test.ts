import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { findStartCommand } from "./start-command.ts";

let content: string;
beforeEach(() => {
  content = mkdtempSync(join(tmpdir(), "start-command-"));
});
afterEach(() => rmSync(content, { recursive: true, force: true }));

const start = (script: unknown) => JSON.stringify({ scripts: { start: script } });

test.each<[string, Record<string, string>, string, string]>([
  ["the configured command", { "server.js": "" }, "npm run serve", "exec npm run serve"],
  ["a configured script", { "server.js": "" }, "dist/main.js", "exec node dist/main.js"],
  ["a command for the shell", {}, "cd dist && node main.js", "cd dist && node main.js"],
  ["a command with a setting", {}, "DEBUG=1 node main.js", "DEBUG=1 node main.js"],
  ["the start script", { "package.json": start("node a.js"), "server.js": "" }, "", "exec node a.js"],
  [
    "main",
    { "package.json": '{"main":"lib/a.js"}', "lib/a.js": "", "app.js": "" },
    "",
    "exec node 'lib/a.js'",
  ],
  [
    "server.js when main is missing",
    { "package.json": '{"main":"b.js"}', "server.js": "" },
    "",
    "exec node 'server.js'",
  ],
  ["bin/www first", { "bin/www": "", "server.js": "", "index.js": "" }, "", "exec node 'bin/www'"],
  ["index.js last", { "index.js": "", "hostingstart.js": "" }, "", "exec node 'index.js'"],
])("%s is run", (_, files, appCommandLine, command) => {
  write(files);
  expect(findStartCommand(content, { linuxFxVersion: "NODE|24-lts", appCommandLine })).toEqual({
    kind: "run",
    command,
  });
});

test.each<[Record<string, string>, string, string]>([
  [
    {},
    "NODE|24-lts",
    "Nothing to start: there is no siteConfig.appCommandLine, no start script in package.json and none of bin/www, server.js, app.js, index.js, hostingstart.js.",
  ],
  [{ "package.json": "[" }, "NODE|24-lts", "The package.json of the site is not a JSON object."],
  [{ "server.js": "" }, "", "The site has no stack: set siteConfig.linuxFxVersion to NODE|24-lts."],
  [
    { "server.js": "" },
    "PYTHON|3.13",
    "The stack PYTHON|3.13 cannot run: set siteConfig.linuxFxVersion to NODE|24-lts.",
  ],
])("%j on the stack '%s' is refused", (files, linuxFxVersion, reason) => {
  write(files);
  expect(findStartCommand(content, { linuxFxVersion, appCommandLine: "" })).toEqual({
    kind: "refused",
    reason,
  });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(content, path)), { recursive: true });
    writeFileSync(join(content, path), text);
  }
}

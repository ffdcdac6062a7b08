import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

const start = (version: string) => `
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: ${JSON.stringify(version)} } });
  const { default: main } = await import(${JSON.stringify(join(import.meta.dirname, "main.js"))});
  await main().catch((error) => console.log(JSON.stringify({ message: error.message, quiet: error.__pulumiRunError })));
`;

async function failureUnder(version: string): Promise<{ message: string; quiet?: boolean }> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "-e",
    start(version),
  ]);
  return JSON.parse(stdout);
}

test("an older Node is refused with what to do, before any TypeScript is loaded", async () => {
  const { message, quiet } = await failureUnder("22.14.0");
  expect(message).toMatch(
    /^This program needs Node 24 or newer, but runs on v\S+ \(.+\)\. Start it through npm \(`npm run up -- -s <stack>`\), which uses the Node that `npm ci` installed, or put Node 24 first on PATH\.$/,
  );
  expect(quiet).toBe(true);
});

test("Node 24 reaches the program, which asks for settings", async () => {
  const { message, quiet } = await failureUnder("24.0.0");
  expect(message).toContain("nothing was registered");
  expect(quiet).toBe(true);
});

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { preparePulumi } from "./prepare.ts";
import { silentReporter } from "./reporter.ts";

/** The engine may have to be built first, once for this user. */
const engineBuild = 45 * 60_000;

let stateDirectory: string;
beforeAll(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), "prepare-pulumi-"));
});
afterAll(() => {
  rmSync(stateDirectory, { recursive: true, force: true });
});

function prepare(plugins: "local" | "official") {
  return preparePulumi({
    stateDirectory,
    reporter: silentReporter,
    signal: AbortSignal.timeout(engineBuild),
    plugins,
  });
}

test(
  "installs the plugin once, and again when the launcher or the version has changed",
  async () => {
    const { pulumiHome } = await prepare("local");
    expect(pulumiHome).toBe(join(stateDirectory, "pulumi-home"));
    expect(statSync(pulumiHome).mode & 0o077).toBe(0);
    const installed = join(
      pulumiHome,
      "plugins",
      "resource-azure-native-v3.28.0",
      "pulumi-resource-azure-native",
    );
    const launcher = readFileSync(installed, "utf8");
    expect(launcher).toContain("local-azure/pulumi/azure-native/main.ts");

    const { mtimeMs } = statSync(installed);
    await prepare("local");
    expect(statSync(installed).mtimeMs).toBe(mtimeMs);

    writeFileSync(installed, "#!/bin/sh\nexec /another/clone\n");
    writeFileSync(join(stateDirectory, "plugins", "azure-native.installed"), "3.27.0 another launcher\n");
    await prepare("local");
    expect(readFileSync(installed, "utf8")).toBe(launcher);

    rmSync(join(pulumiHome, "plugins"), { recursive: true });
    await prepare("local");
    expect(readFileSync(installed, "utf8")).toBe(launcher);
  },
  engineBuild,
);

test(
  "the official plugins get a home of their own, in which ours are not",
  async () => {
    const { pulumiHome, binDirectories } = await prepare("official");
    expect(pulumiHome).toBe(join(stateDirectory, "pulumi-home-official"));
    expect(binDirectories).toHaveLength(2);
    expect(() => statSync(join(pulumiHome, "plugins", "resource-azure-native-v3.28.0"))).toThrow("ENOENT");
  },
  engineBuild,
);

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runCommand } from "./engine/run-command.ts";
import { engineVersion } from "./engine/version.ts";
import { launcherText, writeLauncher } from "./launcher.ts";

/** A provider plugin of the local cloud. */
interface LocalPlugin {
  readonly name: string;
  /** The npm package whose version the plugin must have, because programs ask for that one. */
  readonly npmPackage: string;
  readonly entry: URL;
}

const plugins: readonly LocalPlugin[] = [
  {
    name: "azure-native",
    npmPackage: "@pulumi/azure-native",
    entry: new URL("./azure-native/main.ts", import.meta.url),
  },
  {
    name: "azuread",
    npmPackage: "@pulumi/azuread",
    entry: new URL("./azuread/main.ts", import.meta.url),
  },
];

const installDeadline = 60_000;

function versionOf(npmPackage: string): string {
  const file = createRequire(import.meta.url)(`${npmPackage}/package.json`) as { readonly version: string };
  return file.version;
}

/**
 * Puts the language host's launcher among the plugins of a private PULUMI_HOME. `pulumi plugin install` refuses
 * language hosts that come with the official distribution, and one on PATH makes the engine warn at every command.
 */
export function installLanguageHost(pulumiHome: string): void {
  const entry = new URL("./language-host/main.ts", import.meta.url);
  const folder = join(pulumiHome, "plugins", `language-nodejs-v${engineVersion}`);
  writeLauncher(join(folder, "pulumi-language-nodejs"), launcherText(entry));
}

/**
 * Installs the local plugins into a private PULUMI_HOME, where that has not been done for the same launcher and
 * version. A second install of a version keeps the old code unless it is told to reinstall.
 * @param workFolder holds the launchers that are installed and the mark of what is installed
 */
export async function installLocalPlugins(options: {
  readonly executable: string;
  readonly pulumiHome: string;
  readonly workFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { pulumiHome, workFolder } = options;
  for (const { name, npmPackage, entry } of plugins) {
    const version = versionOf(npmPackage);
    const text = launcherText(entry);
    const folder = join(workFolder, name);
    const markFile = join(workFolder, `${name}.installed`);
    const mark = `${version} ${createHash("sha256").update(text).digest("hex")}\n`;
    const installed = join(pulumiHome, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
    if (existsSync(markFile) && readFileSync(markFile, "utf8") === mark && existsSync(installed)) continue;

    rmSync(markFile, { force: true });
    mkdirSync(pulumiHome, { recursive: true, mode: 0o700 });
    writeLauncher(join(folder, `pulumi-resource-${name}`), text);
    const args = [
      "plugin",
      "install",
      "resource",
      name,
      version,
      "--file",
      folder,
      "--reinstall",
      "--non-interactive",
    ];
    await runCommand(options.executable, args, {
      cwd: workFolder,
      env: { ...options.env, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" },
      signal: options.signal,
      deadline: installDeadline,
    });
    writeFileSync(markFile, mark, { mode: 0o600 });
  }
}

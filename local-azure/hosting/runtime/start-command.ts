import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSupportedStack, supportedStack } from "../stack.ts";

export type StartCommand =
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "refused"; readonly reason: string };

const entryFiles = ["bin/www", "server.js", "app.js", "index.js", "hostingstart.js"];

/**
 * How App Service starts a Node.js site on Linux: the configured command, else the package's start script, else the
 * package's `main`, else the first entry file that is there
 * (https://learn.microsoft.com/azure/app-service/configure-language-nodejs#configure-nodejs-server).
 *
 * @param content the folder with the published files.
 */
export function findStartCommand(
  content: string,
  config: { readonly linuxFxVersion: string; readonly appCommandLine: string },
): StartCommand {
  const { linuxFxVersion, appCommandLine } = config;
  if (!isSupportedStack(linuxFxVersion)) {
    const stack = linuxFxVersion === "" ? "The site has no stack" : `The stack ${linuxFxVersion} cannot run`;
    return refused(`${stack}: set siteConfig.linuxFxVersion to ${supportedStack}.`);
  }
  if (appCommandLine !== "") {
    return run(/^[\w./-]+\.[cm]?js$/.test(appCommandLine) ? `node ${appCommandLine}` : appCommandLine);
  }
  const manifest = readManifest(content);
  if (manifest === "malformed") return refused("The package.json of the site is not a JSON object.");
  if (manifest?.start !== undefined) return run(manifest.start);
  const candidates = manifest?.main === undefined ? entryFiles : [manifest.main, ...entryFiles];
  const entry = candidates.find((file) => existsSync(join(content, file)));
  if (entry !== undefined) return run(`node ${quoted(entry)}`);
  return refused(
    `Nothing to start: there is no siteConfig.appCommandLine, no start script in package.json and none of ${entryFiles.join(", ")}.`,
  );
}

function readManifest(
  content: string,
): { readonly start: string | undefined; readonly main: string | undefined } | "malformed" | undefined {
  const file = join(content, "package.json");
  if (!existsSync(file)) return undefined;
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof manifest !== "object" || manifest === null) return "malformed";
    const { scripts, main } = manifest as {
      readonly scripts?: { readonly start?: unknown };
      readonly main?: unknown;
    };
    return { start: text(scripts?.start), main: text(main) };
  } catch {
    return "malformed";
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function quoted(file: string): string {
  return `'${file.replaceAll("'", "'\\''")}'`;
}

/** One program with its arguments, which needs no shell between it and its signals. */
const plainProgram = /^(node|npm|npx|[\w.-]*\/[\w./-]+)(\s[^;&|<>(){}$`\n]*)?$/;

function run(command: string): StartCommand {
  return { kind: "run", command: plainProgram.test(command) ? `exec ${command}` : command };
}

function refused(reason: string): StartCommand {
  return { kind: "refused", reason };
}

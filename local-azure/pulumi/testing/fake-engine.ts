import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes an executable shell script. */
export function writeScript(folder: string, name: string, lines: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${lines.join("\n")}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A program that answers `version` as the engine does, for tests of where an engine is looked for. */
export function writeFakeEngine(binFolder: string, version: string): string {
  return writeScript(binFolder, "pulumi", [`echo v${version}`]);
}

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The text of a launcher: a shell script that becomes this clone's Node.js with an entry of this clone, so that the
 * engine runs the code that is there now.
 */
export function launcherText(entry: URL): string {
  return `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(fileURLToPath(entry))} "$@"\n`;
}

/**
 * Writes an executable file unless it has that text already. It appears whole, because another run may execute it.
 * @returns whether it was written
 */
export function writeLauncher(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o700 });
  chmodSync(draft, 0o700);
  renameSync(draft, path);
  return true;
}

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const loopbackOnly = pathToFileURL(join(import.meta.dirname, "loopback-only.ts")).href;

/**
 * Writes `node` into the folder that comes first on the path of a site's process: the Node.js of the local cloud itself, which
 * binds to loopback only.
 */
export function writePrograms(folder: string): void {
  const node = join(folder, "node");
  writeFileSync(node, `#!/bin/sh\nexec ${quoted(process.execPath)} --import ${quoted(loopbackOnly)} "$@"\n`, {
    mode: 0o700,
  });
  chmodSync(node, 0o700);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

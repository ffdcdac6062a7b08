import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Removes attribute files that a killed `pulumi` left cut off in a file backend.
 *
 * The backend's blob library writes `<file>.attrs` in place and only then moves the file itself there, whole
 * (gocloud.dev blob/fileblob). A kill in between leaves an attribute file that cannot be read, and with it Pulumi refuses the
 * stack: "failed to load checkpoint: EOF". Without one it reads the file, which holds the last complete state.
 *
 * @returns how many were removed. No update may run meanwhile.
 */
export function removeCutOffAttributes(backendUrl: string): number {
  if (!backendUrl.startsWith("file:")) return 0;
  const folder = join(fileURLToPath(backendUrl), ".pulumi");
  if (!existsSync(folder)) return 0;
  const cutOff = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".attrs"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isJson(readFileSync(path, "utf8")));
  for (const path of cutOff) rmSync(path, { force: true });
  return cutOff.length;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

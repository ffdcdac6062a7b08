import { ArchiveError } from "./errors.ts";

const longestPath = 1_024;
const longestSegment = 255;

/**
 * The path that an entry's name means, without a final slash.
 *
 * @throws ArchiveError for a name that leads, or could lead, out of the folder that it is unpacked into.
 */
export function entryPath(name: string): string {
  const shown = JSON.stringify(name.slice(0, 200));
  const refuse = (why: string) => new ArchiveError(`${shown} ${why}.`);
  const path = name.replace(/\/$/, "");
  if (path === "") throw refuse("has no name");
  if (Buffer.byteLength(path) > longestPath) throw refuse(`is longer than ${longestPath} bytes`);
  if (path.includes("\\")) throw refuse("has a backslash: entries of a zip have / between their segments");
  if ([...path].some((character) => character < " " || character === "\u007f" || character === "\ufffd")) {
    throw refuse("has a character that no file name can have");
  }
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) throw refuse("is an absolute path");
  for (const segment of path.split("/")) {
    if (segment === "" || segment === "." || segment === "..") {
      throw refuse("leads out of its folder, or has an empty segment");
    }
    if (Buffer.byteLength(segment) > longestSegment)
      throw refuse(`has a segment of over ${longestSegment} bytes`);
  }
  return path;
}

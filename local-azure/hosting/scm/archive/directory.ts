import type { FileHandle } from "node:fs/promises";
import { entryPath } from "./entry-path.ts";
import { ArchiveError } from "./errors.ts";
import type { ArchiveLimits } from "./limits.ts";

/** One file or folder of a package. */
export interface ArchiveEntry {
  /** Relative, with `/` between its segments, none of which is `.`, `..` or empty. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly isExecutable: boolean;
  readonly compressed: boolean;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const endLength = 22;
const longestComment = 0xffff;
const entrySignature = 0x02014b50;
const entryLength = 46;
const unixSystem = 3;
const fileTypeMask = 0o170000;
const symbolicLink = 0o120000;
const regularFile = 0o100000;
const folder = 0o040000;

/**
 * The entries of a zip by its central directory (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12),
 * all of them checked before one is unpacked.
 *
 * @throws ArchiveError for what is not a zip, spans disks, is encrypted or ZIP64, holds links or unsafe or repeated names,
 * or exceeds the limits.
 */
export async function readArchive(file: FileHandle, limits: ArchiveLimits): Promise<readonly ArchiveEntry[]> {
  const { size } = await file.stat();
  const end = await readEnd(file, size);
  if (end.entries > limits.entries) {
    throw new ArchiveError(`The package has ${end.entries} entries; at most ${limits.entries} are taken.`);
  }
  const directory = await readBytes(file, end.offset, end.length);
  const entries: ArchiveEntry[] = [];
  let at = 0;
  for (let index = 0; index < end.entries; index += 1) {
    if (at + entryLength > directory.length || directory.readUInt32LE(at) !== entrySignature) {
      throw new ArchiveError("The package's directory is damaged.");
    }
    const next =
      at + entryLength + [28, 30, 32].reduce((sum, field) => sum + directory.readUInt16LE(at + field), 0);
    if (next > directory.length) throw new ArchiveError("The package's directory is damaged.");
    entries.push(readEntry(directory, at));
    at = next;
  }
  checkTogether(entries, limits, size);
  return entries;
}

async function readEnd(
  file: FileHandle,
  size: number,
): Promise<{ readonly entries: number; readonly offset: number; readonly length: number }> {
  const tailLength = Math.min(size, endLength + longestComment);
  const tail = await readBytes(file, size - tailLength, tailLength);
  for (let at = tail.length - endLength; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    if (at + endLength + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const [disk, directoryDisk] = [tail.readUInt16LE(at + 4), tail.readUInt16LE(at + 6)];
    const [entriesHere, entries] = [tail.readUInt16LE(at + 8), tail.readUInt16LE(at + 10)];
    const [length, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (entries === 0xffff || length === 0xffffffff || offset === 0xffffffff) {
      throw new ArchiveError(
        "The package is a ZIP64 archive, which is not supported: publish fewer or smaller files.",
      );
    }
    if (disk !== 0 || directoryDisk !== 0 || entriesHere !== entries) {
      throw new ArchiveError("The package spans several disks.");
    }
    if (offset + length > size) throw new ArchiveError("The package is cut off.");
    return { entries, offset, length };
  }
  throw new ArchiveError("The package is not a zip archive.");
}

function readEntry(directory: Buffer, at: number): ArchiveEntry {
  const nameLength = directory.readUInt16LE(at + 28);
  const name = directory.subarray(at + entryLength, at + entryLength + nameLength).toString("utf8");
  const shown = JSON.stringify(name.slice(0, 200));
  const flags = directory.readUInt16LE(at + 8);
  const method = directory.readUInt16LE(at + 10);
  if (flags & 1) throw new ArchiveError(`${shown} is encrypted.`);
  if (method !== 0 && method !== 8) {
    throw new ArchiveError(
      `${shown} is compressed with method ${method}; stored and deflated files are taken.`,
    );
  }
  const mode = directory.readUInt8(at + 5) === unixSystem ? directory.readUInt32LE(at + 38) >>> 16 : 0;
  const fileType = mode & fileTypeMask;
  if (fileType === symbolicLink) throw new ArchiveError(`${shown} is a symbolic link.`);
  if (![0, regularFile, folder].includes(fileType)) {
    throw new ArchiveError(`${shown} is neither a file nor a folder.`);
  }
  const isFolder = name.endsWith("/") || fileType === folder;
  const entry = {
    path: entryPath(name),
    isFolder,
    isExecutable: (mode & 0o111) !== 0,
    compressed: method === 8,
    crc32: directory.readUInt32LE(at + 16),
    compressedSize: directory.readUInt32LE(at + 20),
    size: directory.readUInt32LE(at + 24),
    offset: directory.readUInt32LE(at + 42),
  };
  if ([entry.compressedSize, entry.size, entry.offset].includes(0xffffffff)) {
    throw new ArchiveError(`${shown} needs ZIP64, which is not supported.`);
  }
  if (method === 0 && entry.size !== entry.compressedSize) throw new ArchiveError(`${shown} is damaged.`);
  if (isFolder && entry.size > 0) throw new ArchiveError(`${shown} is a folder with content.`);
  return entry;
}

function checkTogether(entries: readonly ArchiveEntry[], limits: ArchiveLimits, archiveSize: number): void {
  const files = new Set<string>();
  let total = 0;
  for (const { path, isFolder, size, compressedSize, offset } of entries) {
    if (offset + compressedSize > archiveSize) throw new ArchiveError("The package is cut off.");
    if (size > limits.fileBytes) {
      throw new ArchiveError(
        `${JSON.stringify(path)} has ${size} bytes; at most ${limits.fileBytes} are taken.`,
      );
    }
    total += size;
    if (isFolder) continue;
    if (files.has(path)) throw new ArchiveError(`${JSON.stringify(path)} appears twice.`);
    files.add(path);
  }
  if (total > limits.contentBytes) {
    throw new ArchiveError(
      `The package unpacks to ${total} bytes; at most ${limits.contentBytes} are taken.`,
    );
  }
  for (const { path, isFolder } of entries) {
    const segments = path.split("/");
    const above = segments.map((_, index) => segments.slice(0, index + 1).join("/"));
    const clash = (isFolder ? above : above.slice(0, -1)).find((ancestor) => files.has(ancestor));
    if (clash !== undefined) throw new ArchiveError(`${JSON.stringify(clash)} is both a file and a folder.`);
  }
}

/** @throws ArchiveError when the file ends before. */
export async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new ArchiveError("The package is cut off.");
  return buffer;
}

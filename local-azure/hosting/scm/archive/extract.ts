import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { type ArchiveEntry, readArchive, readBytes } from "./directory.ts";
import { ArchiveError } from "./errors.ts";
import { type ArchiveLimits, defaultLimits } from "./limits.ts";

const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);
const localSignature = 0x04034b50;
const localLength = 30;

/**
 * Unpacks a zip into `target`, which exists. Nothing is written before every entry was checked; no links are made; a file never
 * grows beyond the size that the package's directory gives, and each is checked against its CRC.
 *
 * @param overwrite replaces files that are there already; otherwise one that is there is a fault.
 * @returns how many files were written.
 * @throws ArchiveError
 */
export async function extractArchive(
  archive: string,
  target: string,
  options: { readonly overwrite: boolean; readonly limits?: ArchiveLimits },
): Promise<number> {
  const file = await open(archive, "r");
  try {
    const entries = await readArchive(file, options.limits ?? defaultLimits);
    let written = 0;
    for (const entry of entries) {
      const content = entry.isFolder ? undefined : await readContent(file, entry);
      await place(join(target, entry.path), entry, content, options.overwrite ? "w" : "wx");
      if (entry.isFolder) continue;
      written += 1;
    }
    return written;
  } finally {
    await file.close();
  }
}

async function place(
  path: string,
  entry: ArchiveEntry,
  content: Buffer | undefined,
  flag: "w" | "wx",
): Promise<void> {
  try {
    await mkdir(content === undefined ? path : dirname(path), { recursive: true, mode: 0o700 });
    if (content !== undefined)
      await writeFile(path, content, { flag, mode: entry.isExecutable ? 0o700 : 0o600 });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!clashes.has(code)) throw error;
    throw new ArchiveError(
      `${JSON.stringify(entry.path)} is a folder where the site has a file, or a file where it has a folder.`,
    );
  }
}

const clashes = new Set(["EEXIST", "ENOTDIR", "EISDIR"]);

async function readContent(file: Awaited<ReturnType<typeof open>>, entry: ArchiveEntry): Promise<Buffer> {
  const shown = JSON.stringify(entry.path);
  const header = await readBytes(file, entry.offset, localLength);
  if (header.readUInt32LE(0) !== localSignature) throw new ArchiveError(`${shown} is damaged.`);
  const start = entry.offset + localLength + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await readBytes(file, start, entry.compressedSize);
  const content = entry.compressed ? await unpack(packed, entry) : packed;
  if (content.length !== entry.size || crc32(content) !== entry.crc32) {
    throw new ArchiveError(
      `${shown} is not what the package's directory says: its size or checksum differs.`,
    );
  }
  return content;
}

async function unpack(packed: Buffer, { size, path }: ArchiveEntry): Promise<Buffer> {
  if (size === 0) return Buffer.alloc(0);
  try {
    return await inflate(packed, { maxOutputLength: size });
  } catch {
    throw new ArchiveError(
      `${JSON.stringify(path)} cannot be unpacked, or is larger than the package's directory says.`,
    );
  }
}

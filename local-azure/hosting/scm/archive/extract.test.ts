import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { strToU8, type Zippable, zipSync } from "fflate";
import { ArchiveError } from "./errors.ts";
import { extractArchive } from "./extract.ts";
import { defaultLimits } from "./limits.ts";

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "extract-"));
  target = join(folder, "inside", "target");
  mkdirSync(target, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = strToU8("text");
const unix = (mode: number): { os: number; attrs: number } => ({ os: 3, attrs: (mode << 16) >>> 0 });

async function extract(zip: Uint8Array, limits = defaultLimits, overwrite = false): Promise<number> {
  const archive = join(folder, "package.zip");
  writeFileSync(archive, zip);
  return extractArchive(archive, target, { overwrite, limits });
}

/** Everything outside of `target`; a refused package leaves `target` itself empty too. */
const outside = () => [...readdirSync(folder), ...readdirSync(join(folder, "inside"))];

test("files and folders come out as they went in, for their owner only", async () => {
  const large = strToU8("0123456789".repeat(50_000));
  const count = await extract(
    zipSync({
      "server.js": text,
      "start.sh": [text, unix(0o100755)],
      "empty/": new Uint8Array(),
      "deep/er/large.txt": large,
      "stored.bin": [text, { level: 0 }],
      "größe.txt": new Uint8Array(),
    }),
  );
  expect(count).toBe(5);
  expect(readFileSync(join(target, "deep/er/large.txt"))).toEqual(Buffer.from(large));
  expect(readFileSync(join(target, "stored.bin"), "utf8")).toBe("text");
  expect(readdirSync(target).toSorted()).toEqual(
    ["deep", "empty", "größe.txt", "server.js", "start.sh", "stored.bin"].toSorted(),
  );
  const mode = (path: string) => statSync(join(target, path)).mode & 0o777;
  expect(["server.js", "start.sh", "deep"].map(mode)).toEqual([0o600, 0o700, 0o700]);
});

describe("refused before anything is written:", () => {
  test.each<[string, Zippable, string]>([
    [
      "a way out",
      { "a.txt": text, "../evil.txt": text },
      '"../evil.txt" leads out of its folder, or has an empty segment.',
    ],
    [
      "a way out from within",
      { "a/../../evil.txt": text },
      '"a/../../evil.txt" leads out of its folder, or has an empty segment.',
    ],
    ["an absolute path", { "/etc/evil": text }, '"/etc/evil" is an absolute path.'],
    ["a drive", { "C:/evil": text }, '"C:/evil" is an absolute path.'],
    [
      "backslashes",
      { "..\\evil": text },
      '"..\\\\evil" has a backslash: entries of a zip have / between their segments.',
    ],
    ["a NUL", { "a\0b": text }, '"a\\u0000b" has a character that no file name can have.'],
    ["an empty segment", { "a//b": text }, '"a//b" leads out of its folder, or has an empty segment.'],
    ["a symbolic link", { link: [strToU8("/etc"), unix(0o120777)] }, '"link" is a symbolic link.'],
    ["a device", { tty: [new Uint8Array(), unix(0o020666)] }, '"tty" is neither a file nor a folder.'],
    ["a file that is a folder", { a: text, "a/b": text }, '"a" is both a file and a folder.'],
    [
      "a name that is too long",
      { ["x".repeat(256)]: text },
      `"${"x".repeat(200)}" has a segment of over 255 bytes.`,
    ],
  ])("%s", async (_, files, message) => {
    await expect(extract(zipSync(files))).rejects.toThrow(new ArchiveError(message));
    expect(readdirSync(target)).toEqual([]);
    expect(outside()).toEqual(["inside", "package.zip", "target"]);
  });

  test.each<[string, Uint8Array, string]>([
    ["what is no zip", strToU8("not a zip"), "The package is not a zip archive."],
    ["nothing", new Uint8Array(), "The package is not a zip archive."],
    ["a zip without its end", zipSync({ a: text }).subarray(0, 60), "The package is not a zip archive."],
    ["a zip without its beginning", zipSync({ a: text, b: text }).subarray(40), "The package is cut off."],
    ["an encrypted file", patched({ a: text }, 8, 1), '"a" is encrypted.'],
    [
      "another compression",
      patched({ a: text }, 10, 12),
      '"a" is compressed with method 12; stored and deflated files are taken.',
    ],
  ])("%s", async (_, zip, message) => {
    await expect(extract(zip)).rejects.toThrow(new ArchiveError(message));
    expect(readdirSync(target)).toEqual([]);
  });

  test("a repeated name", async () => {
    const zip = zipSync({ ab: text, ac: strToU8("other") });
    const twice = Buffer.from(Buffer.from(zip).toString("latin1").replaceAll("ac", "ab"), "latin1");
    await expect(extract(twice)).rejects.toThrow(new ArchiveError('"ab" appears twice.'));
  });

  test("more entries, larger files or more content than the limits", async () => {
    const zip = zipSync({ a: text, b: text });
    await expect(extract(zip, { ...defaultLimits, entries: 1 })).rejects.toThrow(
      new ArchiveError("The package has 2 entries; at most 1 are taken."),
    );
    await expect(extract(zip, { ...defaultLimits, fileBytes: 3 })).rejects.toThrow(
      new ArchiveError('"a" has 4 bytes; at most 3 are taken.'),
    );
    await expect(extract(zip, { ...defaultLimits, contentBytes: 7 })).rejects.toThrow(
      new ArchiveError("The package unpacks to 8 bytes; at most 7 are taken."),
    );
  });
});

test("a file that is larger than it says is not unpacked", async () => {
  const bomb = patched({ bomb: new Uint8Array(10_000_000) }, 24, 10);
  await expect(extract(bomb)).rejects.toThrow(
    new ArchiveError('"bomb" cannot be unpacked, or is larger than the package\'s directory says.'),
  );
  expect(existsSync(join(target, "bomb"))).toBe(false);
});

test("a file that was changed on the way is not unpacked", async () => {
  const zip = zipSync({ a: [text, { level: 0 }] });
  zip[31] = (zip[31] ?? 0) ^ 1;
  await expect(extract(zip)).rejects.toThrow(ArchiveError);
  expect(existsSync(join(target, "a"))).toBe(false);
});

test("whatever a package is, nothing appears outside of the target", async () => {
  const segment = fc.constantFrom("..", ".", "", "a", "b", "\\", "C:", "\0");
  const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { maxLength: 4 }), damage, async (names, changes) => {
      const zip = zipSync(Object.fromEntries(names.map((path) => [path, text])));
      for (const [at, value] of changes) zip[at % zip.length] = value;
      await extract(zip, { ...defaultLimits, fileBytes: 1_000_000 }, true).catch((error: unknown) => {
        expect(error).toBeInstanceOf(ArchiveError);
      });
      expect(outside().toSorted()).toEqual(["inside", "package.zip", "target"]);
    }),
  );
});

/** A zip of one file whose entry in the directory has another value: 8 flags, 10 method, 24 size. */
function patched(files: Zippable, field: number, value: number): Uint8Array {
  const zip = Buffer.from(zipSync(files));
  const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  if (field === 24) zip.writeUInt32LE(value, entry + field);
  else zip.writeUInt16LE(value, entry + field);
  return zip;
}

import { createHash, type Hash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { refusal } from "./answers.ts";

/**
 * Writes the body of a request to `file`, readable by its owner only.
 *
 * @param maximumBytes the largest package that is taken.
 * @param checksum SHA-256 in lower-case hexadecimal that the body must have, if given.
 * @throws ScmError 413 or 400; the file is gone then.
 */
export async function receivePackage(
  request: IncomingMessage,
  file: string,
  maximumBytes: number,
  checksum: string | undefined,
): Promise<void> {
  try {
    const hash = createHash("sha256");
    const size = await write(request, file, maximumBytes, hash);
    if (size === 0)
      throw refusal(400, "EmptyPackage", "The request has no package: send the zip as its body.");
    if (checksum !== undefined && hash.digest("hex") !== checksum) {
      throw refusal(
        400,
        "ChecksumMismatch",
        "The package is not the one whose x-ms-artifact-checksum was sent.",
      );
    }
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

async function write(
  request: IncomingMessage,
  file: string,
  maximumBytes: number,
  hash: Hash,
): Promise<number> {
  const tooLarge = () =>
    refusal(
      413,
      "PackageTooLarge",
      `The package is larger than ${maximumBytes} bytes, the most that is taken.`,
    );
  if (Number(request.headers["content-length"]) > maximumBytes) throw tooLarge();
  const handle = await open(file, "wx", 0o600);
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maximumBytes) throw tooLarge();
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return size;
}

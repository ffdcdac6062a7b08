/**
 * The body of a request as UTF-8 text, or undefined as soon as more than `limit` bytes have come: what a caller announces
 * in Content-Length need not be true, and is missing from chunked bodies.
 */
export async function readBoundedText(request: Request, limit: number): Promise<string | undefined> {
  if (Number(request.headers.get("content-length")) > limit) return undefined;
  if (request.body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

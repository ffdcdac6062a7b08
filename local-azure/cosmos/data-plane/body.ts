import type { IncomingMessage, ServerResponse } from "node:http";

/** More than any valid request has: two items' worth, for the escapes that JSON may need. */
const maximumBytes = 4 * 1024 * 1024;

/** Reads a request's body as text and hands it on; one that is too large is answered with 413 and its connection closed. */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (body: string) => void,
): void {
  if (request.method === "GET") {
    request.resume();
    handle("");
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maximumBytes) {
      request.removeAllListeners();
      refuse(response);
      return;
    }
    chunks.push(chunk);
  });
  request.on("end", () => {
    const [first] = chunks;
    if (first === undefined) handle("");
    else handle(chunks.length === 1 ? first.toString() : Buffer.concat(chunks).toString());
  });
  request.on("error", () => response.destroy());
}

function refuse(response: ServerResponse): void {
  const body = JSON.stringify({
    code: "RequestEntityTooLarge",
    message: "Request size is too large.",
  });
  response.writeHead(413, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "x-ms-substatus": "0",
    connection: "close",
  });
  response.end(body);
}

import { invalidRequestContent } from "./errors.ts";
import { ArmError } from "./resource-provider.ts";

/** The outer form of a request, before anybody is authenticated: its body is not read yet. */
export interface ArmRequest {
  readonly method: string;
  /** Decoded, with one leading slash, no trailing and no doubled ones: SDKs leave empty segments in generic ids. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** @throws ArmError 400 InvalidRequestUri for a path that no id can have. */
export function readRequest(request: Request): ArmRequest {
  const url = new URL(request.url);
  const segments = url.pathname
    .split("/")
    .filter((segment) => segment !== "")
    .map(decodeSegment);
  return {
    method: request.method,
    path: `/${segments.join("/")}`,
    segments,
    query: url.searchParams,
    headers: Object.fromEntries(request.headers),
  };
}

function decodeSegment(segment: string): string {
  try {
    const decoded = decodeURIComponent(segment);
    if (![...decoded].some((character) => character < " " || "/\\?#\u007f".includes(character)))
      return decoded;
  } catch {
    // Refused below with the other malformed segments.
  }
  throw new ArmError(
    400,
    "InvalidRequestUri",
    "The request URI has a path segment that no resource id can have.",
  );
}

/** Resource manager takes bodies of up to 4 MB. */
const maximumBodyBytes = 4 * 1024 * 1024;

/**
 * The JSON body of a request; undefined when it has none.
 *
 * @throws ArmError 413 RequestContentTooLarge, 415 UnsupportedMediaType, 400 InvalidRequestContent.
 */
export async function readBody(request: Request): Promise<unknown> {
  if (Number(request.headers.get("content-length")) > maximumBodyBytes) throw tooLarge();
  const bytes = await readBounded(request);
  if (bytes.length === 0) return undefined;
  const [type = ""] = (request.headers.get("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json") {
    throw new ArmError(
      415,
      "UnsupportedMediaType",
      `The content media type '${type.trim().slice(0, 100)}' is not supported. Only 'application/json' is supported.`,
    );
  }
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine's message may quote what stands around the fault, and that may be a secret.
    const place = /at position \d+/.exec(error instanceof Error ? error.message : "")?.[0];
    throw invalidRequestContent(`The body is not valid JSON${place === undefined ? "" : ` ${place}`}`);
  }
}

async function readBounded(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maximumBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): ArmError {
  return new ArmError(
    413,
    "RequestContentTooLarge",
    `The request content size exceeds the maximum size of ${maximumBodyBytes} bytes.`,
  );
}

import { readBoundedText } from "../core/bounded-body.ts";
import { TokenError } from "./tokens/token-error.ts";

const formType = "application/x-www-form-urlencoded";
const maxFormBytes = 65_536;

/**
 * The form that a request carries; empty for a body of another type.
 *
 * @throws TokenError 90015 (413) when it is larger than any request needs.
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const [type] = (request.headers.get("content-type") ?? "").split(";");
  if (type?.trim().toLowerCase() !== formType) return new URLSearchParams();
  const text = await readBoundedText(request, maxFormBytes);
  if (text !== undefined) return new URLSearchParams(text);
  throw new TokenError(
    90015,
    "invalid_request",
    413,
    `The request body is larger than ${maxFormBytes} bytes.`,
  );
}

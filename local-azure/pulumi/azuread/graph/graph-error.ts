import { STATUS_CODES } from "node:http";
import type { HttpResponse } from "../../provider/http.ts";
import { isObject } from "../../provider/values.ts";

/** A refusal by Microsoft Graph, as users of the official plugin see it. */
export class GraphError extends Error {
  readonly status: number;
  /** Graph's own text, without its code. */
  readonly reason: string;

  constructor(summary: string, status: number, code: string | undefined, reason: string) {
    super(
      `${summary}: unexpected status ${status} (${status} ${STATUS_CODES[status]}) with error: ` +
        (code === undefined ? reason : `${code}: ${reason}`),
    );
    this.name = "GraphError";
    this.status = status;
    this.reason = reason;
  }
}

/** Graph's text for why it refused, or the whole body when it gives none. */
export function reasonOf({ body, text }: HttpResponse): string {
  const error = isObject(body) && isObject(body.error) ? body.error : {};
  return typeof error.message === "string" ? error.message : text;
}

/** @param summary what was tried */
export function graphError(summary: string, response: HttpResponse): GraphError {
  const { body } = response;
  const error = isObject(body) && isObject(body.error) ? body.error : {};
  const code = typeof error.code === "string" ? error.code : undefined;
  return new GraphError(summary, response.status, code, reasonOf(response));
}

import type { ServerResponse } from "node:http";
import { type Page, pageHtml } from "../front/pages.ts";

/** What the SCM endpoint sends: an object as JSON, text as it is. */
export interface ScmAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** A refusal by the SCM endpoint. `code` is for the request log. */
export class ScmError extends Error {
  readonly answer: ScmAnswer;
  readonly code: string;

  constructor(code: string, answer: ScmAnswer) {
    super(code);
    this.name = "ScmError";
    this.code = code;
    this.answer = answer;
  }
}

/** A refusal with a reason that the publisher can act on, as text. */
export function refusal(status: number, code: string, message: string): ScmError {
  return new ScmError(code, { status, body: message, contentType: "text/plain; charset=utf-8" });
}

/** A refusal in the form of a page: App Service's front end answers so before Kudu sees the request. */
export function pageRefusal(
  status: number,
  code: string,
  page: Pick<Page, "title" | "text">,
  headers: Readonly<Record<string, string>> = {},
): ScmError {
  const contentType = "text/html; charset=utf-8";
  return new ScmError(code, { status, body: pageHtml(page), contentType, headers });
}

/** No token, or one that is not good. The reason is ours; Azure's page gives none. */
export function unauthorized(code: string, reason: string): ScmError {
  return pageRefusal(
    401,
    code,
    {
      title: "401 - Unauthorized: Access is denied due to invalid credentials.",
      text: reason,
    },
    { "WWW-Authenticate": 'Bearer realm="site"' },
  );
}

/** The caller may not publish: Azure answers with the page of a stopped site, whatever the site does. */
export function forbidden(): ScmError {
  return pageRefusal(403, "Forbidden", {
    title: "Error 403 - This web app is stopped.",
    text: "The web app you have attempted to reach is currently stopped and does not accept any requests.",
  });
}

export function sendAnswer(
  response: ServerResponse,
  { status, headers, body, contentType }: ScmAnswer,
): void {
  const isText = typeof body === "string";
  response.writeHead(status, {
    "Cache-Control": "no-store",
    ...(body !== undefined && {
      "Content-Type":
        contentType ?? (isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8"),
    }),
    ...headers,
  });
  response.end(body === undefined || isText ? body : JSON.stringify(body));
}

import type { EntraAnswer } from "../context.ts";
import type { AuthorizeAddress } from "./authorize-request.ts";
import { escapeHtml, hiddenField, renderPage } from "./page.ts";

/** Parameters of an answer; those that are undefined are left out. */
type Answer = Readonly<Record<string, string | undefined>>;

/**
 * Sends the browser back to the client: by a redirect with the answer in its query or fragment, or by a form that posts
 * it, so that it stands in no URL.
 *
 * @param address a registered redirect URI.
 * @param code of a refusal, for the request log.
 */
export function answerClient(address: AuthorizeAddress, answer: Answer, code?: string): EntraAnswer {
  const { redirectUri, responseMode, state } = address;
  const parameters = Object.entries({ ...answer, state }).filter(
    (parameter): parameter is [string, string] => parameter[1] !== undefined,
  );
  const log = code === undefined ? {} : { code };
  if (responseMode === "form_post") {
    const fields = parameters.map(([name, value]) => hiddenField(name, value)).join("\n");
    return renderPage({
      ...log,
      status: 200,
      title: "Going back to the application",
      main: `<form method="post" action="${escapeHtml(redirectUri)}">
${fields}
<noscript><button type="submit">Continue</button></noscript>
</form>`,
      script: "document.forms[0].submit();",
      formTargets: [new URL(redirectUri).origin],
    });
  }
  const target = new URL(redirectUri);
  if (responseMode === "fragment") target.hash = new URLSearchParams(parameters).toString();
  else for (const [name, value] of parameters) target.searchParams.set(name, value);
  return {
    ...log,
    status: 303,
    headers: { Location: target.href, "Referrer-Policy": "no-referrer" },
    html: "",
  };
}

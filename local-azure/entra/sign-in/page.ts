import { hash } from "node:crypto";
import type { EntraAnswer } from "../context.ts";

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 26rem; margin: 4rem auto; padding: 0 1rem; }
label { display: block; margin: 1rem 0 0.25rem; }
input, button { font: inherit; padding: 0.5rem; width: 100%; box-sizing: border-box; }
button { margin-top: 1.5rem; }
[role="alert"] { border: 2px solid; padding: 0.5rem 1rem; }
`;

export interface Page {
  readonly status: number;
  readonly title: string;
  /** HTML; whatever came from outside must have been through `escapeHtml`. */
  readonly main: string;
  /** The only script of the page. */
  readonly script?: string;
  /** Origins besides this one to which its form may lead. */
  readonly formTargets?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly code?: string;
}

/**
 * A page that nobody can frame, that loads nothing, and runs no script but its own. Forms lead back here, or to the
 * redirect URI of the client that asked.
 */
export function renderPage(page: Page): EntraAnswer {
  const { status, title, main, script, formTargets = [], headers, code } = page;
  const policy = [
    "default-src 'none'",
    `style-src '${fingerprint(style)}'`,
    ...(script === undefined ? [] : [`script-src '${fingerprint(script)}'`]),
    `form-action ${["'self'", ...formTargets].join(" ")}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
  return {
    status,
    ...(code === undefined ? {} : { code }),
    headers: {
      "Content-Security-Policy": policy,
      "X-Frame-Options": "DENY",
      "X-Content-Type-Options": "nosniff",
      // With `no-referrer` browsers would send forms with the origin `null`.
      "Referrer-Policy": "same-origin",
      ...headers,
    },
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${main}
</main>${script === undefined ? "" : `\n<script>${script}</script>`}
</body>
</html>
`,
  };
}

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}

export function hiddenField(name: string, value: string): string {
  return `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`;
}

export function alert(text: string | undefined): string {
  return text === undefined ? "" : `<p role="alert">${escapeHtml(text)}</p>`;
}

function fingerprint(text: string): string {
  return `sha256-${hash("sha256", text, "base64")}`;
}

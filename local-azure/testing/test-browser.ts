/** What a person's browser would do with a page of the token service: keep cookies, fill in forms, and not follow. */
export interface TestBrowser {
  open(url: string): Promise<BrowserPage>;
}

export interface BrowserPage {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where the answer leads: the target of a redirect, or of the form on the page. */
  readonly target: string | undefined;
  /** The fields of the form on the page that have a value. */
  readonly fields: Readonly<Record<string, string>>;
  /** The text that a screen reader would read out at once. */
  readonly alert: string | undefined;
  /** Sends the form with these fields besides its own. */
  submit(fields: Readonly<Record<string, string>>, headers?: Record<string, string>): Promise<BrowserPage>;
}

export function openTestBrowser(): TestBrowser {
  const cookies = new Map<string, string>();
  const ask = async (url: string, init: RequestInit = {}): Promise<BrowserPage> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      ...init,
      headers: { ...(cookie === "" ? {} : { Cookie: cookie }), ...(init.headers as Record<string, string>) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const text = await response.text();
    const action = /<form method="post" action="([^"]*)"/.exec(text)?.[1];
    const fields = [...text.matchAll(/<input [^>]*name="([^"]*)"[^>]* value="([^"]*)"/g)].map(
      ([, name = "", value = ""]) => [name, unescapeHtml(value)],
    );
    return {
      status: response.status,
      headers: response.headers,
      text,
      target: response.headers.get("location") ?? (action && new URL(unescapeHtml(action), url).href),
      fields: Object.fromEntries(fields),
      alert: unescapeHtml(/role="alert">([^<]*)</.exec(text)?.[1]),
      submit: (more, headers = {}) =>
        ask(new URL(unescapeHtml(action ?? ""), url).href, {
          method: "POST",
          headers: { Origin: new URL(url).origin, ...headers },
          body: new URLSearchParams({ ...Object.fromEntries(fields), ...more }),
        }),
    };
  };
  return { open: (url) => ask(url) };
}

function unescapeHtml(text: string): string;
function unescapeHtml(text: string | undefined): string | undefined;
function unescapeHtml(text: string | undefined): string | undefined {
  const entities: Readonly<Record<string, string>> = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
  };
  return text?.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}

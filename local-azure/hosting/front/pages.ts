/** A page that the platform answers in place of a site. */
export interface Page {
  readonly status: number;
  /** The reason phrase: App Service tells its own refusals apart there. */
  readonly statusText: string;
  readonly title: string;
  readonly text: string;
}

export const pages = {
  forbiddenAddress: {
    status: 403,
    statusText: "Ip Forbidden",
    title: "Error 403 - Forbidden",
    text: "The web app you have attempted to reach has blocked your access.",
  },
  stopped: {
    status: 403,
    statusText: "Site Disabled",
    title: "Error 403 - This web app is stopped.",
    text: "The web app you have attempted to reach is currently stopped and does not accept any requests.",
  },
  unavailable: {
    status: 503,
    statusText: "Service Unavailable",
    title: "Application Error",
    text: "No process of this web app answers: nothing is published yet, it is starting, or it cannot start. Its log says more.",
  },
  badGateway: {
    status: 502,
    statusText: "Bad Gateway",
    title: "502 - Bad Gateway",
    text: "The process of this web app ended the request without an answer, or did not answer in time.",
  },
  tlsTooOld: {
    status: 426,
    statusText: "Upgrade Required",
    title: "426 - Upgrade Required",
    text: "This web app needs a newer version of TLS.",
  },
} as const satisfies Record<string, Page>;

/** The page as HTML. */
export function pageHtml(page: Pick<Page, "title" | "text">): string {
  const [title, text] = [page.title, page.text].map(escaped);
  return `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { z } from "zod";
import { type AzureCloud, bearer } from "./azure-cloud.ts";

const deadlineMs = 60_000;
const refusalSchema = z.object({ error: z.object({ code: z.string() }) });
const pageSchema = z.object({
  value: z.array(z.unknown()),
  nextLink: z.string().nullish(),
  "@odata.nextLink": z.string().nullish(),
});

/** Which of a cloud's services a request goes to. */
export type AzureService = "resourceManager" | "graph";

const serviceNames: Readonly<Record<AzureService, string>> = {
  resourceManager: "Resource manager",
  graph: "Microsoft Graph",
};

/** A refusal by resource manager or Microsoft Graph; both put a code into `error`. */
export class ServiceRefusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Who answered what, without the body: `Resource manager answered 403 AuthorizationFailed`. */
  readonly summary: string;

  constructor(service: AzureService, status: number, body: string) {
    super(`${serviceNames[service]} answered ${status}: ${body.slice(0, 500)}`);
    this.name = "ServiceRefusal";
    this.status = status;
    this.code = refusalCode(body);
    this.summary = `${serviceNames[service]} answered ${status} ${this.code}`;
  }
}

function refusalCode(body: string): string {
  try {
    return refusalSchema.parse(JSON.parse(body)).error.code;
  } catch {
    // A proxy's page, say.
    return "without a code";
  }
}

/**
 * One request to resource manager or Microsoft Graph, as the principal of the cloud's credential.
 *
 * @param path from the service's base URL on, with version or api-version.
 * @returns the parsed body; undefined when there was none.
 * @throws ServiceRefusal for any status but 2xx.
 */
export function askAzure(
  cloud: AzureCloud,
  service: AzureService,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  return ask(cloud, service, method, `${cloud[service].url}${path}`, body);
}

/**
 * Every member of a list, page after page.
 *
 * @throws ServiceRefusal as `askAzure`, and Error for a next page that is not on the service itself: the token would be
 * sent there.
 */
export async function listAzure<Item>(
  cloud: AzureCloud,
  service: AzureService,
  path: string,
  itemSchema: z.ZodType<Item>,
): Promise<Item[]> {
  const items: Item[] = [];
  const { origin } = new URL(cloud[service].url);
  for (let url: string | null | undefined = `${cloud[service].url}${path}`; url; ) {
    if (new URL(url).origin !== origin)
      throw new Error(`The next page of ${path} is on another host: ${url}`);
    const page: z.infer<typeof pageSchema> = pageSchema.parse(await ask(cloud, service, "GET", url));
    items.push(...page.value.map((item) => itemSchema.parse(item)));
    url = page.nextLink ?? page["@odata.nextLink"];
  }
  return items;
}

async function ask(
  cloud: AzureCloud,
  service: AzureService,
  method: string,
  url: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: await bearer(cloud, cloud[service].scope),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(deadlineMs),
  });
  const text = await response.text();
  if (!response.ok) throw new ServiceRefusal(service, response.status, text);
  return text === "" ? undefined : JSON.parse(text);
}

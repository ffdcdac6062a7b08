import { z } from "zod";
import { failOn } from "./finding.ts";

const longestAnswerMs = 230_000;

const probeSchema = z.object({
  identityEndpoint: z.object({ available: z.boolean(), status: z.union([z.number(), z.string()]) }),
  claims: z.object({ oid: z.string(), tid: z.string(), aud: z.string() }),
  outcomes: z.array(
    z.object({
      operation: z.string(),
      target: z.string(),
      allowed: z.boolean(),
      code: z.union([z.number(), z.literal("none")]),
      substatus: z.number().optional(),
      message: z.string().optional(),
    }),
  ),
  leftBehind: z.array(z.string()),
});

/** For a site whose settings are not those of the stack (https://github.com/pulumi/pulumi-azure-native/issues/4263). */
export const writeSettingsAnew =
  "`pulumi up --refresh`; where the refresh does not see them, `pulumi up --replace` the workload's WebAppApplicationSettings";

const refusalSchema = z.object({ error: z.object({ code: z.string() }) });

/** What the workload found out about its own rights. */
export type Probe = z.infer<typeof probeSchema>;

/** An answer of a workload's site, or of the platform in front of it. */
export interface SiteAnswer {
  readonly status: number;
  readonly body: string;
  /** The workload's own code for a refusal; undefined where the platform answered. */
  readonly code: string | undefined;
  /** `WWW-Authenticate`. */
  readonly challenge: string | undefined;
}

/**
 * The answer to a request to a workload's site. App Service itself gives up after 230 s.
 *
 * @throws Error, a finding, when nothing answers.
 */
export async function askSite(what: string, url: string, init: RequestInit = {}): Promise<SiteAnswer> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(longestAnswerMs) });
    const body = await response.text();
    const challenge = response.headers.get("www-authenticate") ?? undefined;
    return { status: response.status, body, code: refusalCode(body), challenge };
  } catch (error) {
    const { message, cause } = error as Error;
    failOn([
      {
        what,
        expected: "an answer",
        came: cause instanceof Error ? `${message}: ${cause.message}` : message,
        likelyCause: "nothing listens there, or its certificate is not trusted here",
        fix: "run `npm run deploy`; on the local cloud check `npx --no local-azure status`",
      },
    ]);
    throw error;
  }
}

function refusalCode(body: string): string | undefined {
  try {
    return refusalSchema.parse(JSON.parse(body)).error.code;
  } catch {
    // The platform's page, or no refusal.
    return undefined;
  }
}

/**
 * Lets the workload try its rights.
 *
 * @param token of a listed caller.
 * @param withheld what it must not try, since it could not take it away again: `<database>/<container>:<operation>`.
 * @throws Error, a finding, when there is no report.
 */
export async function probeSite(
  name: string,
  url: string,
  token: string,
  withheld: readonly string[] = [],
): Promise<Probe> {
  const what = `${name}: POST ${url}/probe`;
  const answer = await askSite(what, `${url}/probe`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ withheld }),
  });
  if (answer.status === 200) return probeSchema.parse(JSON.parse(answer.body));
  failOn([
    {
      what,
      expected: "200 and a report",
      came: `${answer.status} ${answer.body.slice(0, 500)}`,
      ...whyNoReport(answer),
    },
  ]);
  throw new Error(what);
}

function whyNoReport({ status, code }: SiteAnswer): { likelyCause: string; fix: string } {
  if (code === "CallerNotListed" || code === "TokenRefused") {
    return {
      likelyCause: "the site's settings name other callers, or another registration, than the stack declares",
      fix: writeSettingsAnew,
    };
  }
  if (status === 403) {
    return {
      likelyCause: "the site's access restrictions refuse this address",
      fix: "add this address to allowedAddresses, then `pulumi up`",
    };
  }
  return {
    likelyCause: "the workload gets no token (identity endpoint, vault or secret), or it failed",
    fix: "check that the site has its identity, and read the access-failure events of the site's log",
  };
}

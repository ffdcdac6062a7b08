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

/** What the workload found out about its own rights. */
export type Probe = z.infer<typeof probeSchema>;

/**
 * The status and body of a request to a workload's site. App Service itself gives up after 230 s.
 *
 * @throws Error, a finding, when nothing answers.
 */
export async function askSite(
  what: string,
  url: string,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(longestAnswerMs) });
    return { status: response.status, body: await response.text() };
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

/**
 * Lets the workload try its rights.
 *
 * @param withheld what it must not try, since it could not take it away again: `<database>/<container>:<operation>`.
 * @throws Error, a finding, when there is no report.
 */
export async function probeSite(name: string, url: string, withheld: readonly string[] = []): Promise<Probe> {
  const what = `${name}: POST ${url}/probe`;
  const { status, body } = await askSite(what, `${url}/probe`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ withheld }),
  });
  if (status === 200) return probeSchema.parse(JSON.parse(body));
  const restricted = status === 403;
  failOn([
    {
      what,
      expected: "200 and a report",
      came: `${status} ${body.slice(0, 500)}`,
      likelyCause: restricted
        ? "the site's access restrictions refuse this address"
        : "the identity endpoint of the site gives no token, or the workload failed",
      fix: restricted
        ? "add this address to allowedAddresses, then `pulumi up`"
        : "check that the site has its identity, and read the site's log",
    },
  ]);
  throw new Error(what);
}

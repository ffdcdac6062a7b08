import type { IncomingMessage } from "node:http";
import { HttpError } from "../http-error.ts";
import { type Caller, TokenRefused, verifyAccessToken } from "./access-token.ts";
import type { CallerSettings } from "./caller-settings.ts";
import { type IssuerKeys, IssuerUnavailable } from "./issuer-keys.ts";

/** Whether a request may enter. */
export interface CallerGate {
  /** @throws CallerRefusal. */
  admit(request: Pick<IncomingMessage, "headersDistinct">): Promise<Caller>;
}

/** A caller who may not enter. */
export class CallerRefusal extends HttpError {
  /** Object id of the caller; undefined when no token proved it. */
  readonly principal: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>>,
    principal?: string,
  ) {
    super(status, code, message, headers);
    this.principal = principal;
  }
}

/** What answers a request that brought a token of no use (https://www.rfc-editor.org/rfc/rfc6750#section-3). */
const invalidToken = { "www-authenticate": 'Bearer error="invalid_token"' };
const retryAfterSeconds = "5";

/** Admits who bears a token for this workload and is listed, in person or by a group. */
export function createCallerGate(
  settings: CallerSettings,
  keys: IssuerKeys,
  now: () => number = Date.now,
): CallerGate {
  const listed = (kind: string) =>
    new Set(settings.listed.filter((one) => one.kind === kind).map(({ objectId }) => objectId.toLowerCase()));
  const principals = listed("principal");
  const groups = listed("group");
  return {
    async admit(request) {
      const caller = await verified(bearerToken(request, settings.audience), settings, keys, now);
      if (principals.has(caller.objectId.toLowerCase())) return caller;
      if (caller.groups?.some((group) => groups.has(group.toLowerCase()))) return caller;
      throw notListed(caller, groups.size > 0);
    },
  };
}

function bearerToken(
  { headersDistinct }: Pick<IncomingMessage, "headersDistinct">,
  audience: string,
): string {
  const [authorization = "", ...more] = headersDistinct.authorization ?? [];
  if (more.length > 0) {
    throw new CallerRefusal(
      401,
      "TokenRefused",
      "The request has several Authorization headers.",
      invalidToken,
    );
  }
  const [, token] = /^Bearer +(\S.*)$/i.exec(authorization) ?? [];
  if (token !== undefined) return token;
  throw new CallerRefusal(
    401,
    "NoToken",
    `Send a token for the scope ${audience}/.default in the header Authorization: Bearer.`,
    { "www-authenticate": "Bearer" },
  );
}

async function verified(
  token: string,
  settings: CallerSettings,
  keys: IssuerKeys,
  now: () => number,
): Promise<Caller> {
  try {
    return await verifyAccessToken(token, settings, keys, now);
  } catch (error) {
    if (error instanceof TokenRefused) {
      throw new CallerRefusal(401, "TokenRefused", error.message, invalidToken);
    }
    if (!(error instanceof IssuerUnavailable)) throw error;
    throw new CallerRefusal(
      503,
      "IssuerUnavailable",
      `No token can be verified, because its issuer gives no keys: ${error.message}.`,
      { "retry-after": retryAfterSeconds },
    );
  }
}

function notListed({ objectId, groups }: Caller, byGroup: boolean): CallerRefusal {
  const overage =
    byGroup && groups === undefined
      ? " Its groups are too many for a token to carry, so none of them counts: list the principal itself, or assign fewer groups."
      : "";
  return new CallerRefusal(
    403,
    "CallerNotListed",
    `The token is good, but its principal is not among this workload's callers: add it to callers in the settings, then pulumi up.${overage}`,
    {},
    objectId,
  );
}

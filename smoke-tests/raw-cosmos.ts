import { createHmac } from "node:crypto";

/** An answer of the data plane, reduced to what refusals are told by. */
export interface RawAnswer {
  readonly status: number;
  readonly substatus: number | undefined;
  readonly code: string | undefined;
}

/** One request to the data plane without an SDK, so that the header can be anything. */
export async function rawCosmos(
  endpoint: string,
  request: {
    readonly method: string;
    readonly path: string;
    readonly authorization?: string;
    readonly date?: string;
    readonly body?: object;
  },
): Promise<RawAnswer> {
  const response = await fetch(new URL(request.path, endpoint), {
    method: request.method,
    headers: {
      "x-ms-version": "2020-07-15",
      "x-ms-date": request.date ?? new Date().toUTCString(),
      ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const substatus = response.headers.get("x-ms-substatus");
  const body = (await response.json().catch(() => ({}))) as { code?: string };
  return {
    status: response.status,
    substatus: substatus === null ? undefined : Number(substatus),
    code: body.code,
  };
}

export function tokenHeader(token: string): string {
  return `type=aad&ver=1.0&sig=${token}`;
}

/**
 * The header of a request signed with a master key
 * (https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources).
 */
export function keyHeader(
  key: string,
  method: string,
  resourceType: string,
  resourceLink: string,
  date: string,
): string {
  const text = `${method.toLowerCase()}\n${resourceType}\n${resourceLink}\n${date.toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  return encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
}

/** The same token with one bit of its signature changed. */
export function withChangedSignature(token: string): string {
  const cut = token.lastIndexOf(".") + 1;
  const signature = Buffer.from(token.slice(cut), "base64url");
  signature[0] = (signature[0] ?? 0) ^ 1;
  return token.slice(0, cut) + signature.toString("base64url");
}

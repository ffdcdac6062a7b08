import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RejectionReason } from "../entra/tokens/verify.ts";
import type { HostileMaterial } from "../testing/forge.ts";
import { type HostileCloud, readablePath, startHostileCloud } from "../testing/hostile-cloud.ts";
import { hostileTokens } from "../testing/hostile-tokens.ts";
import { type RawAnswer, sendRaw } from "../testing/raw-request.ts";

let hostile: HostileCloud;
let manager: HostileMaterial;
let account: HostileMaterial;

beforeAll(async () => {
  hostile = await startHostileCloud();
  manager = await hostile.material("https://management.azure.com", hostile.keyless.origin);
  account = await hostile.material(hostile.keyless.origin, "https://management.azure.com");
});
afterAll(() => hostile?.cloud.close());

interface HostileHeader {
  readonly name: string;
  readonly headers: (good: string) => Headers;
  /** The code that resource manager answers. */
  readonly code?: string;
  /** The substatus that the data plane answers; 0 where none is given. */
  readonly substatus?: number;
  /** Appended to the URL, the good token behind it. */
  readonly query?: string;
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

function askManager(headers: Headers, query = ""): Promise<RawAnswer> {
  const { agent, origin, subscriptionId } = hostile.cloud;
  const url = `${origin}/subscriptions/${subscriptionId}?api-version=2022-12-01${query}`;
  return sendRaw(agent, url, { headers });
}

function askAccount(headers: Headers, query = ""): Promise<RawAnswer> {
  const { cloud, keyless } = hostile;
  const common = {
    "x-ms-version": "2020-07-15",
    "x-ms-date": new Date(cloud.platform.clock.nowMs()).toUTCString(),
  };
  return sendRaw(cloud.agent, `${keyless.origin}${readablePath}${query}`, {
    headers: { ...common, ...headers },
  });
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const aad = (token: string) => ({ Authorization: `type=aad&ver=1.0&sig=${token}` });

const managerCodes: Readonly<Record<RejectionReason, string>> = {
  malformed: "InvalidAuthenticationToken",
  algorithm: "InvalidAuthenticationToken",
  key: "InvalidAuthenticationToken",
  signature: "InvalidAuthenticationToken",
  claims: "InvalidAuthenticationToken",
  notYetValid: "InvalidAuthenticationToken",
  issuer: "InvalidAuthenticationTokenTenant",
  tenant: "InvalidAuthenticationTokenTenant",
  audience: "InvalidAuthenticationTokenAudience",
  expired: "ExpiredAuthenticationToken",
};

/** hosting-wire.md: 5007 for another tenant, 5008 for another audience, none for all else. */
const accountSubstatus: Readonly<Partial<Record<RejectionReason, number>>> = { tenant: 5007, audience: 5008 };

const outcome = ({ status, code, substatus }: RawAnswer) => ({ status, code, substatus });
const accepted = { status: 200, code: undefined, substatus: 0 };

describe("a hostile token is refused by resource manager, beside the good one", () => {
  test.each(hostileTokens)("$kind: $name", async ({ forge, reason }) => {
    expect(outcome(await askManager(bearer(forge(manager))))).toEqual({
      status: 401,
      code: managerCodes[reason],
      substatus: 0,
    });
    expect(outcome(await askManager(bearer(manager.good)))).toEqual(accepted);
  });
});

describe("a hostile token is refused by the data plane, beside the good one", () => {
  test.each(hostileTokens)("$kind: $name", async ({ forge, reason }) => {
    const refused = { status: 401, code: "Unauthorized", substatus: accountSubstatus[reason] ?? 0 };
    const token = forge(account);
    expect(outcome(await askAccount(aad(token)))).toEqual(refused);
    const encoded = encodeURIComponent(`type=aad&ver=1.0&sig=${token}`);
    expect(outcome(await askAccount({ Authorization: encoded }))).toEqual(refused);
    expect(outcome(await askAccount(aad(account.good)))).toEqual(accepted);
    expect(
      outcome(await askAccount({ Authorization: encodeURIComponent(aad(account.good).Authorization) })),
    ).toEqual(accepted);
  });

  test("a token for another account, and this account's with a trailing slash: 401/5008", async () => {
    const { cloud, keyed, keyless } = hostile;
    for (const scope of [
      `${keyed.origin}/.default`,
      `${keyless.origin}//.default`,
      "https://cosmos.azure.com//.default",
    ]) {
      const { token } = await cloud.credential().getToken(scope);
      expect(outcome(await askAccount(aad(token)))).toEqual({
        status: 401,
        code: "Unauthorized",
        substatus: 5008,
      });
    }
    const { token } = await cloud.credential().getToken("https://cosmos.azure.com/.default");
    expect(outcome(await askAccount(aad(token)))).toEqual(accepted);
  });

  test("a good token of a principal without a grant is known but may nothing: 403/5301", async () => {
    expect(outcome(await askAccount(aad(account.ofAnother)))).toEqual({
      status: 403,
      code: "Forbidden",
      substatus: 5301,
    });
  });
});

describe("a hostile header is refused by resource manager, beside the good one", () => {
  const missing = "AuthenticationFailed";
  const invalid = "AuthenticationFailedInvalidHeader";
  const cases: readonly HostileHeader[] = [
    { name: "no header", headers: () => ({}), code: missing },
    { name: "an empty header", headers: () => ({ Authorization: "" }), code: missing },
    { name: "the scheme alone", headers: () => ({ Authorization: "Bearer" }), code: invalid },
    { name: "the token alone", headers: (good) => ({ Authorization: good }), code: invalid },
    { name: "Basic", headers: (good) => ({ Authorization: `Basic ${good}` }), code: invalid },
    { name: "a longer scheme", headers: (good) => ({ Authorization: `BearerX ${good}` }), code: invalid },
    {
      name: "the scheme twice",
      headers: (good) => ({ Authorization: `Bearer Bearer ${good}` }),
      code: invalid,
    },
    { name: "two tokens", headers: (good) => ({ Authorization: `Bearer ${good} ${good}` }), code: invalid },
    { name: "a tab for the space", headers: (good) => ({ Authorization: `Bearer\t${good}` }), code: invalid },
    {
      name: "a quoted token",
      headers: (good) => ({ Authorization: `Bearer "${good}"` }),
      code: "InvalidAuthenticationToken",
    },
    { name: "the data plane's form", headers: (good) => aad(good), code: invalid },
    {
      name: "a bad header before the good one",
      headers: (good) => ({ Authorization: ["Bearer x", `Bearer ${good}`] }),
      code: invalid,
    },
    { name: "another header", headers: (good) => ({ "X-Authorization": `Bearer ${good}` }), code: missing },
    { name: "the token in the query", headers: () => ({}), code: missing, query: "&access_token=" },
    {
      name: "a claimed principal",
      headers: () => ({ "x-ms-client-principal-id": "11111111-1111-1111-1111-111111111111" }),
      code: missing,
    },
  ];

  test.each(cases)("$name", async ({ headers, code, query }) => {
    const { good } = manager;
    const answer = await askManager(headers(good), query === undefined ? "" : `${query}${good}`);
    expect(outcome(answer)).toEqual({ status: 401, code, substatus: 0 });
    expect(outcome(await askManager(bearer(good)))).toEqual(accepted);
  });

  test("a header larger than any request may have: 431", async () => {
    expect((await askManager(bearer("x".repeat(100_000)))).status).toBe(431);
    expect(outcome(await askManager(bearer(manager.good)))).toEqual(accepted);
  });
});

describe("a hostile header is refused by the data plane, beside the good one", () => {
  const cases: readonly HostileHeader[] = [
    { name: "no header", headers: () => ({}) },
    { name: "an empty header", headers: () => ({ Authorization: "" }) },
    { name: "resource manager's form", headers: bearer },
    { name: "the token alone", headers: (good) => ({ Authorization: good }) },
    { name: "type in upper case", headers: (good) => ({ Authorization: `type=AAD&ver=1.0&sig=${good}` }) },
    { name: "another version", headers: (good) => ({ Authorization: `type=aad&ver=2.0&sig=${good}` }) },
    { name: "no version", headers: (good) => ({ Authorization: `type=aad&sig=${good}` }) },
    { name: "no token", headers: () => ({ Authorization: "type=aad&ver=1.0&sig=" }) },
    { name: "another order", headers: (good) => ({ Authorization: `ver=1.0&type=aad&sig=${good}` }) },
    { name: "a space before the token", headers: (good) => aad(` ${good}`) },
    {
      name: "a line end after the token, encoded",
      headers: (good) => ({ Authorization: encodeURIComponent(`type=aad&ver=1.0&sig=${good}\n`) }),
    },
    {
      name: "encoded twice",
      headers: (good) => ({
        Authorization: encodeURIComponent(encodeURIComponent(`type=aad&ver=1.0&sig=${good}`)),
      }),
    },
    { name: "half an encoding", headers: (good) => aad(`${good}%`) },
    { name: "a second token behind the first", headers: (good) => aad(`${good}&sig=${good}`) },
    { name: "the token in the query", headers: () => ({}), substatus: 0, query: "?authorization=" },
    {
      name: "the token as a key's signature",
      headers: (good) => ({ Authorization: `type=master&ver=1.0&sig=${good}` }),
      substatus: 5202,
    },
    {
      name: "the token as a resource token",
      headers: (good) => ({ Authorization: `type=resource&ver=1&sig=${good}` }),
      substatus: 5202,
    },
    {
      name: "a bad header before the good one",
      headers: (good) => ({ Authorization: ["type=aad&ver=1.0&sig=x", aad(good).Authorization] }),
    },
  ];

  test.each(cases)("$name", async ({ headers, substatus = 0, query }) => {
    const { good } = account;
    const answer = await askAccount(
      headers(good),
      query === undefined ? "" : `${query}${encodeURIComponent(aad(good).Authorization)}`,
    );
    expect(outcome(answer)).toEqual({ status: 401, code: "Unauthorized", substatus });
    expect(outcome(await askAccount(aad(good)))).toEqual(accepted);
  });
});

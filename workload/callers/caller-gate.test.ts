import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type HostileMaterial,
  readToken,
  withAlgorithm,
  withClaims,
  withHeader,
} from "../../local-azure/testing/forge.ts";
import { hostileTokens } from "../../local-azure/testing/hostile-tokens.ts";
import { type InProcessWorkload, startInProcessWorkload } from "../testing/in-process-workload.ts";
import { makeKey, type TestKey } from "../testing/test-issuer.ts";

let workload: InProcessWorkload;
let material: HostileMaterial;
let otherKey: TestKey;

beforeAll(async () => {
  workload = await startInProcessWorkload();
  otherKey = await makeKey();
  const { issuer, listed } = workload;
  material = {
    good: issuer.token({ oid: listed }),
    ofAnother: issuer.token({ oid: randomUUID() }),
    forAnotherResource: issuer.token({ oid: listed, aud: "https://management.azure.com" }),
    issuerKey: issuer.key.privateKey,
    issuerPublicKey: issuer.key.publicKey,
    now: Math.floor(Date.now() / 1000),
  };
});
afterAll(() => workload?.close());

/** What lies behind the gate: there is no such path. */
const ask = (authorization?: string | readonly string[], path = "/behind-the-gate") =>
  workload.ask("GET", path, authorization === undefined ? {} : { authorization });

const refused = (message: string) => ({
  status: 401,
  challenge: 'Bearer error="invalid_token"',
  error: { code: "TokenRefused", message },
});

async function outcome(authorization?: string | readonly string[], path?: string) {
  const { status, headers, body } = await ask(authorization, path);
  return { status, challenge: headers["www-authenticate"], error: body.error };
}

async function expectAdmitted(token: string): Promise<void> {
  const { status, body } = await ask(`Bearer ${token}`);
  expect([status, body.error?.code]).toEqual([404, "NotFound"]);
}

const otherTenant = "44444444-4444-4444-8444-444444444444";
const form = "The access token is not a signed JSON Web Token of 16384 characters at most.";
const notAsEntra = "The access token is not a JSON Web Token as Entra writes them.";
const algorithm = "The access token is not signed with RS256.";
const unpublished = "The access token is signed with a key that its issuer does not publish.";
const brought = "The access token's header brings a key or an extension; only kid may name the key.";
const signature = "The access token's signature is wrong.";
const version =
  "The access token is not of version 2.0: api.requestedAccessTokenVersion of the workload's registration must be 2.";
const expired = "The access token has expired: ask for a new one.";
const early = "The access token is not valid yet: check the clocks.";
const tenant = "The access token's tid is not the tenant of its issuer.";
const unreadable = (claim: string, hint = "") =>
  `The access token's claim ${claim} is missing or of the wrong kind${hint}.`;
const audience = () => {
  const id = workload.issuer.audience;
  return `The access token's aud is not ${id}: ask for the scope ${id}/.default.`;
};
const issuer = () => `The access token's iss is not ${workload.issuer.issuer}: ask for it there.`;

type Forge = (material: HostileMaterial) => string;
const signedBy =
  (key: () => TestKey, header: Readonly<Record<string, unknown>>): Forge =>
  (given) =>
    withHeader(header, key().privateKey)(given);
const attackersJwk = () => otherKey.published;

describe("a token is refused, and the good one beside it taken:", () => {
  test.each<[string, Forge, string | (() => string)]>([
    ["algorithm none", withAlgorithm("none", () => Buffer.alloc(0)), algorithm],
    ["another kid", withHeader({ kid: "of-nobody" }), unpublished],
    ["no kid", withHeader({ kid: undefined }), "The access token's header names no key."],
    ["a prototype's kid", withHeader({ kid: "__proto__" }), unpublished],
    ["another key under the known kid", signedBy(() => otherKey, {}), signature],
    [
      "another key and its kid",
      (given) => signedBy(() => otherKey, { kid: otherKey.kid })(given),
      unpublished,
    ],
    ["jwk", (given) => signedBy(() => otherKey, { jwk: attackersJwk() })(given), brought],
    ["jku", signedBy(() => otherKey, { jku: "https://localhost:1/keys" }), brought],
    ["x5u", signedBy(() => otherKey, { x5u: "https://localhost:1/certificate" }), brought],
    ["jku beside a good signature", withHeader({ jku: "https://localhost:1/keys" }), brought],
    ["crit", withHeader({ crit: ["exp"] }), brought],
    ["another typ", withHeader({ typ: "at+jwt" }), notAsEntra],
    ["expired beyond the tolerance", withClaims(({ now }) => ({ exp: now - 120 })), expired],
    ["valid from soon on", withClaims(({ now }) => ({ nbf: now + 180 })), early],
    ["no end", withClaims({ exp: undefined }), unreadable("exp")],
    ["an end as text", withClaims({ exp: "9999999999" }), unreadable("exp")],
    ["no beginning", withClaims({ nbf: undefined }), unreadable("nbf")],
    [
      "another tenant's issuer",
      withClaims({ iss: `https://login.microsoftonline.com/${otherTenant}/v2.0` }),
      issuer,
    ],
    [
      "an issuer with a trailing slash",
      withClaims(({ good }) => ({ iss: `${readToken(good).claims.iss}/` })),
      issuer,
    ],
    ["another audience", withClaims({ aud: otherTenant }), audience],
    ["resource manager's audience", ({ forAnotherResource }) => forAnotherResource, audience],
    [
      "an audience with a trailing slash",
      withClaims(({ good }) => ({ aud: `${readToken(good).claims.aud}/` })),
      audience,
    ],
    [
      "the audience as api://",
      withClaims(({ good }) => ({ aud: `api://${readToken(good).claims.aud}` })),
      audience,
    ],
    ["a list of audiences", withClaims(({ good }) => ({ aud: [readToken(good).claims.aud] })), audience],
    ["another tenant", withClaims({ tid: otherTenant }), tenant],
    [
      "a version 1 token",
      withClaims({ ver: "1.0", iss: `https://sts.windows.net/${otherTenant}/` }),
      version,
    ],
    ["version 1.0 of the right issuer", withClaims({ ver: "1.0" }), version],
    [
      "an ID token",
      withClaims({ azp: undefined, nonce: "n" }),
      unreadable("azp", ": an ID token opens nothing"),
    ],
    ["no oid", withClaims({ oid: undefined }), unreadable("oid")],
    ["oid of no GUID", withClaims({ oid: "deployer" }), unreadable("oid")],
    ["groups as text", withClaims({ groups: "developers" }), unreadable("groups")],
    ["oversized", withClaims({ padding: "x".repeat(13_000) }), form],
    ["garbage", () => "garbage", form],
    ["two tokens", ({ good }) => `${good} ${good}`, form],
  ])("%s", async (_, forge, message) => {
    expect(await outcome(`Bearer ${forge(material)}`)).toEqual(
      refused(typeof message === "string" ? message : message()),
    );
    await expectAdmitted(material.good);
  });
});

/** The issuer alone could write these, and it does not; or they are the good token in another spelling. */
const harmless = new Set([
  "x5t of another certificate",
  "typ in lower case",
  "a second ago",
  "no iat",
  "exp with a fraction",
  "negative nbf",
  "version 2.0",
  "oid twice",
  "exp twice",
  "oid twice, once escaped",
  "spaces around it",
  "a byte order mark before it",
  "unused bits of the signature set",
]);

describe("the local cloud's hostile tokens are refused with nothing of them in the answer:", () => {
  test.each(hostileTokens.filter(({ name }) => !harmless.has(name)))("$kind: $name", async ({ forge }) => {
    const token = forge(material);
    const { status, body, headers } = await ask(`Bearer ${token}`);
    expect(status).toBe(401);
    expect(body.error?.code).toBe("TokenRefused");
    const text = JSON.stringify([body, headers]);
    for (const part of token.split(".").filter((one) => one.length > 8)) expect(text).not.toContain(part);
    await expectAdmitted(material.good);
  });
});

test("a header beyond all bounds is refused before anything looks at it: 431", async () => {
  expect((await ask(`Bearer ${"A".repeat(40_000)}`)).status).toBe(431);
});

test.each<[string, (good: string) => string | string[] | undefined]>([
  ["no header", () => undefined],
  ["an empty header", () => ""],
  ["the scheme alone", () => "Bearer"],
  ["Basic", (good) => `Basic ${good}`],
  ["the token alone", (good) => good],
  ["the data plane's form", (good) => `type=aad&ver=1.0&sig=${good}`],
])("%s is no token", async (_, header) => {
  const id = workload.issuer.audience;
  expect(await outcome(header(material.good))).toEqual({
    status: 401,
    challenge: "Bearer",
    error: {
      code: "NoToken",
      message: `Send a token for the scope ${id}/.default in the header Authorization: Bearer.`,
    },
  });
});

test("a token in the query opens nothing and stands in no log", async () => {
  const before = workload.events.length;
  const { status, error } = await outcome(undefined, `/items/a/b?access_token=${material.good}`);
  expect([status, error?.code]).toEqual([401, "NoToken"]);
  expect(workload.events.slice(before)).toEqual([expect.objectContaining({ resource: "/items/a/b" })]);
});

test("two Authorization headers are refused, whichever is good", async () => {
  const good = `Bearer ${material.good}`;
  for (const headers of [
    [good, "Bearer x"],
    ["Bearer x", good],
  ]) {
    expect(await outcome(headers)).toEqual(refused("The request has several Authorization headers."));
  }
});

test("the scheme is written in any case, and clocks may differ by a minute", async () => {
  const { status } = await ask(`bearer ${material.good}`);
  expect(status).toBe(404);
  await expectAdmitted(withClaims(({ now }) => ({ exp: now - 30 }))(material));
  await expectAdmitted(withClaims(({ now }) => ({ nbf: now + 30 }))(material));
});

describe("a caller", () => {
  const unlisted =
    "The token is good, but its principal is not among this workload's callers: add it to callers in the settings, then pulumi up.";
  const token = (claims: Readonly<Record<string, unknown>>) =>
    workload.issuer.token({ oid: randomUUID(), ...claims });

  test("who is listed enters, whatever the case of the id", () =>
    expectAdmitted(token({ oid: workload.listed.toUpperCase() })));

  test("who is in a listed group enters", () =>
    expectAdmitted(token({ groups: [randomUUID(), workload.listedGroup.toUpperCase()] })));

  test.each<[string, () => Readonly<Record<string, unknown>>]>([
    ["who is not listed", () => ({})],
    ["in other groups", () => ({ groups: [randomUUID()] })],
    ["whose group is listed as a principal", () => ({ groups: [workload.listed] })],
    ["whose oid is a listed group's", () => ({ oid: workload.listedGroup })],
  ])("%s is refused: 403 CallerNotListed", async (_, claims) => {
    expect(await outcome(`Bearer ${token(claims())}`)).toEqual({
      status: 403,
      challenge: undefined,
      error: { code: "CallerNotListed", message: unlisted },
    });
  });

  test.each([{ _claim_names: { groups: "src1" } }, { hasgroups: true }])(
    "whose groups are too many for a token is refused, and told so: %j",
    async (claims) => {
      expect(await outcome(`Bearer ${token(claims)}`)).toEqual({
        status: 403,
        challenge: undefined,
        error: {
          code: "CallerNotListed",
          message: `${unlisted} Its groups are too many for a token to carry, so none of them counts: list the principal itself, or assign fewer groups.`,
        },
      });
      await expectAdmitted(token({ ...claims, oid: workload.listed }));
    },
  );
});

test("every refusal is an event that names who, what and why, under the caller's correlation id", async () => {
  const oid = randomUUID();
  const before = workload.events.length;
  const tries = [undefined, "Bearer garbage", `Bearer ${workload.issuer.token({ oid })}`];
  for (const [index, authorization] of tries.entries()) {
    const { headers } = await workload.ask("POST", "/probe", {
      ...(authorization === undefined ? {} : { authorization }),
      headers: { "x-ms-client-request-id": `request-${index}` },
    });
    expect(headers["x-ms-client-request-id"]).toBe(`request-${index}`);
  }
  const event = (index: number, principal: string | null, code: string) => ({
    event: "access-failure",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    correlationId: `request-${index}`,
    principal,
    action: "POST",
    resource: "/probe",
    code,
    substatus: null,
    cause: expect.any(String),
  });
  expect(workload.events.slice(before)).toEqual([
    event(0, null, "NoToken"),
    event(1, null, "TokenRefused"),
    event(2, oid, "CallerNotListed"),
  ]);
  const written = JSON.stringify(workload.events);
  for (const part of [...material.good.split("."), "garbage"]) expect(written).not.toContain(part);
});

describe("an issuer that", () => {
  const short = 250;
  const long = 60_000;
  test.each<[string, number, (response: ServerResponse) => void, string]>([
    ["hangs", short, () => {}, "The operation was aborted due to timeout"],
    ["answers without end", long, writeWithoutEnd, "holds more than 262144 bytes"],
    ["fails", long, (response) => response.writeHead(500).end(), "answered 500"],
  ])("%s gives no keys: 503", async (_, timeoutMs, instead, reason) => {
    const one = await startInProcessWorkload(timeoutMs);
    const authorization = `Bearer ${one.issuer.token({ oid: one.listed })}`;
    one.issuer.instead.set("openid-configuration", instead);
    const { status, headers, body } = await one.ask("GET", "/x", { authorization });
    expect([status, headers["retry-after"], body.error?.code]).toEqual([503, "5", "IssuerUnavailable"]);
    expect(body.error?.message).toContain("No token can be verified, because its issuer gives no keys: ");
    expect(body.error?.message).toContain(reason);
    expect(one.events).toEqual([expect.objectContaining({ code: "IssuerUnavailable", principal: null })]);
    await one.close();
  });
});

function writeWithoutEnd(response: ServerResponse): void {
  const write = () => {
    while (!response.destroyed && response.write("x".repeat(65_536)));
  };
  response.on("drain", write);
  write();
}

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { manualClock } from "../../local-azure/core/clock.ts";
import { openSigningKeys } from "../../local-azure/entra/signing-keys.ts";
import { encodePart, readToken, signParts } from "../../local-azure/testing/forge.ts";
import { renderJson, renderText } from "./render.ts";
import { type DoctorCloud, startDoctorCloud, type TestApplication } from "./testing/doctor-cloud.ts";

const hour = 3_600_000;
const clock = manualClock(new Date());

let doctor: DoctorCloud;
let app: TestApplication;
beforeAll(async () => {
  doctor = await startDoctorCloud(clock);
  app = doctor.application("bearer");
  await doctor.grant(app.principalId, "reader");
});
afterAll(() => doctor.close());

async function ask(credential: string) {
  const diagnosis = await doctor.ask({ principal: app.principalId, credential });
  expect(`${renderText(diagnosis)}${renderJson(diagnosis)}`).not.toContain(credential.trim());
  const { verdict, tried, cause, notes } = diagnosis;
  return { verdict, tried, cause, notes: notes.map(({ code }) => code) };
}
const broken = (code: string) =>
  expect.objectContaining({ verdict: "broken", cause: expect.objectContaining({ code, link: "token" }) });
const works = { verdict: "works", tried: true, cause: undefined, notes: [] };

/** The token with other claims, signed by the tenant's own key. */
function withClaims(token: string, change: Readonly<Record<string, unknown>>): string {
  const { header, claims } = readToken(token);
  const { privateKey } = openSigningKeys(doctor.cloud.platform).current;
  return signParts(encodePart(header), encodePart({ ...claims, ...change }), privateKey);
}

test("a good token works in every form in which it is handed over", async () => {
  const token = await doctor.token(app);
  for (const text of [
    token,
    `${token}\n`,
    `Bearer ${token}`,
    `type=aad&ver=1.0&sig=${token}`,
    encodeURIComponent(`type=aad&ver=1.0&sig=${token}`),
    JSON.stringify({ accessToken: token, expiresOn: "2026-11-25 12:00:00.000000" }),
  ]) {
    expect(await ask(text)).toEqual(works);
  }
  expect(await ask(await doctor.token(app, "https://cosmos.azure.com"))).toEqual(works);
});

describe("a token that the data plane refuses", () => {
  test("for another resource", async () => {
    const refusal = await ask(await doctor.token(app, "https://management.azure.com"));
    expect(refusal).toEqual(broken("KC-DOCTOR-TOKEN-AUDIENCE"));
    expect(refusal.cause?.why).toBe(
      `the token is for https://management.azure.com, and the account takes ${doctor.account.endpoint.slice(0, -1)} and https://cosmos.azure.com, without a final slash`,
    );
  });

  test("for the account with a final slash", async () => {
    expect(await ask(await doctor.token(app, doctor.account.endpoint))).toEqual(
      broken("KC-DOCTOR-TOKEN-AUDIENCE"),
    );
  });

  test("of another tenant", async () => {
    const tid = "99999999-9999-4999-8999-999999999999";
    const other = withClaims(await doctor.token(app), { tid, iss: `https://sts.windows.net/${tid}/` });
    expect(await ask(other)).toEqual(broken("KC-DOCTOR-TOKEN-TENANT"));
  });

  test("of another authority", async () => {
    const iss = `https://login.microsoftonline.us/${doctor.cloud.tenantId}/v2.0`;
    expect(await ask(withClaims(await doctor.token(app), { iss }))).toEqual(
      broken("KC-DOCTOR-TOKEN-AUTHORITY"),
    );
  });

  test("that has ended", async () => {
    const token = await doctor.token(app);
    clock.advance(2 * hour);
    try {
      expect(await ask(token)).toEqual(broken("KC-DOCTOR-TOKEN-EXPIRED"));
      expect(await ask(await doctor.token(app))).toEqual(works);
    } finally {
      // The SDK clients of these tests hold tokens of the time before.
      clock.advance(-2 * hour);
    }
  });

  test("that has not begun", async () => {
    const nbf = clock.nowSeconds() + 600;
    expect(await ask(withClaims(await doctor.token(app), { nbf }))).toEqual(
      broken("KC-DOCTOR-TOKEN-NOT-YET"),
    );
  });

  test("of another principal", async () => {
    const other = doctor.application("somebody else");
    const refusal = await ask(await doctor.token(other));
    expect(refusal).toEqual(broken("KC-DOCTOR-TOKEN-PRINCIPAL"));
    // That the other one may tells nothing of this one.
    await doctor.grant(other.principalId, "reader");
    expect(await ask(await doctor.token(other))).toEqual(refusal);
  });

  test("with more groups than it can carry", async () => {
    const sociable = doctor.application("in 201 groups");
    await doctor.grant(sociable.principalId, "reader");
    for (let number = 0; number <= 200; number += 1) {
      const { id } = doctor.directory.create({ type: "group", displayName: `group ${number}` });
      doctor.directory.memberships.add(id, sociable.principalId);
    }
    const credential = await doctor.token(sociable);
    const { cause } = await doctor.ask({ principal: sociable.principalId, credential });
    expect(cause).toMatchObject({ code: "KC-DOCTOR-TOO-MANY-GROUPS", link: "token" });
  });

  test("that was cut off, though its claims are right", async () => {
    const token = await doctor.token(app);
    const cut = token.slice(0, -8);
    expect(await ask(cut)).toMatchObject({
      verdict: "broken",
      cause: { code: "KC-DOCTOR-TOKEN-REFUSED", link: "data plane" },
    });
    expect(await ask(token)).toEqual(works);
  });
});

test.each([
  ["no token at all", "to be filled in"],
  ["two parts", "aaaa.bbbb"],
  ["parts that hold no JSON", "aaaa.bbbb.cccc"],
  ["a line break that would split a header", "aaaa.bb\r\nX-Secret: bb.cccc"],
])("text that is %s has no form", async (_what, text) => {
  expect(await ask(text)).toEqual(broken("KC-DOCTOR-TOKEN-FORM"));
});

describe("a key in place of a token", () => {
  const key = `${"a".repeat(86)}==`;
  const refusal = {
    verdict: "broken",
    cause: { code: "KC-DOCTOR-KEY-REFUSED", link: "local authorization" },
  };

  test.each([
    ["the key", key],
    ["a connection string", `AccountEndpoint=https://shop.documents.azure.com/;AccountKey=${key};`],
    ["a header", encodeURIComponent("type=master&ver=1.0&sig=abc=")],
  ])("%s is refused where local authorization is off", async (_what, text) => {
    expect(await ask(text)).toMatchObject(refusal);
  });

  test("where local authorization is on, that is told, and access by token works all the same", async () => {
    await doctor.changeAccount({ disableLocalAuth: false });
    expect(await ask(key)).toMatchObject({ cause: undefined, notes: ["KC-DOCTOR-KEYS-OPEN"] });
    expect(await ask(await doctor.token(app))).toEqual({ ...works, notes: ["KC-DOCTOR-KEYS-OPEN"] });
    await doctor.changeAccount({ disableLocalAuth: true });
    expect(await ask(await doctor.token(app))).toEqual(works);
  });
});

test("claims that are no times and names that are commands of a terminal are shown as text", async () => {
  const token = withClaims(await doctor.token(app), { exp: 1e20, scp: "\u001b[2J\u0007" });
  const diagnosis = await doctor.ask({ principal: app.principalId, credential: token });
  const text = renderText(diagnosis);
  expect(text).toContain("exp=100000000000000000000");
  expect(text).toContain("scp=?[2J?");
});

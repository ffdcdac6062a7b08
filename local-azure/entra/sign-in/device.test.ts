import { DeviceCodeCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openTestBrowser } from "../../testing/test-browser.ts";
import { startTestEntra, type TestEntra, type TestPerson } from "../../testing/test-entra.ts";
import { azureCli } from "../first-party.ts";

let cloud: TestEntra;
let anna: TestPerson;
let origin: string;
let tenant: string;
const scope = "https://management.azure.com/.default openid profile offline_access";

beforeAll(async () => {
  cloud = await startTestEntra();
  ({ origin, tenantId: tenant } = cloud.platform);
  anna = cloud.person("anna");
});
afterAll(() => cloud.stop());

const credentialsOf = ({ username, password }: TestPerson) => ({ username, password });

async function start(form: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${origin}/organizations/oauth2/v2.0/devicecode`, {
    method: "POST",
    body: new URLSearchParams({ client_id: azureCli.appId, scope, ...form }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function approve(userCode: string, person = anna) {
  const page = await openTestBrowser().open(`${origin}/common/oauth2/deviceauth`);
  const asked = await page.submit({ user_code: userCode });
  return asked.submit(credentialsOf(person));
}

/** As MSAL for Python polls: the URN, the code under both names, no scope. */
const poll = (deviceCode: string, change: Readonly<Record<string, string>> = {}) =>
  cloud.requestToken(
    {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: azureCli.appId,
      code: deviceCode,
      device_code: deviceCode,
      ...change,
    },
    "organizations",
  );
const refusal = (error: string, code: number, status = 400) => ({
  status,
  body: { error, error_codes: [code] },
});

test("an unmodified DeviceCodeCredential signs a person in", async () => {
  const approvals: Promise<unknown>[] = [];
  const credential = new DeviceCodeCredential({
    tenantId: tenant,
    clientId: azureCli.appId,
    authorityHost: origin,
    disableInstanceDiscovery: true,
    userPromptCallback: ({ userCode, verificationUri }) => {
      expect(verificationUri).toBe(`${origin}/common/oauth2/deviceauth`);
      approvals.push(approve(userCode));
    },
  });
  const { token } = await credential.getToken("https://management.azure.com/.default");
  await Promise.all(approvals);
  expect(cloud.entra.verifier.verify(token, ["https://management.azure.com"])).toMatchObject({
    principalId: anna.id,
    appId: azureCli.appId,
    claims: { scp: "user_impersonation", idtyp: "user" },
  });
});

test("a device shows a code, and waits until a person has entered it and signed in", async () => {
  const { body } = await start();
  expect(body).toEqual({
    user_code: expect.stringMatching(/^[A-HJ-NP-Z2-9]{9}$/),
    device_code: expect.any(String),
    verification_uri: `${origin}/common/oauth2/deviceauth`,
    expires_in: 900,
    interval: 1,
    message: expect.stringContaining(`enter the code ${body.user_code} to authenticate.`),
  });
  const { device_code = "", user_code = "" } = body;
  expect(await poll(device_code)).toMatchObject(refusal("authorization_pending", 70016));

  const typed = `${user_code.slice(0, 4).toLowerCase()}- ${user_code.slice(4)}`;
  const page = await openTestBrowser().open(`${origin}/common/oauth2/deviceauth`);
  const asked = await page.submit({ user_code: typed });
  expect(asked.text).toContain("to continue to <strong>Microsoft Azure CLI</strong>");
  const wrong = await asked.submit({ username: anna.username, password: "wrong" });
  expect([wrong.status, wrong.alert]).toEqual([
    400,
    "AADSTS50126: Error validating credentials due to invalid username or password.",
  ]);
  expect(await poll(device_code)).toMatchObject(refusal("authorization_pending", 70016));
  const done = await wrong.submit(credentialsOf(anna));
  expect([done.status, done.text.includes("You have signed in")]).toEqual([200, true]);

  const { status, body: tokens } = await poll(device_code);
  expect(status).toBe(200);
  expect(tokens).toMatchObject({
    scope:
      "openid profile https://management.azure.com/user_impersonation https://management.azure.com/.default",
    refresh_token: expect.any(String),
    id_token: expect.any(String),
  });
  expect(await poll(device_code)).toMatchObject(refusal("invalid_grant", 54005));
});

describe("a device code is refused", () => {
  test("after 15 minutes, by the poll and on the page", async () => {
    const { device_code = "", user_code = "" } = (await start()).body;
    cloud.clock.advance(900_000);
    expect(await poll(device_code)).toMatchObject(refusal("expired_token", 70019));
    const page = await openTestBrowser().open(`${origin}/common/oauth2/deviceauth`);
    expect((await page.submit({ user_code })).alert).toMatch(/^AADSTS70018: Invalid verification code/);
    cloud.clock.advance(-900_000);
  });

  test("when another client polls it, when nobody was given it, and with a secret", async () => {
    const other = cloud.application("other", { isFallbackPublicClient: true });
    const { device_code = "", user_code = "" } = (await start()).body;
    await approve(user_code);
    const byOther = await poll(device_code, { client_id: other.clientId });
    expect(byOther).toMatchObject(refusal("bad_verification_code", 70018));
    expect(await poll("unknown")).toMatchObject(refusal("bad_verification_code", 70018));
    const withSecret = await poll(device_code, { client_secret: "secret" });
    expect(withSecret).toMatchObject(refusal("invalid_client", 700025, 401));
    expect((await poll(device_code)).status).toBe(200);
  });

  test("of a client that is not public, without its secret", async () => {
    const confidential = cloud.application("confidential");
    const { body } = await start({ client_id: confidential.clientId, scope: "openid" });
    const answer = await poll(body.device_code ?? "", { client_id: confidential.clientId });
    expect(answer).toMatchObject(refusal("invalid_client", 7000218, 401));
  });

  test("on the page, when it was approved before, when it is empty and when it is none", async () => {
    const { user_code = "" } = (await start()).body;
    await approve(user_code);
    const page = await openTestBrowser().open(`${origin}/common/oauth2/deviceauth`);
    expect((await page.submit({ user_code })).alert).toBe(
      "AADSTS90120: The request was already authorized or declined.",
    );
    expect((await page.submit({ user_code: "" })).alert).toBe("AADSTS90119: The user code is null or empty.");
    expect((await page.submit({ user_code: "AAAAAAAAA" })).alert).toMatch(/^AADSTS70018:/);
  });

  test("on the page, without consent", async () => {
    const asker = cloud.application("asker", { isFallbackPublicClient: true });
    const { body } = await start({
      client_id: asker.clientId,
      scope: "https://management.azure.com/.default",
    });
    const page = await approve(body.user_code ?? "");
    expect([page.status, page.alert?.slice(0, 12)]).toEqual([400, "AADSTS65001:"]);
    const answer = await poll(body.device_code ?? "", { client_id: asker.clientId });
    expect(answer).toMatchObject(refusal("authorization_pending", 70016));
  });

  test.each<readonly [string, Readonly<Record<string, string>>, string, number]>([
    [
      "an unknown client",
      { client_id: "22222222-2222-2222-2222-222222222222" },
      "unauthorized_client",
      700016,
    ],
    ["an unknown resource", { scope: "api://nowhere/.default" }, "invalid_resource", 500011],
    ["no scope", { scope: "" }, "invalid_request", 900144],
    ["a scope that is too long", { scope: "x".repeat(2_049) }, "invalid_scope", 70011],
    ["a client id that is too long", { client_id: "x".repeat(101) }, "invalid_request", 90013],
  ])("before it is given, to %s", async (_, form, error, code) => {
    expect(await start(form)).toMatchObject(refusal(error, code));
  });
});

test("the form of one page is not taken for another, or from another page", async () => {
  const { user_code = "" } = (await start()).body;
  const page = await openTestBrowser().open(`${origin}/common/oauth2/deviceauth`);
  const forged = await page.submit({ user_code }, { Origin: "https://evil.example" });
  expect([forged.status, forged.alert]).toEqual([
    400,
    "AADSTS90013: Invalid input received from the user. The form was sent by another page.",
  ]);
  // Credentials beside the code do not skip the page that shows which application asks.
  const early = await page.submit({ user_code, ...credentialsOf(anna) });
  expect(early.text).toContain("to continue to <strong>Microsoft Azure CLI</strong>");
});

import { createHash } from "node:crypto";
import { AuthorizationCodeCredential } from "@azure/identity";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { readToken } from "../../testing/forge.ts";
import { type BrowserPage, openTestBrowser } from "../../testing/test-browser.ts";
import {
  startTestEntra,
  type TestApplication,
  type TestEntra,
  type TestPerson,
} from "../../testing/test-entra.ts";
import { azureCli } from "../first-party.ts";

let cloud: TestEntra;
let anna: TestPerson;
let web: TestApplication;
let origin: string;
let tenant: string;

const callback = "https://orders.example/signin";
const verifier = "v".repeat(43);
const challenge = createHash("sha256").update(verifier).digest("base64url");
const scopeId = "33333333-3333-4333-8333-333333333333";

beforeAll(async () => {
  cloud = await startTestEntra();
  ({ origin, tenantId: tenant } = cloud.platform);
  anna = cloud.person("anna");
});
afterAll(() => cloud.stop());

beforeEach(() => {
  web = cloud.application("orders", {
    web: { redirectUris: [callback] },
    spa: { redirectUris: ["https://orders.example/spa"] },
    api: {
      requestedAccessTokenVersion: 2,
      oauth2PermissionScopes: [{ id: scopeId, value: "Orders.Read", isEnabled: true }],
    },
  });
  consent(web, "Orders.Read");
});

function consent({ principalId }: TestApplication, scope: string): string {
  return cloud.entra.directory.permissionGrants.add({
    clientId: principalId,
    consentType: "AllPrincipals",
    principalId: null,
    resourceId: web.principalId,
    scope,
  }).id;
}

type Parameters = Readonly<Record<string, string>>;

function address(change: Parameters = {}, drop: readonly string[] = []): string {
  const query = new URLSearchParams({
    client_id: web.clientId,
    response_type: "code",
    redirect_uri: callback,
    scope: `api://${web.clientId}/Orders.Read openid profile offline_access`,
    state: "state & more",
    nonce: "nonce-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...change,
  });
  for (const name of drop) query.delete(name);
  return `${origin}/${tenant}/oauth2/v2.0/authorize?${query}`;
}

const fill = (page: BrowserPage, password = anna.password) =>
  page.submit({ username: anna.username, password });
const signIn = async (change: Parameters = {}, drop: readonly string[] = []) =>
  fill(await openTestBrowser().open(address(change, drop)));
const answerOf = ({ target }: BrowserPage) => Object.fromEntries(new URL(target ?? "").searchParams);
const codeOf = async (change: Parameters = {}, drop: readonly string[] = []) =>
  String(answerOf(await signIn(change, drop)).code);

const redeem = (code: string, change: Parameters = {}, drop: readonly string[] = []) => {
  const form: Record<string, string> = {
    grant_type: "authorization_code",
    client_id: web.clientId,
    client_secret: web.clientSecret,
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    client_info: "1",
    ...change,
  };
  for (const name of drop) delete form[name];
  return cloud.requestToken(form);
};
const refusal = (status: number, error: string, code: number, text?: string) => ({
  status,
  body: {
    error,
    error_codes: [code],
    ...(text === undefined ? {} : { error_description: expect.stringContaining(text) }),
  },
});

describe("a person signs in", () => {
  test("and the client gets a code in the query, and for it tokens of version 2", async () => {
    const page = await openTestBrowser().open(address());
    expect(page.status).toBe(200);
    expect(page.text).toContain('<label for="password">Password</label>');
    const answer = await fill(page);
    expect(answer.status).toBe(303);
    expect(answer.target?.startsWith(`${callback}?`)).toBe(true);
    const { code = "", state } = answerOf(answer);
    expect(state).toBe("state & more");
    const { status, body } = await redeem(code);
    expect([status, body.error_description]).toEqual([200, undefined]);
    expect(body).toMatchObject({
      token_type: "Bearer",
      scope: `openid profile api://${web.clientId}/Orders.Read`,
      expires_in: 3599,
      refresh_token: expect.any(String),
      client_info: Buffer.from(JSON.stringify({ uid: anna.id, utid: tenant })).toString("base64url"),
    });
    const access = readToken(String(body.access_token)).claims;
    expect(access).toMatchObject({
      aud: web.clientId,
      iss: `${origin}/${tenant}/v2.0`,
      ver: "2.0",
      azp: web.clientId,
      azpacr: "1",
      name: "anna",
      oid: anna.id,
      preferred_username: anna.username,
      scp: "Orders.Read",
      tid: tenant,
    });
    const ofOtherTokens = ["appid", "idtyp", "upn", "roles", "groups"];
    expect(Object.keys(access).filter((name) => ofOtherTokens.includes(name))).toEqual([]);
    const id = readToken(String(body.id_token)).claims;
    expect(id).toMatchObject({
      aud: web.clientId,
      iss: `${origin}/${tenant}/v2.0`,
      nonce: "nonce-1",
      name: "anna",
      oid: anna.id,
      preferred_username: anna.username,
      sub: access.sub,
      ver: "2.0",
    });
    expect(access.sub).not.toBe(anna.id);
  });

  test("and an unmodified AuthorizationCodeCredential redeems the code", async () => {
    const code = await codeOf({}, ["code_challenge", "code_challenge_method", "nonce"]);
    const { clientId, clientSecret } = web;
    const credential = new AuthorizationCodeCredential(tenant, clientId, clientSecret, code, callback, {
      authorityHost: origin,
      disableInstanceDiscovery: true,
    });
    const { token } = await credential.getToken(`api://${clientId}/Orders.Read`);
    expect(readToken(token).claims).toMatchObject({ aud: clientId, oid: anna.id, scp: "Orders.Read" });
  });

  test("by form_post the code stands in no URL, and the page submits itself", async () => {
    const page = await signIn({ response_mode: "form_post" });
    expect([page.status, page.target]).toEqual([200, callback]);
    expect(page.fields).toEqual({ code: expect.any(String), state: "state & more" });
    expect(page.headers.get("content-security-policy")).toContain(
      "form-action 'self' https://orders.example; frame-ancestors 'none'",
    );
    const script = /<script>([^<]*)<\/script>/.exec(page.text)?.[1] ?? "";
    const hash = createHash("sha256").update(script).digest("base64");
    expect(page.headers.get("content-security-policy")).toContain(`script-src 'sha256-${hash}'`);
    expect((await redeem(page.fields.code ?? "")).status).toBe(200);
  });

  test("in the fragment, through organizations, as a public client on any port of this machine", async () => {
    const redirect = "http://localhost:8400";
    const page = await openTestBrowser().open(
      address({
        client_id: azureCli.appId,
        redirect_uri: redirect,
        response_mode: "fragment",
        scope: "https://management.azure.com//.default offline_access openid profile",
      }).replace(tenant, "organizations"),
    );
    const { hash, origin: to } = new URL((await fill(page)).target ?? "");
    expect(to).toBe(redirect);
    const code = new URLSearchParams(hash.slice(1)).get("code") ?? "";
    const form = { client_id: azureCli.appId, redirect_uri: redirect };
    const { body } = await redeem(code, form, ["client_secret"]);
    expect(body.scope).toBe(
      "openid profile https://management.azure.com//user_impersonation https://management.azure.com//.default",
    );
    expect(readToken(String(body.access_token)).claims).toMatchObject({
      aud: "https://management.azure.com/",
      appid: azureCli.appId,
      appidacr: "0",
      idtyp: "user",
      oid: anna.id,
      scp: "user_impersonation",
      unique_name: anna.username,
      upn: anna.username,
      ver: "1.0",
    });
  });

  test("again after a mistyped name or password, with the reason read out", async () => {
    const page = await openTestBrowser().open(address({ login_hint: anna.username }));
    expect(page.text).toContain(`value="${anna.username}"`);
    const wrong = await fill(page, "wrong");
    expect([wrong.status, wrong.alert]).toEqual([
      400,
      "AADSTS50126: Error validating credentials due to invalid username or password.",
    ]);
    const unknown = await wrong.submit({ username: "nobody@local-azure.example", password: "x" });
    expect(unknown.alert).toBe(
      `AADSTS50034: The user account nobody@local-azure.example does not exist in the ${tenant} directory. To sign into this application, the account must be added to the directory.`,
    );
    expect((await fill(unknown)).status).toBe(303);
  });

  test("not when their account is disabled", async () => {
    const person = cloud.person("gone");
    cloud.entra.directory.update(person.id, { accountEnabled: false });
    const page = await openTestBrowser().open(address());
    const answer = await page.submit({ username: person.username, password: person.password });
    expect(answer.alert).toBe("AADSTS50057: The user account is disabled.");
  });
});

describe("the page", () => {
  test("cannot be framed, loads nothing, and keeps its cookie to this host", async () => {
    const { headers } = await openTestBrowser().open(address());
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cache-control")).toBe("no-store, no-cache");
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' https:\/\/orders\.example; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(headers.get("set-cookie")).toMatch(
      /^__Host-local-azure-sign-in=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
  });

  test("shows what came from outside as text", async () => {
    const { text } = await openTestBrowser().open(address({ login_hint: `"><script>alert(1)</script>` }));
    expect(text).not.toContain("<script>");
  });

  test.each<readonly [string, (page: BrowserPage) => Promise<BrowserPage>, string]>([
    [
      "from another page",
      (page) =>
        page.submit({ username: anna.username, password: anna.password }, { Origin: "https://evil.example" }),
      "AADSTS90013: Invalid input received from the user. The form was sent by another page.",
    ],
    [
      "from another browser",
      (page) => page.submit({ username: anna.username, password: anna.password }, { Cookie: "" }),
      "AADSTS50089: Authentication failed due to flow token expired. Go back to the application and sign in again.",
    ],
    [
      "with a changed state",
      (page) => {
        const [payload = "", signature] = (page.fields.flow ?? "").split(".");
        const text = Buffer.from(payload, "base64url").toString().replace("Orders.Read", "Orders.All");
        const flow = `${Buffer.from(text).toString("base64url")}.${signature}`;
        return page.submit({ flow, username: anna.username, password: anna.password });
      },
      "AADSTS50089: Authentication failed due to flow token expired. Go back to the application and sign in again.",
    ],
    [
      "ten minutes later",
      async (page) => {
        cloud.clock.advance(600_000);
        const answer = await fill(page);
        cloud.clock.advance(-600_000);
        return answer;
      },
      "AADSTS50089: Authentication failed due to flow token expired. Go back to the application and sign in again.",
    ],
  ])("is not taken %s", async (_, send, alert) => {
    const answer = await send(await openTestBrowser().open(address()));
    expect([answer.status, answer.target, answer.alert]).toEqual([400, undefined, alert]);
  });
});

describe("a request is refused", () => {
  test.each<readonly [string, () => string, string]>([
    [
      "of an unknown client",
      () => address({ client_id: scopeId }),
      "AADSTS700016: Application with identifier '33333333-3333-4333-8333-333333333333' was not found in the directory",
    ],
    [
      "without a redirect URI",
      () => address({}, ["redirect_uri"]),
      "AADSTS900971: No reply address provided.",
    ],
    [
      "with another response mode",
      () => address({ response_mode: "web_message" }),
      "AADSTS70007: 'web_message' is not",
    ],
    ...[
      "https://orders.example/signin/",
      "https://orders.example/other",
      "https://orders.example.evil.example/signin",
      "http://orders.example/signin",
      "https://localhost/signin",
      "javascript:alert(1)",
      "https://orders.example/signin?x=1",
    ].map(
      (uri) =>
        [
          `with the redirect URI ${uri}`,
          () => address({ redirect_uri: uri }),
          `AADSTS50011: The redirect URI '${uri}'`,
        ] as const,
    ),
    [
      "with one of a single-page application",
      () => address({ redirect_uri: "https://orders.example/spa" }),
      "It is registered for a single-page application",
    ],
    ...["not a url", "javascript:alert(1)", "https://orders.example/signin#x", "http://orders.example/"].map(
      (uri) =>
        [
          `with the redirect URI ${uri}, which was registered before such were refused`,
          () => {
            const old = cloud.application("old", { web: { redirectUris: [uri] } });
            return address({ client_id: old.clientId, redirect_uri: uri });
          },
          `AADSTS50011: The redirect URI '${uri}'`,
        ] as const,
    ),
    ["with a client id that is too long", () => address({ client_id: "x".repeat(101) }), "AADSTS90013:"],
    ["with a parameter twice", () => `${address()}&scope=openid`, "AADSTS9000411:"],
    ["of an unknown tenant", () => address().replace(tenant, "contoso.example"), "AADSTS90002:"],
  ])("on the page, %s", async (_, url, alert) => {
    const page = await openTestBrowser().open(url());
    expect([page.status, page.target]).toEqual([400, undefined]);
    expect(page.alert).toContain(alert);
  });

  test.each<readonly [string, Parameters, readonly string[], string, string]>([
    ["another response type", { response_type: "token" }, [], "unsupported_response_type", "AADSTS700054:"],
    ["no scope", {}, ["scope"], "invalid_request", "AADSTS900144:"],
    ["a scope that is too long", { scope: "x".repeat(2_049) }, [], "invalid_scope", "AADSTS70011:"],
    ["several resources", { scope: "api://a/x api://b/y" }, [], "invalid_scope", "AADSTS700022:"],
    ["an unknown resource", { scope: "api://nowhere/.default" }, [], "invalid_resource", "AADSTS500011:"],
    ["prompt=none", { prompt: "none" }, [], "login_required", "AADSTS50058:"],
    ["a plain challenge", { code_challenge_method: "plain" }, [], "invalid_request", "AADSTS90013:"],
    ["a challenge without a method", {}, ["code_challenge_method"], "invalid_request", "AADSTS90013:"],
    ["a short challenge", { code_challenge: "short" }, [], "invalid_request", "AADSTS501491:"],
  ])("at the client, with %s", async (_, change, drop, error, text) => {
    const { status, target } = await openTestBrowser().open(address(change, drop));
    expect(status).toBe(303);
    const answer = Object.fromEntries(new URL(target ?? "").searchParams);
    expect(answer).toEqual({
      error,
      error_description: expect.stringContaining(text),
      state: "state & more",
    });
  });

  test("at the client, without consent, with an unknown scope, and without an assignment", async () => {
    const asker = cloud.application("asker", { web: { redirectUris: [callback] } });
    const ask = async (scope: string) => {
      const page = await signIn({ client_id: asker.clientId, scope: `api://${web.clientId}/${scope}` });
      const { error, error_description } = answerOf(page);
      return [error, error_description?.slice(0, 14)];
    };
    expect(await ask("Orders.Read")).toEqual(["consent_required", "AADSTS65001: T"]);
    expect(await ask("Orders.Nope")).toEqual(["invalid_client", "AADSTS650053: "]);
    consent(asker, "Orders.Read");
    cloud.entra.directory.update(web.principalId, { properties: { appRoleAssignmentRequired: true } });
    expect(await ask("Orders.Read")).toEqual(["invalid_grant", "AADSTS50105: Y"]);
  });
});

describe("a code", () => {
  test("is good for once", async () => {
    const code = await codeOf();
    expect((await redeem(code)).status).toBe(200);
    expect(await redeem(code)).toMatchObject(refusal(400, "invalid_grant", 54005, "already redeemed"));
  });

  test("is spent by one of two requests at the same time", async () => {
    const code = await codeOf();
    const statuses = (await Promise.all([redeem(code), redeem(code)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 400]);
  });

  test("is good for ten minutes", async () => {
    const code = await codeOf();
    cloud.clock.advance(600_000);
    expect(await redeem(code)).toMatchObject(refusal(400, "invalid_grant", 70008));
    cloud.clock.advance(-1);
    expect((await redeem(code)).status).toBe(200);
    cloud.clock.advance(1 - 600_000);
  });

  test.each<readonly [string, Parameters, readonly string[], number, string, number]>([
    [
      "another redirect URI of the client",
      { redirect_uri: "http://localhost/other" },
      [],
      400,
      "invalid_client",
      500112,
    ],
    [
      "a redirect URI that is not registered",
      { redirect_uri: "https://evil.example" },
      [],
      400,
      "invalid_request",
      50011,
    ],
    ["another verifier", { code_verifier: "w".repeat(43) }, [], 400, "invalid_grant", 501481],
    ["the challenge as verifier", { code_verifier: challenge }, [], 400, "invalid_grant", 501481],
    ["a short verifier", { code_verifier: "v" }, [], 400, "invalid_grant", 501481],
    ["no verifier", {}, ["code_verifier"], 400, "invalid_grant", 501481],
    ["another secret", { client_secret: "wrong" }, [], 401, "invalid_client", 7000215],
    ["no secret", {}, ["client_secret"], 401, "invalid_client", 7000218],
    ["another code", { code: "1.other" }, [], 400, "invalid_grant", 9002313],
  ])("is refused with %s, and not spent", async (_, change, drop, status, error, number) => {
    cloud.entra.directory.update(web.applicationId, {
      properties: {
        ...cloud.entra.directory.find(web.applicationId)?.properties,
        web: { redirectUris: [callback, "http://localhost/other"] },
      },
    });
    const code = await codeOf();
    expect(await redeem(code, change, drop)).toMatchObject(refusal(status, error, number));
    expect((await redeem(code)).status).toBe(200);
  });

  test("of another client is refused", async () => {
    const other = cloud.application("other", { web: { redirectUris: [callback] } });
    const form = { client_id: other.clientId, client_secret: other.clientSecret };
    expect(await redeem(await codeOf(), form)).toMatchObject(refusal(400, "invalid_grant", 70000));
  });

  test("that was asked for without a challenge takes no verifier: somebody may have taken the challenge away", async () => {
    const bare = () => codeOf({}, ["code_challenge", "code_challenge_method"]);
    expect(await redeem(await bare())).toMatchObject(refusal(400, "invalid_grant", 501481));
    expect((await redeem(await bare(), {}, ["code_verifier"])).status).toBe(200);
  });

  test("of a public client comes without a secret", async () => {
    const redirect = "http://localhost:1234";
    const change = {
      client_id: azureCli.appId,
      redirect_uri: redirect,
      scope: "https://management.azure.com/.default",
    };
    const code = await codeOf(change);
    const form = { client_id: azureCli.appId, redirect_uri: redirect };
    expect(await redeem(code, form)).toMatchObject(refusal(401, "invalid_client", 700025));
    expect((await redeem(code, form, ["client_secret"])).status).toBe(200);
  });

  test("of somebody who was disabled or deleted meanwhile gives nothing", async () => {
    const person = cloud.person("leaving");
    const page = await openTestBrowser().open(address());
    const code = String(
      answerOf(await page.submit({ username: person.username, password: person.password })).code,
    );
    cloud.entra.directory.update(person.id, { accountEnabled: false });
    expect(await redeem(code)).toMatchObject(refusal(400, "invalid_grant", 50057));
    cloud.entra.directory.delete(person.id);
    expect(await redeem(code)).toMatchObject(refusal(400, "invalid_grant", 50173));
  });
});

test("signing out sends on to a registered redirect URI only", async () => {
  const leave = (query: string) => openTestBrowser().open(`${origin}/common/oauth2/v2.0/logout${query}`);
  expect((await leave("")).text).toContain("You signed out of your account");
  const to = (uri: string) =>
    `?client_id=${web.clientId}&state=s&post_logout_redirect_uri=${encodeURIComponent(uri)}`;
  expect((await leave(to(callback))).target).toBe(`${callback}?state=s`);
  const refused = await leave(to("https://evil.example"));
  expect([refused.status, refused.target]).toEqual([400, undefined]);
  expect((await leave("?post_logout_redirect_uri=https://evil.example")).target).toBeUndefined();
});

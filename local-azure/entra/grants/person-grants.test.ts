import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readToken } from "../../testing/forge.ts";
import {
  startTestEntra,
  type TestApplication,
  type TestEntra,
  type TestPerson,
} from "../../testing/test-entra.ts";
import { azureCli } from "../first-party.ts";

let cloud: TestEntra;
let anna: TestPerson;
let api: TestApplication;

const readId = "33333333-3333-4333-8333-333333333333";
const arm = "https://management.azure.com/.default";

beforeAll(async () => {
  cloud = await startTestEntra();
  anna = cloud.person("anna");
  api = cloud.application("orders-api", {
    identifierUris: ["api://orders"],
    api: {
      requestedAccessTokenVersion: 2,
      oauth2PermissionScopes: [{ id: readId, value: "Orders.Read", isEnabled: true }],
      preAuthorizedApplications: [{ appId: azureCli.appId, delegatedPermissionIds: [readId] }],
    },
  });
});
afterAll(() => cloud.stop());

type Form = Readonly<Record<string, string>>;

const signIn = (change: Form = {}, segment?: string) =>
  cloud.requestToken(
    {
      grant_type: "password",
      client_id: azureCli.appId,
      username: anna.username,
      password: anna.password,
      scope: `${arm} offline_access`,
      ...change,
    },
    segment,
  );
const refresh = (token: unknown, change: Form = {}) =>
  cloud.requestToken({
    grant_type: "refresh_token",
    client_id: azureCli.appId,
    refresh_token: String(token),
    ...change,
  });
const refusal = (status: number, error: string, code: number, text = "") => ({
  status,
  body: { error, error_codes: [code], error_description: expect.stringContaining(text) },
});
const claimsOf = (body: Record<string, unknown>) => readToken(String(body.access_token)).claims;

describe("password", () => {
  test.each(["organizations", "common", undefined])("signs a person in through %s", async (segment) => {
    const { status, body } = await signIn({}, segment);
    expect(status).toBe(200);
    expect(claimsOf(body)).toMatchObject({ oid: anna.id, upn: anna.username, appidacr: "0" });
  });

  test.each<readonly [string, Form, number, string, number]>([
    ["a wrong password", { password: "wrong" }, 400, "invalid_grant", 50126],
    ["an unknown person", { username: "nobody@local-azure.example" }, 400, "invalid_grant", 50034],
    ["a secret", { client_secret: "secret" }, 401, "invalid_client", 700025],
    ["no password", { password: "" }, 400, "invalid_request", 900144],
    ["an unknown scope", { scope: "https://management.azure.com/everything" }, 400, "invalid_client", 650053],
    [
      "/.default beside a permission",
      { scope: `${arm} https://management.azure.com/user_impersonation` },
      400,
      "invalid_scope",
      70011,
    ],
  ])("is refused with %s", async (_, change, status, error, code) => {
    expect(await signIn(change)).toMatchObject(refusal(status, error, code));
  });

  test("is refused for a client that is not public and does not prove itself", async () => {
    const answer = await signIn({ client_id: api.clientId });
    expect(answer).toMatchObject(refusal(401, "invalid_client", 7000218));
  });
});

describe("refresh tokens", () => {
  test("give tokens for another resource, and a new refresh token, and stay good", async () => {
    const { body } = await signIn();
    const first = await refresh(body.refresh_token, { scope: "api://orders/Orders.Read" });
    expect(claimsOf(first.body)).toMatchObject({ aud: api.clientId, oid: anna.id, scp: "Orders.Read" });
    expect(first.body.refresh_token).not.toBe(body.refresh_token);
    const again = await refresh(body.refresh_token);
    expect(claimsOf(again.body).aud).toBe("https://management.azure.com");
    expect((await refresh(first.body.refresh_token)).status).toBe(200);
  });

  test("are not given unless they are asked for", async () => {
    expect((await signIn({ scope: arm })).body).not.toHaveProperty("refresh_token");
  });

  test("live for 90 days", async () => {
    const { body } = await signIn();
    const days = 90 * 86_400_000;
    cloud.clock.advance(days - 1);
    expect((await refresh(body.refresh_token)).status).toBe(200);
    cloud.clock.advance(1);
    expect(await refresh(body.refresh_token)).toMatchObject(
      refusal(
        400,
        "invalid_grant",
        700082,
        "The token was issued on 2026-11-20T08:00:00.000Z and was inactive for 90.00:00:00.",
      ),
    );
    cloud.clock.advance(-days);
  });

  test("are refused to another client, with a secret, and when nobody was given them", async () => {
    const other = cloud.application("other", { isFallbackPublicClient: true });
    const { body } = await signIn();
    expect(await refresh(body.refresh_token, { client_id: other.clientId })).toMatchObject(
      refusal(400, "invalid_grant", 70000),
    );
    expect(await refresh(body.refresh_token, { client_secret: "s" })).toMatchObject(
      refusal(401, "invalid_client", 700025),
    );
    expect(await refresh("1.unknown")).toMatchObject(refusal(400, "invalid_grant", 9002313));
  });

  test("end with the password under which they were given", async () => {
    const kim = cloud.person("kim-changing");
    const { body } = await signIn({ ...kim });
    expect((await refresh(body.refresh_token)).status).toBe(200);
    cloud.clock.advance(1);
    cloud.entra.directory.userPasswords.set(kim.id, "Another-horse-8");
    expect(await refresh(body.refresh_token)).toMatchObject(
      refusal(
        400,
        "invalid_grant",
        50173,
        "AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '2026-11-20T08:00:00.000Z' and the TokensValidFrom date (before which tokens are not valid) for this user is '2026-11-20T08:00:00.001Z'.",
      ),
    );
    const { body: anew } = await signIn({ ...kim, password: "Another-horse-8" });
    expect((await refresh(anew.refresh_token)).status).toBe(200);
    cloud.clock.advance(-1);
  });

  test("end with the person", async () => {
    const bert = cloud.person("bert-leaving");
    const { body } = await signIn({ ...bert });
    cloud.entra.directory.update(bert.id, { accountEnabled: false });
    expect(await refresh(body.refresh_token)).toMatchObject(refusal(400, "invalid_grant", 50057));
    cloud.entra.directory.delete(bert.id);
    expect(await refresh(body.refresh_token)).toMatchObject(refusal(400, "invalid_grant", 50173));
  });
});

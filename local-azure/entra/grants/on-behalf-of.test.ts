import { OnBehalfOfCredential } from "@azure/identity";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { encodePart, readToken, signParts } from "../../testing/forge.ts";
import {
  startTestEntra,
  type TestApplication,
  type TestEntra,
  type TestPerson,
} from "../../testing/test-entra.ts";
import { newIssuerKey } from "../../testing/test-issuer.ts";
import { azureCli } from "../first-party.ts";

let cloud: TestEntra;
let anna: TestPerson;
let api: TestApplication;
let origin: string;
let tenant: string;

const readId = "33333333-3333-4333-8333-333333333333";
const arm = "https://management.azure.com/.default";

beforeAll(async () => {
  cloud = await startTestEntra();
  ({ origin, tenantId: tenant } = cloud.platform);
  anna = cloud.person("anna");
  api = cloud.application("orders-api", {
    identifierUris: ["api://orders"],
    api: {
      requestedAccessTokenVersion: 2,
      oauth2PermissionScopes: [{ id: readId, value: "Orders.Read", isEnabled: true }],
      preAuthorizedApplications: [{ appId: azureCli.appId, delegatedPermissionIds: [readId] }],
    },
  });
  consentToManager();
});
afterAll(() => cloud.stop());

function consentToManager(): void {
  const { directory, resources } = cloud.entra;
  directory.permissionGrants.add({
    clientId: api.principalId,
    consentType: "AllPrincipals",
    principalId: null,
    resourceId: resources.resolve("https://management.azure.com").servicePrincipal.id,
    scope: "user_impersonation",
  });
}

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
const refusal = (status: number, error: string, code: number, text = "") => ({
  status,
  body: { error, error_codes: [code], error_description: expect.stringContaining(text) },
});

const userToken = async () =>
  String((await signIn({ scope: "api://orders/Orders.Read openid profile" })).body.access_token);
const act = (assertion: string, change: Form = {}) =>
  cloud.requestToken({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    requested_token_use: "on_behalf_of",
    client_id: api.clientId,
    client_secret: api.clientSecret,
    assertion,
    scope: arm,
    ...change,
  });

test("an unmodified OnBehalfOfCredential gets the next service's token for the same person", async () => {
  const options = {
    tenantId: tenant,
    clientId: api.clientId,
    clientSecret: api.clientSecret,
    userAssertionToken: await userToken(),
    authorityHost: origin,
    disableInstanceDiscovery: true,
  };
  const { token } = await new OnBehalfOfCredential(options).getToken(arm);
  expect(cloud.entra.verifier.verify(token, ["https://management.azure.com"])).toMatchObject({
    principalId: anna.id,
    appId: api.clientId,
    claims: { scp: "user_impersonation", appidacr: "1", idtyp: "user" },
  });
});

test("an assertion in version 1, under an identifier URI, is as good", async () => {
  const { directory } = cloud.entra;
  const { properties = {} } = directory.find(api.applicationId) ?? {};
  const first = { ...(properties.api as object), requestedAccessTokenVersion: 1 };
  directory.update(api.applicationId, { properties: { ...properties, api: first } });
  const token = await userToken();
  expect(readToken(token).claims).toMatchObject({ aud: "api://orders", ver: "1.0" });
  expect((await act(token)).status).toBe(200);
  directory.update(api.applicationId, { properties });
});

test("is refused with what is no token of a person for this client", async () => {
  const forArm = String((await signIn()).body.access_token);
  const expected = "https://management.azure.com";
  expect(await act(forArm)).toMatchObject(
    refusal(400, "invalid_grant", 500131, `The access token is for the audience ${expected}.`),
  );
  const caller = cloud.application("caller-app");
  const ofApplication = await cloud.requestToken({
    grant_type: "client_credentials",
    client_id: caller.clientId,
    client_secret: caller.clientSecret,
    scope: "api://orders/.default",
  });
  expect(await act(String(ofApplication.body.access_token))).toMatchObject(
    refusal(400, "invalid_grant", 7000113),
  );
  const { privateKey, kid } = cloud.entra.keys.current;
  const { header, claims } = readToken(await userToken());
  const forged = (change: object, head: object = header, key = privateKey) =>
    signParts(encodePart(head), encodePart({ ...claims, ...change }), key);
  const { scp: _, ...idClaims } = claims;
  const idToken = signParts(encodePart(header), encodePart(idClaims), privateKey);
  expect(await act(idToken)).toMatchObject(refusal(400, "invalid_grant", 240002));
  const past = cloud.clock.nowSeconds() - 1;
  expect(await act(forged({ exp: past }))).toMatchObject(refusal(400, "invalid_grant", 500133));
  const attacker = newIssuerKey(kid).privateKey;
  for (const assertion of [
    "x",
    "e30.e30.AA",
    forged({}, header, attacker),
    forged({}, { ...header, alg: "none" }),
    forged({}, { ...header, jwk: {} }),
    forged({}, { ...header, kid: "other", x5t: "other" }),
    forged({ iss: `${origin}/${tenant}/v2.0/` }),
    forged({ iss: `https://sts.windows.net/${tenant}/` }),
    forged({ ver: "3.0" }),
    forged({ aud: [claims.aud] }),
  ]) {
    expect(await act(assertion)).toMatchObject(
      refusal(400, "invalid_grant", 50013, "Assertion failed signature validation. [Reason - "),
    );
  }
});

test("is refused for another's token, also to a client that has taken the other's name", async () => {
  const { directory } = cloud.entra;
  const properties = directory.find(api.applicationId)?.properties ?? {};
  const first = { ...(properties.api as object), requestedAccessTokenVersion: 1 };
  directory.update(api.applicationId, { properties: { ...properties, api: first } });
  const name = `api://${api.clientId}`;
  const thief = cloud.application("thief", { identifierUris: [name] });
  const assertion = String((await signIn({ scope: `${name}/Orders.Read` })).body.access_token);
  expect(readToken(assertion).claims).toMatchObject({ aud: name, ver: "1.0" });
  expect(
    await act(assertion, { client_id: thief.clientId, client_secret: thief.clientSecret }),
  ).toMatchObject(
    refusal(
      400,
      "invalid_grant",
      500131,
      `AADSTS500131: Assertion audience does not match the Client app presenting the assertion. The access token is for the audience ${name}.`,
    ),
  );
  expect((await act(assertion)).status).toBe(200);
  directory.update(api.applicationId, { properties });
});

test("is refused without the client's proof, through common, and where it is not asked for", async () => {
  const token = await userToken();
  expect(await act(token, { client_secret: "" })).toMatchObject(refusal(401, "invalid_client", 7000218));
  expect(await act(token, { requested_token_use: "other" })).toMatchObject(
    refusal(400, "invalid_request", 90013),
  );
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    requested_token_use: "on_behalf_of",
    client_id: api.clientId,
    assertion: token,
    scope: arm,
  };
  expect(await cloud.requestToken(form, "common")).toMatchObject(refusal(400, "invalid_request", 50059));
});

test("ends with the person, and with the consent", async () => {
  const token = await userToken();
  cloud.entra.directory.update(anna.id, { accountEnabled: false });
  expect(await act(token)).toMatchObject(refusal(400, "invalid_grant", 50057));
  cloud.entra.directory.update(anna.id, { accountEnabled: true });
  const [grant] = cloud.entra.directory.permissionGrants.ofClient(api.principalId);
  cloud.entra.directory.permissionGrants.remove(grant?.id ?? "");
  expect(await act(token)).toMatchObject(refusal(400, "invalid_grant", 65001));
  consentToManager();
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { ManagedIdentity } from "../entra/directory.ts";
import { readToken } from "../testing/forge.ts";
import { accountOrigin, startTestEntra, type TestEntra } from "../testing/test-entra.ts";
import { type AppServiceIdentity, createAppServiceIdentity, type IdentityAccess } from "./app-service.ts";

const siteId =
  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/Orders/providers/Microsoft.Web/sites/orders-api";

let cloud: TestEntra;
let identity: AppServiceIdentity;
let assigned: ManagedIdentity;
let access: IdentityAccess;

beforeAll(async () => {
  cloud = await startTestEntra();
  identity = createAppServiceIdentity(cloud.platform, { issuer: cloud.entra.issuer });
  await identity.start();
  assigned = cloud.entra.directory.createManagedIdentity(siteId, "orders-api");
});
beforeEach(() => {
  access = identity.register({ siteId, ...assigned });
});
afterAll(async () => {
  await identity.stop();
  await cloud.stop();
});

const goodQuery = { "api-version": "2019-08-01", resource: accountOrigin };

async function ask(
  query: Record<string, string> = goodQuery,
  headers: Record<string, string> = { "X-IDENTITY-HEADER": access.header },
  endpoint = access.endpoint,
) {
  const response = await fetch(`${endpoint}?${new URLSearchParams(query)}`, {
    headers: { ...headers, Connection: "close" },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const refusal = (status: number, message: string) => ({
  status,
  body: { statusCode: status, message, correlationId: expect.stringMatching(guid) },
});

/** Runs the SDK in a process of its own, as a site does: it reads the variables once and keeps its tokens for good. */
async function credentialInSite(scope: string): Promise<Record<string, unknown>> {
  const script = `
    import { ManagedIdentityCredential } from "@azure/identity";
    const answer = await new ManagedIdentityCredential().getToken(process.argv[1]).catch((error) => ({ failed: String(error) }));
    console.log(JSON.stringify(answer));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", script, scope],
    { env: { IDENTITY_ENDPOINT: access.endpoint, IDENTITY_HEADER: access.header } },
  );
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("a token", () => {
  test("comes to an unmodified ManagedIdentityCredential, with the claims of a managed identity", async () => {
    const { token, expiresOnTimestamp } = await credentialInSite(`${accountOrigin}/.default`);
    const { claims } = readToken(String(token));
    const now = cloud.clock.nowSeconds();
    expect(claims).toMatchObject({
      aud: accountOrigin,
      oid: assigned.principalId,
      sub: assigned.principalId,
      appid: assigned.clientId,
      appidacr: "2",
      idtyp: "app",
      exp: now + 86_400,
      iat: now - 300,
      xms_mirid: siteId.replace("resourceGroups", "resourcegroups"),
    });
    expect(expiresOnTimestamp).toBe((now + 86_400) * 1000);
    expect(cloud.entra.verifier.verify(String(token), [accountOrigin]).principalId).toBe(
      assigned.principalId,
    );
  });

  test("has the documented answer: expires_on as text, no expires_in", async () => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      client_id: assigned.clientId,
      expires_on: String(cloud.clock.nowSeconds() + 86_400),
      resource: accountOrigin,
      token_type: "Bearer",
    });
  });

  test.each([
    ["client_id", () => assigned.clientId],
    ["object_id", () => assigned.principalId],
    ["principal_id", () => assigned.principalId.toUpperCase()],
    ["mi_res_id", () => siteId.toLowerCase()],
  ])("may be asked for by %s, and for no other identity", async (name, value) => {
    expect((await ask({ ...goodQuery, [name]: value() })).status).toBe(200);
    expect(await ask({ ...goodQuery, [name]: "22222222-2222-2222-2222-222222222222" })).toEqual(
      refusal(400, `No managed identity with this ${name} is assigned to this site.`),
    );
  });
});

describe("a refusal", () => {
  const wrongHeader = "The header X-IDENTITY-HEADER is missing or is not that of a running site.";

  test.each([
    ["no header", {}],
    ["another header", { "X-IDENTITY-HEADER": "x".repeat(43) }],
    ["an empty header", { "X-IDENTITY-HEADER": "" }],
    ["the header of IMDS", { Metadata: "true" }],
    ["the retired header", { secret: "HEADER" }],
    ["the header with more behind it", { "X-IDENTITY-HEADER": "HEADERx" }],
    ["the header twice", { "X-IDENTITY-HEADER": "HEADER, HEADER" }],
    ["the header in other case", { "X-IDENTITY-HEADER": "LOWER" }],
  ])("of %s", async (_, headers: Record<string, string>) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replaceAll("HEADER", access.header).replace("LOWER", swapCase(access.header)),
      ]),
    );
    expect(await ask(goodQuery, filled)).toEqual(refusal(401, wrongHeader));
    expect((await ask()).status).toBe(200);
  });

  test("of the header of an earlier start, and of a site that stopped", async () => {
    const earlier = { "X-IDENTITY-HEADER": access.header };
    const later = identity.register({ siteId: siteId.toUpperCase(), ...assigned });
    expect(await ask(goodQuery, earlier)).toEqual(refusal(401, wrongHeader));
    const now = { "X-IDENTITY-HEADER": later.header };
    expect((await ask(goodQuery, now)).status).toBe(200);
    identity.unregister(siteId);
    expect(await ask(goodQuery, now)).toEqual(refusal(401, wrongHeader));
  });

  test.each([
    ["no api-version", { resource: accountOrigin }, "The api-version is missing; use 2019-08-01."],
    [
      "the retired api-version",
      { ...goodQuery, "api-version": "2017-09-01" },
      "The api-version 2017-09-01 is not supported; use 2019-08-01.",
    ],
    ["no resource", { "api-version": "2019-08-01" }, "The parameter resource is missing."],
  ])("of %s", async (_, query: Record<string, string>, message) => {
    expect(await ask(query)).toEqual(refusal(400, message));
  });

  test("of an unknown resource carries AADSTS500011 to the user of the SDK", async () => {
    const text =
      "AADSTS500011: The resource principal named https://localhost was not found in the tenant named";
    const { status, body } = await ask({ ...goodQuery, resource: "https://localhost" });
    expect([status, String(body.message).startsWith(text)]).toEqual([400, true]);
    expect(String((await credentialInSite("https://localhost/.default")).failed)).toContain(text);
  });

  test("of a site without an identity, and of one whose identity is gone or disabled", async () => {
    const { directory } = cloud.entra;
    const askAs = (principalId: string | undefined, clientId: string | undefined) => {
      const { header } = identity.register({ siteId: `${siteId}-2`, principalId, clientId });
      return ask(goodQuery, { "X-IDENTITY-HEADER": header });
    };
    expect(await askAs(undefined, undefined)).toEqual(
      refusal(400, "No managed identity is assigned to this site."),
    );
    const other = directory.createManagedIdentity(`${siteId}-2`, "orders-api-2");
    directory.update(other.principalId, { accountEnabled: false });
    expect(await askAs(other.principalId, other.clientId)).toEqual(
      refusal(400, `AADSTS7000112: Application '${other.clientId}'(orders-api-2) is disabled.`),
    );
    directory.deleteManagedIdentity(other.principalId);
    expect(await askAs(other.principalId, other.clientId)).toEqual(
      refusal(
        400,
        `AADSTS700016: Application with identifier '${other.principalId}' was not found in the directory '${cloud.platform.tenantId}'.`,
      ),
    );
  });

  test("of another path and another method", async () => {
    const path = access.endpoint.replace("/msi/token", "/metadata/identity/oauth2/token");
    const headers = { "X-IDENTITY-HEADER": access.header };
    expect(await ask(goodQuery, headers, path)).toEqual(
      refusal(404, "The identity endpoint does not serve /metadata/identity/oauth2/token."),
    );
    const posted = await fetch(access.endpoint, { method: "POST", headers });
    expect({ status: posted.status, body: await posted.json() }).toEqual(
      refusal(405, "The identity endpoint does not take POST."),
    );
  });
});

test("the fault identity-endpoint switches off one site, through a restart, until it is cleared", async () => {
  const { faults } = cloud.platform;
  const other = {
    siteId: `${siteId}-3`,
    ...cloud.entra.directory.createManagedIdentity(`${siteId}-3`, "third"),
  };
  faults.set("identity-endpoint", siteId);
  await identity.stop();
  await identity.start();
  expect(await ask()).toEqual(refusal(503, "The identity endpoint of this site is not available."));
  const { header } = identity.register(other);
  expect((await ask(goodQuery, { "X-IDENTITY-HEADER": header })).status).toBe(200);
  expect(faults.list()).toEqual([{ name: "identity-endpoint", target: siteId.toLowerCase() }]);
  expect(faults.clear("identity-endpoint", `${siteId.toUpperCase()}/`)).toBe(true);
  expect((await ask()).status).toBe(200);
  expect(() => faults.set("no-such-fault", siteId)).toThrow('There is no fault called "no-such-fault".');
});

test("the request log names the route and the identity, and holds neither header nor token", async () => {
  const { body } = await ask();
  const text = JSON.stringify(cloud.requests);
  expect(text).not.toContain(access.header);
  expect(text).not.toContain(String(body.access_token));
  expect(cloud.requests.at(-1)).toMatchObject({
    surface: "managed-identity",
    route: "GET /msi/token",
    path: "/msi/token",
    status: 200,
    principalId: assigned.principalId,
  });
});

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

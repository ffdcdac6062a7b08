import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestEntra, type TestEntra } from "../testing/test-entra.ts";

let cloud: TestEntra;
let origin: string;
let tenant: string;

beforeAll(async () => {
  cloud = await startTestEntra();
  ({ origin, tenantId: tenant } = cloud.platform);
});
afterAll(() => cloud.stop());

const guid = "22222222-2222-2222-2222-222222222222";
const get = async (path: string) => {
  const response = await fetch(`${origin}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test.each([
  ["v2.0/", "TENANT", "ORIGIN/TENANT/v2.0", "discovery/v2.0/keys"],
  ["v2.0/", "local-azure.example", "ORIGIN/TENANT/v2.0", "discovery/v2.0/keys"],
  ["v2.0/", "common", "ORIGIN/{tenantid}/v2.0", "discovery/v2.0/keys"],
  ["v2.0/", "organizations", "ORIGIN/{tenantid}/v2.0", "discovery/v2.0/keys"],
  ["", "TENANT", "https://sts.windows.net/TENANT/", "discovery/keys"],
  ["", "common", "https://sts.windows.net/{tenantid}/", "discovery/keys"],
])("discovery %s of %s", async (version, segment, issuer, keys) => {
  const fill = (text: string) => text.replace("ORIGIN", origin).replace("TENANT", tenant);
  const { status, body } = await get(`/${fill(segment)}/${version}.well-known/openid-configuration`);
  expect({ status, issuer: body.issuer, jwks: body.jwks_uri, token: body.token_endpoint }).toEqual({
    status: 200,
    issuer: fill(issuer),
    jwks: `${origin}/${fill(segment)}/${keys}`,
    token: `${origin}/${fill(segment)}/oauth2/${version}token`,
  });
  expect((await get(`/${fill(segment)}/${keys}`)).status).toBe(200);
});

test("of an unknown tenant are refused", async () => {
  const { status, body } = await get(`/${guid}/v2.0/.well-known/openid-configuration`);
  expect([status, body.error, body.error_codes]).toEqual([400, "invalid_tenant", [90002]]);
});

test("the key set holds the certificate of the key, named by its thumbprint", async () => {
  const { body } = await get(`/${tenant}/discovery/keys`);
  const [key] = body.keys as { kid: string; x5t: string; x5c: string[]; n: string }[];
  const certificate = new X509Certificate(Buffer.from(key?.x5c[0] ?? "", "base64"));
  expect(Buffer.from(certificate.fingerprint.replaceAll(":", ""), "hex").toString("base64url")).toBe(
    key?.kid,
  );
  expect(key?.x5t).toBe(key?.kid);
  expect(certificate.publicKey.export({ format: "jwk" }).n).toBe(key?.n);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test("instance discovery knows this authority and no other", async () => {
  const ask = (authority: string) =>
    get(
      `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(`${authority}/${tenant}/oauth2/v2.0/authorize`)}`,
    );
  const { host } = new URL(origin);
  expect(await ask(origin)).toEqual({
    status: 200,
    body: {
      tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  });
  expect((await ask("https://login.example")).body).toMatchObject({
    error: "invalid_instance",
    error_codes: [50049],
  });
});

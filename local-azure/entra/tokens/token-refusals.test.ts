import { ClientSecretCredential } from "@azure/identity";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { accountOrigin, startTestEntra, type TestEntra } from "../../testing/test-entra.ts";

let cloud: TestEntra;
let shop: ReturnType<TestEntra["application"]>;
let origin: string;
let tenant: string;

beforeAll(async () => {
  cloud = await startTestEntra();
  shop = cloud.application("shop");
  ({ origin, tenantId: tenant } = cloud.platform);
});
afterAll(() => cloud.stop());

const arm = "https://management.azure.com/.default";
const graph = "https://graph.microsoft.com/.default";
const guid = "22222222-2222-2222-2222-222222222222";

function goodForm(): Record<string, string> {
  const { clientId, clientSecret } = shop;
  return {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: arm,
  };
}

async function post(form: Record<string, string>, segment = tenant) {
  const response = await fetch(`${origin}/${segment}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const credential = () =>
  new ClientSecretCredential(tenant, shop.clientId, shop.clientSecret, {
    authorityHost: origin,
    disableInstanceDiscovery: true,
  });

interface Case {
  readonly name: string;
  readonly change?: Record<string, string>;
  readonly drop?: string;
  readonly segment?: string;
  readonly arrange?: () => void;
  readonly expected: readonly [status: number, error: string, code: number, text: string];
}
const notFound = (segment: string) =>
  `Tenant '${segment}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
const notDns = (segment: string) =>
  `Specified tenant identifier '${segment}' is neither a valid DNS name, nor a valid external domain.`;
const missing = (name: string) => `The request body must contain the following parameter: '${name}'.`;
const unknown = (resource: string) =>
  `The resource principal named ${resource} was not found in the tenant named TENANT. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`;
const notDefault = (scope: string) =>
  `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
const wrongSecret =
  "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app 'CLIENT'.";
const unknownClient = (id: string) =>
  `Application with identifier '${id}' was not found in the directory 'TENANT'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;

const cases: readonly Case[] = [
  { name: "unknown tenant", segment: guid, expected: [400, "invalid_tenant", 90002, notFound(guid)] },
  {
    name: "unknown domain",
    segment: "contoso.example",
    expected: [400, "invalid_tenant", 90002, notFound("contoso.example")],
  },
  {
    name: "malformed tenant",
    segment: "not_a_tenant",
    expected: [400, "invalid_tenant", 900023, notDns("not_a_tenant")],
  },
  {
    name: "common tenant",
    segment: "common",
    expected: [
      400,
      "invalid_request",
      50059,
      "No tenant-identifying information found in either the request or implied by any provided credentials: 'common' has no client credentials. Use the tenant id.",
    ],
  },
  {
    name: "another grant",
    change: { grant_type: "urn:ietf:params:oauth:grant-type:saml2-bearer" },
    expected: [
      400,
      "unsupported_grant_type",
      70003,
      "The app requested an unsupported grant type 'urn:ietf:params:oauth:grant-type:saml2-bearer'. This token service grants authorization_code, client_credentials, device_code, password, refresh_token, urn:ietf:params:oauth:grant-type:device_code, urn:ietf:params:oauth:grant-type:jwt-bearer.",
    ],
  },
  {
    name: "no grant",
    drop: "grant_type",
    expected: [400, "invalid_request", 900144, missing("grant_type")],
  },
  {
    name: "no client",
    drop: "client_id",
    expected: [400, "invalid_request", 900144, missing("client_id")],
  },
  { name: "no scope", drop: "scope", expected: [400, "invalid_request", 900144, missing("scope")] },
  {
    name: "empty scope",
    change: { scope: "" },
    expected: [400, "invalid_request", 900144, missing("scope")],
  },
  {
    name: "unknown client",
    change: { client_id: guid },
    expected: [400, "unauthorized_client", 700016, unknownClient(guid)],
  },
  {
    name: "object id in place of the client id",
    change: { client_id: "PRINCIPAL" },
    expected: [400, "unauthorized_client", 700016, unknownClient("PRINCIPAL")],
  },
  {
    name: "no credential",
    drop: "client_secret",
    expected: [
      401,
      "invalid_client",
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ],
  },
  {
    name: "an assertion of a client without a certificate",
    drop: "client_secret",
    change: {
      client_assertion: "e30.e30.AA",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    },
    expected: [
      401,
      "invalid_client",
      700027,
      "Client assertion failed signature validation. [Reason - The key was not found., Thumbprint of key used by client: 'none'] Please see the certificates registered on the application 'CLIENT'.",
    ],
  },
  {
    name: "an assertion without its type",
    drop: "client_secret",
    change: { client_assertion: "e30.e30.AA" },
    expected: [400, "invalid_request", 900144, missing("client_assertion_type")],
  },
  {
    name: "an assertion of another type",
    drop: "client_secret",
    change: { client_assertion: "e30.e30.AA", client_assertion_type: "saml2" },
    expected: [
      400,
      "invalid_request",
      90013,
      "Invalid input received from the user. The parameter 'client_assertion_type' is 'saml2'; it must be 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'.",
    ],
  },
  {
    name: "wrong secret",
    change: { client_secret: "wrong" },
    expected: [401, "invalid_client", 7000215, wrongSecret],
  },
  {
    name: "scope of one permission",
    change: { scope: "https://graph.microsoft.com/User.Read" },
    expected: [400, "invalid_scope", 1002012, notDefault("https://graph.microsoft.com/User.Read")],
  },
  {
    name: "bare .default",
    change: { scope: "/.default" },
    expected: [400, "invalid_scope", 1002012, notDefault("/.default")],
  },
  {
    name: "several resources",
    change: { scope: `${arm} ${graph}` },
    expected: [
      400,
      "invalid_scope",
      700022,
      `The provided value for the input parameter 'scope' is not valid because it contains more than one resource. Scope ${arm} ${graph} is not valid.`,
    ],
  },
  {
    name: "a client id that is too long",
    change: { client_id: "x".repeat(101) },
    expected: [
      400,
      "invalid_request",
      90013,
      "Invalid input received from the user. The parameter 'client_id' is longer than 100 characters.",
    ],
  },
  {
    name: "the longest client id",
    change: { client_id: "x".repeat(100) },
    expected: [400, "unauthorized_client", 700016, unknownClient("x".repeat(100))],
  },
  {
    name: "a scope that is too long",
    change: { scope: `https://${"x".repeat(2_032)}/.default` },
    expected: [
      400,
      "invalid_scope",
      70011,
      "The provided value for the input parameter 'scope' is not valid. It is longer than 2048 characters.",
    ],
  },
  {
    name: "the longest scope",
    change: { scope: `https://${"x".repeat(2_031)}/.default` },
    expected: [400, "invalid_resource", 500011, unknown(`https://${"x".repeat(2_031)}`)],
  },
  {
    name: "malformed scope",
    change: { scope: 'https://"/.default' },
    expected: [
      400,
      "invalid_scope",
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope https://"/.default is not valid.`,
    ],
  },
  ...["https://localhost", "https://localhost:1", "https://unknown.example", `${accountOrigin}/dbs`].map(
    (resource): Case => ({
      name: `unknown resource ${resource}`,
      change: { scope: `${resource}/.default` },
      expected: [400, "invalid_resource", 500011, unknown(resource)],
    }),
  ),
];

test.each(cases)("$name: AADSTS$expected.2", async ({ change = {}, drop, segment = tenant, expected }) => {
  const fill = (text: string) =>
    text.replace("TENANT", tenant).replace("CLIENT", shop.clientId).replace("PRINCIPAL", shop.principalId);
  const form = { ...goodForm(), ...change };
  if (drop !== undefined) delete form[drop];
  const filled = Object.fromEntries(Object.entries(form).map(([name, value]) => [name, fill(value)]));
  const { status, body } = await post(filled, segment);
  const [expectedStatus, error, code, text] = expected;
  const trace = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect({ status, body }).toEqual({
    status: expectedStatus,
    body: {
      error,
      error_description: `AADSTS${code}: ${fill(text)} Trace ID: ${body.trace_id} Correlation ID: ${body.correlation_id} Timestamp: 2026-11-20 08:00:00Z`,
      error_codes: [code],
      timestamp: "2026-11-20 08:00:00Z",
      trace_id: trace,
      correlation_id: trace,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  });
});

test("a repeated parameter", async () => {
  const response = await fetch(`${origin}/${tenant}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams([...Object.entries(goodForm()), ["scope", graph]]),
  });
  expect(await response.json()).toMatchObject({ error: "invalid_request", error_codes: [9000411] });
});

test("follow the life of an application: no principal, disabled, expired secret, deleted", async () => {
  const { directory } = cloud.entra;
  const { applicationId, principalId, clientId } = cloud.application("brief");
  const password = directory.passwords.add(applicationId, { end: new Date(cloud.clock.nowMs() + 1) });
  const ask = async () => {
    const { status, body } = await post({
      ...goodForm(),
      client_id: clientId,
      client_secret: password.secretText,
    });
    return [status, body.error, ...((body.error_codes as number[] | undefined) ?? [])];
  };
  expect(await ask()).toEqual([200, undefined]);
  directory.update(principalId, { accountEnabled: false });
  expect(await ask()).toEqual([400, "unauthorized_client", 7000112]);
  cloud.clock.advance(1);
  expect(await ask()).toEqual([401, "invalid_client", 7000222]);
  directory.delete(principalId);
  expect(await ask()).toEqual([400, "unauthorized_client", 7000229]);
  directory.delete(applicationId);
  expect(await ask()).toEqual([400, "unauthorized_client", 700016]);
  cloud.clock.advance(-1);
});

test("a form larger than any request needs", async () => {
  const { status, body } = await post({ ...goodForm(), client_secret: "x".repeat(70_000) });
  expect([status, body.error_codes]).toEqual([413, [90015]]);
});

test("a disabled resource gives no tokens", async () => {
  const { directory } = cloud.entra;
  const vault = directory.findServicePrincipalByAppId("cfa8b339-82a2-471a-a3c9-0fc0be7a4093");
  directory.update(vault?.id ?? "", { accountEnabled: false });
  const { body } = await post({ ...goodForm(), scope: "https://vault.azure.net/.default" });
  expect(body).toMatchObject({ error: "invalid_resource", error_codes: [500014] });
  directory.update(vault?.id ?? "", { accountEnabled: true });
});

test("name the path that is not served, and keep the caller's correlation id", async () => {
  const correlation = "33333333-3333-3333-3333-333333333333";
  const response = await fetch(`${origin}/${tenant}/oauth2/authorize?x=1`, {
    headers: { "client-request-id": correlation },
  });
  expect(response.status).toBe(404);
  expect(response.headers.get("client-request-id")).toBe(correlation);
  expect(String(((await response.json()) as Record<string, unknown>).error_description)).toContain(
    `AADSTS90015: The token service of this local cloud does not serve GET /${tenant}/oauth2/authorize.`,
  );
});

test("reach users of the SDK with their code", async () => {
  await expect(credential().getToken("https://localhost/.default")).rejects.toThrow("AADSTS500011");
});

import { ClientSecretCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { readToken } from "../../testing/forge.ts";
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

describe("tokens", () => {
  test("an unmodified ClientSecretCredential gets one, and it verifies against the published keys", async () => {
    const { token } = await credential().getToken(arm);
    const keySet = createRemoteJWKSet(new URL(`${origin}/${tenant}/discovery/v2.0/keys`));
    const verified = await jwtVerify(token, keySet, {
      algorithms: ["RS256"],
      issuer: `https://sts.windows.net/${tenant}/`,
      audience: "https://management.azure.com",
      currentDate: cloud.clock.now(),
    });
    expect(verified.protectedHeader).toEqual({
      typ: "JWT",
      alg: "RS256",
      kid: cloud.entra.keys.current.kid,
      x5t: cloud.entra.keys.current.kid,
    });
    const now = cloud.clock.nowSeconds();
    const opaque = expect.stringMatching(/^[\w.-]+$/);
    expect(verified.payload).toEqual({
      aud: "https://management.azure.com",
      iss: `https://sts.windows.net/${tenant}/`,
      idp: `https://sts.windows.net/${tenant}/`,
      iat: now - 300,
      nbf: now - 300,
      exp: now + 3600,
      appid: shop.clientId,
      appidacr: "1",
      idtyp: "app",
      oid: shop.principalId,
      sub: shop.principalId,
      tid: tenant,
      ver: "1.0",
      aio: opaque,
      rh: opaque,
      uti: expect.stringMatching(/^[\w-]{22}$/),
    });
    expect(cloud.entra.verifier.verify(token, ["https://management.azure.com"]).principalId).toBe(
      shop.principalId,
    );
  });

  test.each([
    [arm, "https://management.azure.com"],
    ["https://management.azure.com//.default", "https://management.azure.com/"],
    ["https://management.core.windows.net//.default", "https://management.core.windows.net/"],
    ["ORIGIN/.default", "ORIGIN"],
    ["ORIGIN//.default", "ORIGIN/"],
    [graph, "https://graph.microsoft.com"],
    ["ORIGIN/graph/.default", "ORIGIN/graph"],
    ["00000003-0000-0000-c000-000000000000/.default", "00000003-0000-0000-c000-000000000000"],
    ["https://vault.azure.net/.default", "https://vault.azure.net"],
    ["https://appservice.azure.com/.default", "https://appservice.azure.com"],
    ["https://cosmos.azure.com/.default", "https://cosmos.azure.com"],
    [`${accountOrigin}/.default`, accountOrigin],
    [`${accountOrigin}//.default`, `${accountOrigin}/`],
    [`${arm} ${arm}`, "https://management.azure.com"],
  ])("the scope %s gives the audience %s", async (scope, audience) => {
    const { status, body } = await post({ ...goodForm(), scope: scope.replace("ORIGIN", origin) });
    expect({ status, type: body.token_type, expires: [body.expires_in, body.ext_expires_in] }).toEqual({
      status: 200,
      type: "Bearer",
      expires: [3599, 3599],
    });
    expect(readToken(String(body.access_token)).claims.aud).toBe(audience.replace("ORIGIN", origin));
  });

  test("a doubled slash before the tenant is the same path, and unknown parameters are ignored", async () => {
    const { status } = await post({ ...goodForm(), claims: "{}", "x-client-SKU": "x" }, `/${tenant}`);
    expect(status).toBe(200);
  });

  test("the audiences of resource manager and Graph are accepted by their own verifications alone", async () => {
    const { resources, verifier } = cloud.entra;
    const { token } = await credential().getToken(`${origin}/graph/.default`);
    expect(verifier.verify(token, resources.graphAudiences).audience).toBe(`${origin}/graph`);
    expect(() => verifier.verify(token, resources.resourceManagerAudiences)).toThrow(
      `The access token is for the audience ${origin}/graph.`,
    );
  });

  test("groups stand in the token, or by reference when there are more than 200", async () => {
    const { directory } = cloud.entra;
    const member = cloud.application("member");
    const claims = async () => {
      const { clientId, clientSecret } = member;
      const { body } = await post({ ...goodForm(), client_id: clientId, client_secret: clientSecret });
      return readToken(String(body.access_token)).claims;
    };
    const groups = Array.from(
      { length: 201 },
      () => directory.create({ type: "group", displayName: "g" }).id,
    );
    for (const group of groups.slice(0, 200)) directory.memberships.add(group, member.principalId);
    expect((await claims()).groups).toEqual(groups.slice(0, 200).sort());
    directory.memberships.add(groups[200] ?? "", member.principalId);
    expect(await claims()).toMatchObject({ _claim_names: { groups: "src1" } });
    expect((await claims()).groups).toBeUndefined();
  });
});

test("the request log names the route, the code and the client, and holds no secret", async () => {
  await post(goodForm());
  await post({ ...goodForm(), scope: "https://localhost/.default" });
  const text = JSON.stringify(cloud.requests);
  expect(text).not.toContain(shop.clientSecret);
  expect(cloud.requests).toContainEqual(
    expect.objectContaining({
      route: "POST /:tenant/oauth2/v2.0/token",
      status: 200,
      principalId: shop.principalId,
    }),
  );
  expect(cloud.requests).toContainEqual(
    expect.objectContaining({ route: "POST /:tenant/oauth2/v2.0/token", status: 400, code: "AADSTS500011" }),
  );
});

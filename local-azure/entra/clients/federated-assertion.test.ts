import { constants, createHmac, generateKeyPairSync, sign } from "node:crypto";
import { ClientAssertionCredential } from "@azure/identity";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { encodePart, readToken, signParts } from "../../testing/forge.ts";
import { startTestEntra, type TestApplication, type TestEntra } from "../../testing/test-entra.ts";
import { newIssuerKey, startTestIssuer, type TestIssuer } from "../../testing/test-issuer.ts";

let cloud: TestEntra;
let issuer: TestIssuer;
let pipeline: TestApplication;

const scope = "https://management.azure.com/.default";
const subject = "repo:contoso/orders:environment:prod";
const audience = "api://AzureADTokenExchange";
const impostor = newIssuerKey("key-1");
const stranger = newIssuerKey("key-2");

beforeAll(async () => {
  cloud = await startTestEntra();
});
afterAll(() => cloud.stop());

beforeEach(async () => {
  issuer = await startTestIssuer(cloud.platform);
  pipeline = cloud.application("orders-pipeline");
  addCredential(pipeline.applicationId);
});
afterEach(() => issuer.close());

function addCredential(holder: string): string {
  const { federatedCredentials } = cloud.entra.directory;
  const named = { name: "github", issuer: issuer.url, subject, audiences: [audience], description: null };
  return federatedCredentials.add(holder, named).id;
}

function formOf(assertion: string, clientId: string) {
  return {
    grant_type: "client_credentials",
    client_id: clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope,
  };
}

const exchange = (assertion: string, clientId = pipeline.clientId) =>
  cloud.requestToken(formOf(assertion, clientId));

const good = (claims: Readonly<Record<string, unknown>> = {}) =>
  issuer.assertion({ sub: subject, aud: audience, ...claims });

describe("an assertion of the registered issuer", () => {
  test("is exchanged for a token by an unmodified ClientAssertionCredential", async () => {
    const { tenantId, origin } = cloud.platform;
    const credential = new ClientAssertionCredential(tenantId, pipeline.clientId, async () => good(), {
      authorityHost: origin,
      disableInstanceDiscovery: true,
    });
    const { token } = await credential.getToken(scope);
    expect(cloud.entra.verifier.verify(token, ["https://management.azure.com"])).toMatchObject({
      principalId: pipeline.principalId,
      appId: pipeline.clientId,
      claims: { appidacr: "2", idtyp: "app" },
    });
  });

  test("may name its one audience in a list, as Kubernetes does", async () => {
    expect((await exchange(good({ aud: [audience] }))).status).toBe(200);
  });

  test("may be spaced, and may lack a start", async () => {
    const [header = ""] = good().split(".");
    const { exp } = readToken(good()).claims;
    const text = JSON.stringify({ iss: issuer.url, sub: subject, aud: audience, exp }, null, 1);
    const signed = `${header}.${Buffer.from(text).toString("base64url")}`;
    const signature = sign("RSA-SHA256", Buffer.from(signed), issuer.key.privateKey).toString("base64url");
    expect((await exchange(`${signed}.${signature}`)).status).toBe(200);
  });

  test("proves a user-assigned managed identity too", async () => {
    const { directory } = cloud.entra;
    const armId =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/agent";
    const identity = directory.createManagedIdentity(armId, "agent");
    addCredential(identity.principalId);
    const { body } = await exchange(good(), identity.clientId);
    expect(readToken(String(body.access_token)).claims).toMatchObject({
      oid: identity.principalId,
      appid: identity.clientId,
    });
  });

  test("reads the issuer's keys once for several, and anew a minute later", async () => {
    for (let count = 0; count < 3; count += 1) expect((await exchange(good())).status).toBe(200);
    expect(issuer.asked).toEqual(["/tenant/.well-known/openid-configuration", "/tenant/keys"]);
    cloud.clock.advance(60_000);
    expect((await exchange(good())).status).toBe(200);
    expect(issuer.asked).toHaveLength(4);
  });
});

describe("a token of this tenant itself", () => {
  const tokenOf = (principalId: string) =>
    cloud.entra.issuer.issueForManagedIdentity(principalId, audience).accessToken;
  function trust(subjectId: string): void {
    const { origin, tenantId } = cloud.platform;
    cloud.entra.directory.federatedCredentials.add(pipeline.applicationId, {
      name: "identity",
      issuer: `${origin}/${tenantId}/v2.0`,
      subject: subjectId,
      audiences: [audience],
      description: null,
    });
  }

  test("lets a managed identity prove an application", async () => {
    const identity = cloud.entra.directory.createManagedIdentity("/subscriptions/s/site", "site");
    trust(identity.principalId);
    const { body } = await exchange(tokenOf(identity.principalId));
    expect(readToken(String(body.access_token)).claims).toMatchObject({ appid: pipeline.clientId });
  });

  test("is refused for another identity, and for a person", async () => {
    const { directory } = cloud.entra;
    const identity = directory.createManagedIdentity("/subscriptions/s/site", "site");
    trust(identity.principalId);
    const other = directory.createManagedIdentity("/subscriptions/s/other", "other").principalId;
    expect((await exchange(tokenOf(other))).body).toMatchObject(noMatch(7002137, "subject", other));
    const { header, claims } = readToken(tokenOf(identity.principalId));
    const ofPerson = signParts(
      encodePart(header),
      encodePart({ ...claims, scp: "user_impersonation" }),
      cloud.entra.keys.current.privateKey,
    );
    expect((await exchange(ofPerson)).body).toMatchObject({ error: "invalid_client", error_codes: [700229] });
  });
});

describe("keys", () => {
  test("one that is published after the others were read is found ten seconds after that, and nobody is asked before", async () => {
    expect((await exchange(good())).status).toBe(200);
    issuer.publish(issuer.key, stranger);
    const byNew = () => exchange(issuer.assertion({ sub: subject, aud: audience }, { key: stranger }));
    cloud.clock.advance(9_999);
    for (let count = 0; count < 3; count += 1) {
      const { status, body } = await byNew();
      expect(status).toBe(401);
      expect(body).toMatchObject(unknownKey("key-2"));
    }
    expect(issuer.asked).toHaveLength(2);
    cloud.clock.advance(1);
    expect((await byNew()).status).toBe(200);
    expect(issuer.asked).toHaveLength(4);
  });

  test("one that takes the id of another ends the other", async () => {
    expect((await exchange(good())).status).toBe(200);
    issuer.publish(impostor);
    cloud.clock.advance(10_000);
    const byNew = issuer.assertion({ sub: subject, aud: audience }, { key: impostor });
    expect((await exchange(byNew)).status).toBe(200);
    expect((await exchange(good())).body).toMatchObject(wrongSignature());
  });

  test("one that was taken away is good for a minute at most", async () => {
    expect((await exchange(good())).status).toBe(200);
    issuer.publish(stranger);
    cloud.clock.advance(60_000);
    expect((await exchange(good())).body).toMatchObject(unknownKey("key-1"));
  });

  test("two of one id leave open which signs: neither does", async () => {
    issuer.publish(issuer.key, impostor);
    expect((await exchange(good())).body).toMatchObject(unknownKey("key-1"));
  });

  test.each([["of 1,024 bits", () => newIssuerKey("weak", 1024)]])(
    "one %s does not count",
    async (_, make) => {
      const key = make();
      issuer.publish(key);
      const { body } = await exchange(issuer.assertion({ sub: subject, aud: audience }, { key }));
      expect(body).toMatchObject(unknownKey("weak"));
    },
  );
});

const advice =
  "Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const noMatch = (code: number, claim: string, value: string) =>
  refusal(
    code,
    `No matching federated identity record found for presented assertion ${claim} '${value}'. ${advice}`,
  );
const wrongSignature = () =>
  refusal(
    700027,
    "Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]",
  );
const wrongAlgorithm = () =>
  refusal(
    700027,
    "Client assertion failed signature validation. [Reason - The assertion is not signed with RS256, the one algorithm of federated credentials.]",
  );
const unknownKey = (kid: string) =>
  refusal(
    7000272,
    `The certificate with identifier ${kid} used to sign the federated credential could not be found in the metadata of identity provider ${issuer.url}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.`,
  );
const malformed = (why: string) =>
  refusal(50027, `JWT token is invalid or malformed. ${why}`, "invalid_request");

function refusal(code: number, text: string, error = "invalid_client") {
  return {
    error,
    error_codes: [code],
    error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: ${literally(text)} Trace ID: `)),
  };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function signedBy(alg: string, write: (signed: Buffer) => Buffer): string {
  const { header, claims } = readToken(good());
  const signed = `${encodePart({ ...header, alg })}.${encodePart(claims)}`;
  return `${signed}.${write(Buffer.from(signed)).toString("base64url")}`;
}

function withPayload(change: (text: string) => string): string {
  const [header = ""] = good().split(".");
  const text = change(JSON.stringify(readToken(good()).claims));
  const signed = `${header}.${Buffer.from(text).toString("base64url")}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), issuer.key.privateKey).toString("base64url")}`;
}

const pem = () => issuer.key.publicKey.export({ type: "spki", format: "pem" });
const window = (from: number, to: number) => {
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  return refusal(
    700024,
    `Client assertion is not within its valid time range. Current time: ${iso(cloud.clock.nowSeconds())}, assertion valid from ${iso(from)}, expiry time of assertion ${iso(to)}.`,
  );
};
const now = () => cloud.clock.nowSeconds();

describe("is refused", () => {
  const cases: readonly (readonly [string, () => string, number, () => object])[] = [
    [
      "the issuer in upper case",
      () => good({ iss: issuer.url.toUpperCase() }),
      401,
      () => noMatch(700211, "issuer", issuer.url.toUpperCase()),
    ],
    [
      "the issuer with a slash",
      () => good({ iss: `${issuer.url}/` }),
      401,
      () => noMatch(700211, "issuer", `${issuer.url}/`),
    ],
    [
      "another issuer",
      () => good({ iss: "https://issuer.example" }),
      401,
      () => noMatch(700211, "issuer", "https://issuer.example"),
    ],
    [
      "another subject",
      () => good({ sub: "repo:contoso/orders:ref:refs/heads/main" }),
      401,
      () => noMatch(700213, "subject", "repo:contoso/orders:ref:refs/heads/main"),
    ],
    ["no subject", () => good({ sub: undefined }), 401, () => noMatch(700213, "subject", "")],
    ["a list of subjects", () => good({ sub: [subject] }), 401, () => noMatch(700213, "subject", "")],
    [
      "the subject in another case",
      () => good({ sub: subject.replace("prod", "Prod") }),
      401,
      () =>
        refusal(
          7002138,
          `No matching federated identity record found for presented assertion subject '${subject.replace("prod", "Prod")}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${advice}`,
        ),
    ],
    [
      "another audience",
      () => good({ aud: "api://other" }),
      401,
      () => noMatch(700212, "audience", "api://other"),
    ],
    [
      "the audience in lower case",
      () => good({ aud: audience.toLowerCase() }),
      401,
      () => noMatch(700212, "audience", audience.toLowerCase()),
    ],
    [
      "the audience with a slash",
      () => good({ aud: `${audience}/` }),
      401,
      () => noMatch(700212, "audience", `${audience}/`),
    ],
    [
      "several audiences",
      () => good({ aud: [audience, "api://other"] }),
      401,
      () => noMatch(700212, "audience", ""),
    ],
    ["no audience", () => good({ aud: undefined }), 401, () => noMatch(700212, "audience", "")],
    [
      "an end an hour ago",
      () => good({ nbf: now() - 7200, exp: now() - 3600 }),
      401,
      () => window(now() - 7200, now() - 3600),
    ],
    [
      "a start in an hour",
      () => good({ nbf: now() + 3600, exp: now() + 7200 }),
      401,
      () => window(now() + 3600, now() + 7200),
    ],
    [
      "a key that the issuer does not publish",
      () => issuer.assertion({ sub: subject, aud: audience }, { key: stranger }),
      401,
      () => unknownKey("key-2"),
    ],
    [
      "another key under a published id",
      () => issuer.assertion({ sub: subject, aud: audience }, { key: impostor }),
      401,
      () => wrongSignature(),
    ],
    [
      "no key id",
      () => issuer.assertion({ sub: subject, aud: audience }, { header: { kid: undefined } }),
      401,
      () => unknownKey(""),
    ],
    [
      "a key of its own (jwk)",
      () =>
        issuer.assertion(
          { sub: subject, aud: audience },
          { key: stranger, header: { jwk: stranger.publicKey.export({ format: "jwk" }) } },
        ),
      401,
      () => unknownKey("key-2"),
    ],
    [
      "a key set of its own (jku)",
      () =>
        issuer.assertion(
          { sub: subject, aud: audience },
          { key: impostor, header: { jku: `${issuer.url}/other-keys` } },
        ),
      401,
      () => wrongSignature(),
    ],
    ["no algorithm", () => signedBy("none", () => Buffer.alloc(0)), 401, () => wrongAlgorithm()],
    [
      "HS256 with the public key",
      () => signedBy("HS256", (signed) => createHmac("sha256", pem()).update(signed).digest()),
      401,
      () => wrongAlgorithm(),
    ],
    [
      "PS256",
      () =>
        signedBy("PS256", (signed) =>
          sign("sha256", signed, {
            key: issuer.key.privateKey,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: 32,
          }),
        ),
      401,
      () => wrongAlgorithm(),
    ],
    [
      "ES256",
      () =>
        signedBy("ES256", (signed) =>
          sign("sha256", signed, generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey),
        ),
      401,
      () => wrongAlgorithm(),
    ],
    [
      "a repeated member",
      () => withPayload((text) => text.replace(/^\{/, '{"sub":"admin",')),
      400,
      () => malformed("Its payload names a member twice."),
    ],
    [
      "a repeated member, once escaped",
      () => withPayload((text) => text.replace(/^\{/, '{"\\u0073ub":"admin",')),
      400,
      () => malformed("Its payload names a member twice."),
    ],
    [
      "a payload that is a list",
      () => withPayload((text) => `[${text}]`),
      400,
      () => malformed("Its payload is not a JSON object."),
    ],
    [
      "half a payload",
      () => withPayload((text) => text.slice(0, -1)),
      400,
      () => malformed("Its payload is not JSON."),
    ],
    [
      "two parts",
      () => good().split(".").slice(0, 2).join("."),
      400,
      () => malformed("It has 2 parts; a signed token has three."),
    ],
    [
      "padded base64url",
      () => `${good()}==`,
      400,
      () => malformed("Its signature is not canonical base64url."),
    ],
    [
      "a critical extension",
      () => issuer.assertion({ sub: subject, aud: audience }, { header: { crit: ["exp"] } }),
      400,
      () => malformed("Its header asks for extensions (crit) that are not understood here."),
    ],
    [
      "20,000 characters",
      () => good({ padding: "x".repeat(20_000) }),
      400,
      () => malformed("It is longer than 16384 characters."),
    ],
  ];

  test.each(cases)("%s", async (_, forge, status, expected) => {
    const answer = await exchange(forge());
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(expected());
    expect(issuer.asked).not.toContain("/tenant/other-keys");
    expect((await exchange(good())).status).toBe(200);
  });

  test("when its issuer cannot be reached, and when it hangs", async () => {
    issuer.answer("keys", (request) => request.socket.destroy());
    const cutOff = (why: string) =>
      refusal(
        50166,
        `Request to External OIDC endpoint failed. ${issuer.url}/keys: ${why}.`,
        "invalid_request",
      );
    const { status, body } = await exchange(good());
    expect(status).toBe(400);
    expect(body).toMatchObject(cutOff("ECONNRESET"));

    const impatient = await startTestEntra({ issuerTimeoutMs: 1500 });
    const { federatedCredentials } = impatient.entra.directory;
    const { applicationId, clientId } = impatient.application("orders-pipeline");
    const credential = {
      name: "github",
      issuer: issuer.url,
      subject,
      audiences: [audience],
      description: null,
    };
    federatedCredentials.add(applicationId, credential);
    // Its leaf is of the other cloud's authority, which this process trusts by default.
    issuer.answer("keys", () => {});
    const hanging = await impatient.requestToken(formOf(good(), clientId));
    expect(hanging.body).toMatchObject(cutOff("it did not answer within 1500 ms"));
    await impatient.stop();
  });

  test("another client's", async () => {
    const other = cloud.application("other");
    expect((await exchange(good(), other.clientId)).body).toMatchObject(
      noMatch(700211, "issuer", issuer.url),
    );
    expect(issuer.asked).toEqual([]);
  });

  test("after its credential was removed", async () => {
    expect((await exchange(good())).status).toBe(200);
    cloud.entra.directory.federatedCredentials.remove(pipeline.applicationId, "github");
    expect((await exchange(good())).body).toMatchObject(noMatch(700211, "issuer", issuer.url));
  });
});

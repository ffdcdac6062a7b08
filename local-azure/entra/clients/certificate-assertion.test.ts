import "reflect-metadata";
import {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  webcrypto,
} from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientCertificateCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as x509 from "@peculiar/x509";
import { encodePart } from "../../testing/forge.ts";
import { startTestEntra, type TestApplication, type TestEntra } from "../../testing/test-entra.ts";
import { selfSignedCertificate } from "../certificate.ts";

let cloud: TestEntra;
let shop: TestApplication;
let endpoint: string;
let holder: Holder;

interface Holder {
  readonly der: Buffer;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const scope = "https://management.azure.com/.default";

beforeAll(async () => {
  cloud = await startTestEntra();
  shop = cloud.application("shop");
  endpoint = `${cloud.platform.origin}/${cloud.platform.tenantId}/oauth2/v2.0/token`;
  holder = rsaHolder();
  register(shop, holder);
});
afterAll(() => cloud.stop());

function rsaHolder(): Holder {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const der = selfSignedCertificate({
    commonName: "shop",
    privateKey,
    publicKey,
    serialNumber: Buffer.from("01".repeat(16), "hex"),
    notBefore: new Date("2026-11-01T00:00:00Z"),
    notAfter: new Date("2027-11-01T00:00:00Z"),
  });
  return { der, privateKey, publicKey };
}

function register({ applicationId }: TestApplication, ...holders: readonly Pick<Holder, "der">[]): void {
  cloud.entra.directory.keyCredentials.replace(
    applicationId,
    holders.map(({ der }) => ({
      keyId: cloud.platform.ids.uuid(),
      displayName: null,
      type: "AsymmetricX509Cert",
      usage: "Verify",
      customKeyIdentifier: null,
      startDateTime: "2026-11-01T00:00:00Z",
      endDateTime: "2027-11-01T00:00:00Z",
      certificate: der,
    })),
  );
}

const sha = (algorithm: string, { der }: Pick<Holder, "der"> = holder) =>
  createHash(algorithm).update(der).digest("base64url");
const rs256 = (signed: Buffer, key = holder.privateKey) => sign("sha256", signed, key);
const ps256 = (signed: Buffer, key = holder.privateKey) =>
  sign("sha256", signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });

type Members = Readonly<Record<string, unknown>>;

function forge(
  header: Members = {},
  claims: Members = {},
  write: (signed: Buffer) => Buffer = rs256,
): string {
  const now = cloud.clock.nowSeconds();
  const own = { aud: endpoint, iss: shop.clientId, sub: shop.clientId, jti: "1", nbf: now, exp: now + 600 };
  const signed = `${encodePart({ typ: "JWT", alg: "RS256", x5t: sha("sha1"), ...header })}.${encodePart({ ...own, ...claims })}`;
  return `${signed}.${write(Buffer.from(signed)).toString("base64url")}`;
}

const exchange = (assertion: string, segment?: string) =>
  cloud.requestToken(
    {
      grant_type: "client_credentials",
      client_id: shop.clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
      scope,
    },
    segment,
  );

describe("an assertion signed with the client's certificate", () => {
  test("is what an unmodified ClientCertificateCredential sends", async () => {
    const folder = mkdtempSync(join(tmpdir(), "certificate-"));
    const file = join(folder, "shop.pem");
    const pem = x509.PemConverter.encode(holder.der, "CERTIFICATE");
    writeFileSync(file, `${holder.privateKey.export({ type: "pkcs8", format: "pem" })}\n${pem}\n`, {
      mode: 0o600,
    });
    const credential = new ClientCertificateCredential(
      cloud.platform.tenantId,
      shop.clientId,
      { certificatePath: file },
      { authorityHost: cloud.platform.origin, disableInstanceDiscovery: true, sendCertificateChain: true },
    );
    // The library dates its assertion by the machine's clock.
    const toMachine = Date.now() - cloud.clock.nowMs();
    cloud.clock.advance(toMachine);
    const { token } = await credential.getToken(scope);
    expect(cloud.entra.verifier.verify(token, ["https://management.azure.com"])).toMatchObject({
      principalId: shop.principalId,
      claims: { appidacr: "2" },
    });
    cloud.clock.advance(-toMachine);
    rmSync(folder, { recursive: true });
  });

  test.each<readonly [string, () => string]>([
    [
      "x5t#S256 with PS256, as MSAL for Node",
      () => forge({ alg: "PS256", x5t: undefined, "x5t#S256": sha("sha256") }, {}, ps256),
    ],
    [
      "x5t padded, with fractional times, as MSAL for Python",
      () =>
        forge({ x5t: `${sha("sha1")}=` }, { iat: 1_795_507_200.25, exp: cloud.clock.nowSeconds() + 600.5 }),
    ],
    ["kid padded, as go-azure-sdk", () => forge({ x5t: undefined, kid: `${sha("sha1")}=` })],
    [
      "kid in hexadecimal, as the portal shows it",
      () =>
        forge({ x5t: undefined, kid: Buffer.from(sha("sha1"), "base64url").toString("hex").toUpperCase() }),
    ],
    ["a chain beside the thumbprint", () => forge({ x5c: [holder.der.toString("base64")] })],
    ["no start", () => forge({}, { nbf: undefined })],
    ["an end four minutes ago, as clocks differ", () => forge({}, { exp: cloud.clock.nowSeconds() - 240 })],
  ])("may have %s", async (_, write) => {
    const answer = await exchange(write());
    expect([answer.status, answer.body.error_description]).toEqual([200, undefined]);
  });

  test("may have a doubled slash in its audience and its address, as go-azure-sdk joins them", async () => {
    const assertion = forge({}, { aud: endpoint.replace(/(:\d+)\//, "$1//") });
    expect((await exchange(assertion, `/${cloud.platform.tenantId}`)).status).toBe(200);
  });

  test("may be signed with ES256 by a key on the curve P-256", async () => {
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: "CN=shop",
      notBefore: new Date("2026-11-01T00:00:00Z"),
      notAfter: new Date("2027-11-01T00:00:00Z"),
      signingAlgorithm: algorithm,
      keys,
    });
    const der = Buffer.from(certificate.rawData);
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
    const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
    register(shop, holder, { der });
    const write = (signed: Buffer) => sign("sha256", signed, { key, dsaEncoding: "ieee-p1363" });
    const header = { alg: "ES256", x5t: undefined, kid: sha("sha1", { der }) };
    expect((await exchange(forge(header, {}, write))).status).toBe(200);
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const byOther = (signed: Buffer) => sign("sha256", signed, { key: other, dsaEncoding: "ieee-p1363" });
    expect((await exchange(forge(header, {}, byOther))).body).toMatchObject({ error_codes: [700027] });
    register(shop, holder);
  });
});

const attacker = rsaHolder();
const wrongSignature = "The provided signature value did not match the expected signature value.";
const unknownKey = "The key was not found.";

describe("is refused", () => {
  const pem = () => holder.publicKey.export({ type: "spki", format: "pem" });
  const cases: readonly (readonly [string, () => string, number, string])[] = [
    ["no algorithm", () => forge({ alg: "none" }, {}, () => Buffer.alloc(0)), 700027, wrongSignature],
    [
      "HS256 with the public key",
      () => forge({ alg: "HS256" }, {}, (signed) => createHmac("sha256", pem()).update(signed).digest()),
      700027,
      wrongSignature,
    ],
    [
      "HS256 with the certificate",
      () => forge({ alg: "HS256" }, {}, (signed) => createHmac("sha256", holder.der).update(signed).digest()),
      700027,
      wrongSignature,
    ],
    ["ES256 for an RSA key", () => forge({ alg: "ES256" }), 700027, wrongSignature],
    [
      "RS512",
      () => forge({ alg: "RS512" }, {}, (signed) => sign("sha512", signed, holder.privateKey)),
      700027,
      wrongSignature,
    ],
    ["PS256 said, RS256 done", () => forge({ alg: "PS256" }), 700027, wrongSignature],
    ["a list of algorithms", () => forge({ alg: ["RS256"] }), 700027, wrongSignature],
    [
      "another key under the certificate's thumbprint",
      () => forge({}, {}, (signed) => rs256(signed, attacker.privateKey)),
      700027,
      wrongSignature,
    ],
    [
      "another key with its certificate (x5c)",
      () =>
        forge({ x5c: [attacker.der.toString("base64")] }, {}, (signed) => rs256(signed, attacker.privateKey)),
      700027,
      wrongSignature,
    ],
    [
      "another key, brought along (jwk)",
      () =>
        forge({ x5t: undefined, jwk: attacker.publicKey.export({ format: "jwk" }) }, {}, (signed) =>
          rs256(signed, attacker.privateKey),
        ),
      700027,
      unknownKey,
    ],
    [
      "another key, fetched (jku, x5u)",
      () =>
        forge({ x5t: undefined, jku: "https://localhost:1", x5u: "https://localhost:1" }, {}, (signed) =>
          rs256(signed, attacker.privateKey),
        ),
      700027,
      unknownKey,
    ],
    [
      "a certificate that is not registered",
      () => forge({ x5t: sha("sha1", attacker) }, {}, (signed) => rs256(signed, attacker.privateKey)),
      700027,
      unknownKey,
    ],
    ["no thumbprint", () => forge({ x5t: undefined }), 700027, unknownKey],
    ["a thumbprint of a number", () => forge({ x5t: 7 }), 700027, unknownKey],
    [
      "another issuer",
      () => forge({}, { iss: "22222222-2222-2222-2222-222222222222" }),
      700021,
      "Its issuer (iss) and its subject (sub) must both be the client id.",
    ],
    [
      "another subject",
      () => forge({}, { sub: "22222222-2222-2222-2222-222222222222" }),
      700021,
      "must both be the client id.",
    ],
    [
      "the client id in upper case",
      () => forge({}, { iss: shop.clientId.toUpperCase(), sub: shop.clientId.toUpperCase() }),
      700021,
      "must both be the client id.",
    ],
    ["no issuer", () => forge({}, { iss: undefined }), 700021, "must both be the client id."],
    [
      "the audience with a slash",
      () => forge({}, { aud: `${endpoint}/` }),
      700023,
      "is not this token endpoint",
    ],
    [
      "the audience in upper case",
      () => forge({}, { aud: endpoint.toUpperCase() }),
      700023,
      "is not this token endpoint",
    ],
    [
      "the authority as audience",
      () => forge({}, { aud: cloud.platform.origin }),
      700023,
      "is not this token endpoint",
    ],
    [
      "Microsoft's token endpoint as audience",
      () =>
        forge({}, { aud: `https://login.microsoftonline.com/${cloud.platform.tenantId}/oauth2/v2.0/token` }),
      700023,
      "is not this token endpoint",
    ],
    [
      "several audiences",
      () => forge({}, { aud: [endpoint, "https://a.example"] }),
      700023,
      "The audience 'none'",
    ],
    ["no audience", () => forge({}, { aud: undefined }), 700023, "The audience 'none'"],
    [
      "an end an hour ago",
      () => forge({}, { exp: cloud.clock.nowSeconds() - 3600 }),
      700024,
      "not within its valid time range",
    ],
    [
      "a start in an hour",
      () => forge({}, { nbf: cloud.clock.nowSeconds() + 3600 }),
      700024,
      "not within its valid time range",
    ],
    ["no end", () => forge({}, { exp: undefined }), 700024, "expiry time of assertion not a time"],
    [
      "an end beyond all dates",
      () => forge({}, { exp: 1e15 }),
      700024,
      "expiry time of assertion not a time",
    ],
    ["an end as text", () => forge({}, { exp: "9999999999" }), 700024, "expiry time of assertion not a time"],
  ];
  test.each(cases)("%s", async (_, write, code, text) => {
    const { status, body } = await exchange(write());
    expect({ status, error: body.error, codes: body.error_codes }).toEqual({
      status: 401,
      error: "invalid_client",
      codes: [code],
    });
    expect(String(body.error_description)).toContain(text);
    expect((await exchange(forge())).status).toBe(200);
  });

  test("a certificate after its credential has ended, and before it starts", async () => {
    for (const ms of [365 * 86_400_000, -365 * 86_400_000]) {
      cloud.clock.advance(ms);
      const { body } = await exchange(forge());
      expect(String(body.error_description)).toContain("[Reason - The key used is expired.,");
      cloud.clock.advance(-ms);
    }
  });

  test("another client's certificate", async () => {
    const other = cloud.application("other");
    const { body } = await cloud.requestToken({
      grant_type: "client_credentials",
      client_id: other.clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: forge({}, { iss: other.clientId, sub: other.clientId }),
      scope,
    });
    expect(body).toMatchObject({ error_codes: [700027] });
  });
});

test("a managed identity is not proven by a certificate that stands under it; the client it belongs to is", async () => {
  const { principalId, clientId } = cloud.entra.directory.createManagedIdentity("/subscriptions/s/vm", "vm");
  register({ ...shop, applicationId: principalId }, holder);
  register(shop, holder);
  const ask = (client: string) =>
    cloud.requestToken({
      grant_type: "client_credentials",
      client_id: client,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: forge({}, { iss: client, sub: client }),
      scope,
    });
  expect(await ask(clientId)).toMatchObject({
    status: 401,
    body: {
      error: "invalid_client",
      error_codes: [700027],
      error_description: expect.stringContaining(
        "AADSTS700027: Client assertion failed signature validation. [Reason - The key was not found.",
      ),
    },
  });
  expect((await ask(shop.clientId)).status).toBe(200);
});

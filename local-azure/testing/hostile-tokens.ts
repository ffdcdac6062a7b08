import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { RejectionReason } from "../entra/tokens/verify.ts";
import {
  encodePart,
  encodeText,
  type HostileMaterial,
  readToken,
  signParts,
  withAlgorithm,
  withClaims,
  withHeader,
  withParts,
  withPayloadText,
  withSignature,
} from "./forge.ts";

export interface HostileToken {
  /** The class of attack. */
  readonly kind: string;
  readonly name: string;
  readonly reason: RejectionReason;
  readonly forge: (material: HostileMaterial) => string;
}

const attacker = generateKeyPairSync("rsa", { modulusLength: 2048 });
const attackerEc = generateKeyPairSync("ec", { namedCurve: "P-256" });
const attackerJwk = attacker.publicKey.export({ format: "jwk" });

const empty = () => Buffer.alloc(0);
const byIssuer =
  (hash: string) =>
  (signed: Buffer, { issuerKey }: HostileMaterial) =>
    sign(hash, signed, issuerKey);
const pem = ({ issuerPublicKey }: HostileMaterial) => issuerPublicKey.export({ type: "spki", format: "pem" });
const der = (key: KeyObject) => key.export({ type: "spki", format: "der" });
const hmac =
  (hash: string, secret: (material: HostileMaterial) => string | Buffer) =>
  (signed: Buffer, material: HostileMaterial) =>
    createHmac(hash, secret(material)).update(signed).digest();
const flip = (bytes: Buffer, index: number, bit: number) => {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ bit;
  return copy;
};
const otherTenant = "44444444-4444-4444-4444-444444444444";

function rows(
  kind: string,
  reason: RejectionReason,
  forgeries: Readonly<Record<string, HostileToken["forge"]>>,
): HostileToken[] {
  return Object.entries(forgeries).map(([name, forge]) => ({ kind, name, reason, forge }));
}

/** Tokens that no surface may accept, by the class of attack, each with the fault that a verifier must find. */
export const hostileTokens: readonly HostileToken[] = [
  ...rows("algorithm none", "algorithm", {
    "none, empty signature": withAlgorithm("none", empty),
    "None, empty signature": withAlgorithm("None", empty),
    "nOnE, empty signature": withAlgorithm("nOnE", empty),
    "none, the good signature": withAlgorithm("none", (_, { good }) =>
      Buffer.from(good.split(".")[2] ?? "", "base64url"),
    ),
    "no algorithm": withAlgorithm(undefined, byIssuer("RSA-SHA256")),
    "empty algorithm": withAlgorithm("", byIssuer("RSA-SHA256")),
  }),
  ...rows("other algorithm", "algorithm", {
    "RS256 in lower case": withAlgorithm("rs256", byIssuer("RSA-SHA256")),
    RS512: withAlgorithm("RS512", byIssuer("RSA-SHA512")),
    PS256: withAlgorithm("PS256", (signed, { issuerKey }) =>
      sign("RSA-SHA256", signed, {
        key: issuerKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }),
    ),
    "ES256 by the attacker's key": withAlgorithm("ES256", (signed) =>
      sign("SHA256", signed, { key: attackerEc.privateKey, dsaEncoding: "ieee-p1363" }),
    ),
    "a list of algorithms": withAlgorithm(["RS256"], byIssuer("RSA-SHA256")),
  }),
  ...rows("HMAC with the public key", "algorithm", {
    "HS256 with the PEM": withAlgorithm("HS256", hmac("sha256", pem)),
    "HS256 with the DER": withAlgorithm(
      "HS256",
      hmac("sha256", ({ issuerPublicKey }) => der(issuerPublicKey)),
    ),
    "HS512 with the PEM": withAlgorithm("HS512", hmac("sha512", pem)),
    "HS256 with the modulus": withAlgorithm(
      "HS256",
      hmac("sha256", ({ issuerPublicKey }) => issuerPublicKey.export({ format: "jwk" }).n ?? ""),
    ),
    "HS256 with an empty key": withAlgorithm(
      "HS256",
      hmac("sha256", () => ""),
    ),
  }),
  ...rows("wrong kid", "key", {
    "another kid": withHeader({ kid: "AAAAAAAAAAAAAAAAAAAAAAAAAAA" }),
    "no kid": withHeader({ kid: undefined }),
    "kid of a number": withHeader({ kid: 0 }),
    "kid of a path": withHeader({ kid: "../../../../dev/null" }),
    "kid of SQL": withHeader({ kid: "x' UNION SELECT 'AA' --" }),
    "kid of a prototype": withHeader({ kid: "__proto__" }),
    "x5t of another certificate": withHeader({ x5t: "AAAAAAAAAAAAAAAAAAAAAAAAAAA" }),
    "the attacker's own key and kid": withHeader({ kid: "attacker", x5t: "attacker" }, attacker.privateKey),
  }),
  ...rows("key brought along", "key", {
    jwk: withHeader({ jwk: attackerJwk }, attacker.privateKey),
    jku: withHeader({ jku: "https://localhost:1/keys" }, attacker.privateKey),
    x5u: withHeader({ x5u: "https://localhost:1/certificate" }, attacker.privateKey),
    x5c: withHeader({ x5c: [der(attacker.publicKey).toString("base64")] }, attacker.privateKey),
    "jku beside a good signature": withHeader({ jku: "https://localhost:1/keys" }),
  }),
  ...rows("critical header", "malformed", {
    "crit exp": withHeader({ crit: ["exp"], exp: 1 }),
    "empty crit": withHeader({ crit: [] }),
    "unencoded payload": withHeader({ crit: ["b64"], b64: false }),
    "compressed payload": withHeader({ zip: "DEF" }),
  }),
  ...rows("wrong type", "malformed", {
    "no typ": withHeader({ typ: undefined }),
    "typ in lower case": withHeader({ typ: "jwt" }),
    "typ of an OAuth access token": withHeader({ typ: "at+jwt" }),
  }),
  ...rows("wrong signature", "signature", {
    "first bit": withSignature((signature) => flip(signature, 0, 0x80)),
    "last bit": withSignature((signature) => flip(signature, 255, 1)),
    "all zero": withSignature((signature) => Buffer.alloc(signature.length)),
    "all ones": withSignature((signature) => Buffer.alloc(signature.length, 0xff)),
    empty: withSignature(() => Buffer.alloc(0)),
    "one byte short": withSignature((signature) => signature.subarray(0, -1)),
    "a zero before it": withSignature((signature) => Buffer.concat([Buffer.alloc(1), signature])),
    "a zero after it": withSignature((signature) => Buffer.concat([signature, Buffer.alloc(1)])),
    "of another token": withSignature((_, { ofAnother }) =>
      Buffer.from(ofAnother.split(".")[2] ?? "", "base64url"),
    ),
    "by the attacker's key under the issuer's kid": withHeader({}, attacker.privateKey),
  }),
  ...rows("swapped parts", "signature", {
    "another principal's payload": withParts(
      ([header, , signature], { ofAnother }) => `${header}.${ofAnother.split(".")[1]}.${signature}`,
    ),
    "a payload with a later end": withParts(([header, , signature], { good, now }) => {
      const payload = encodePart({ ...readToken(good).claims, exp: now + 864_000 });
      return `${header}.${payload}.${signature}`;
    }),
    "a payload with another oid": withParts(([header, , signature], { good }) => {
      const payload = encodePart({ ...readToken(good).claims, oid: otherTenant });
      return `${header}.${payload}.${signature}`;
    }),
  }),
  ...rows("wrong issuer", "issuer", {
    "another tenant's issuer": withClaims({ iss: `https://sts.windows.net/${otherTenant}/` }),
    "no final slash": withClaims(({ good }) => ({ iss: String(readToken(good).claims.iss).slice(0, -1) })),
    "another host": withClaims(({ good }) => ({
      iss: `https://sts.windows.net.example/${String(readToken(good).claims.tid)}/`,
    })),
    "the v2 issuer": withClaims(({ good }) => ({
      iss: `https://login.microsoftonline.com/${String(readToken(good).claims.tid)}/v2.0`,
    })),
  }),
  ...rows("wrong audience", "audience", {
    "a token for another resource": ({ forAnotherResource }) => forAnotherResource,
    "another audience": withClaims({ aud: "https://storage.azure.com" }),
    "a longer audience": withClaims(({ good }) => ({ aud: `${String(readToken(good).claims.aud)}.example` })),
  }),
  ...rows("wrong tenant", "tenant", {
    "another tenant with its issuer": withClaims({
      tid: otherTenant,
      iss: `https://sts.windows.net/${otherTenant}/`,
    }),
  }),
  ...rows("expired", "expired", {
    "a second ago": withClaims(({ now }) => ({ exp: now - 1 })),
    "a day ago": withClaims(({ now }) => ({ exp: now - 86_400, nbf: now - 90_000, iat: now - 90_000 })),
    "at the epoch": withClaims({ exp: 0, nbf: 0, iat: 0 }),
  }),
  ...rows("not yet valid", "notYetValid", {
    "from tomorrow on": withClaims(({ now }) => ({ nbf: now + 86_400, exp: now + 90_000 })),
    "from the year 9999 on": withClaims({ nbf: 253_402_300_799, exp: 253_402_300_799 }),
  }),
  ...rows("missing claims", "claims", {
    "no exp": withClaims({ exp: undefined }),
    "no nbf": withClaims({ nbf: undefined }),
    "no iat": withClaims({ iat: undefined }),
    "no iss": withClaims({ iss: undefined }),
    "no aud": withClaims({ aud: undefined }),
    "no tid": withClaims({ tid: undefined }),
    "no oid": withClaims({ oid: undefined }),
    "no ver": withClaims({ ver: undefined }),
  }),
  ...rows("claims of another kind", "claims", {
    "exp as text": withClaims({ exp: "9999999999" }),
    "exp with a fraction": withClaims({ exp: 9_999_999_999.5 }),
    "exp null": withClaims({ exp: null }),
    "nbf beyond all dates": withClaims({ nbf: Number.MAX_SAFE_INTEGER }),
    "negative nbf": withClaims({ nbf: -1 }),
    "a list of audiences": withClaims(({ good }) => ({ aud: [readToken(good).claims.aud] })),
    "oid of no GUID": withClaims({ oid: "admin" }),
    "a list of oids": withClaims(({ good }) => ({ oid: [readToken(good).claims.oid] })),
    "tid in upper case": withClaims(({ good }) => ({
      tid: String(readToken(good).claims.tid).toUpperCase(),
    })),
    "version 2.0": withClaims({ ver: "2.0" }),
    "groups as text": withClaims({ groups: otherTenant }),
  }),
  ...rows("duplicated claims", "malformed", {
    "oid twice": withPayloadText((claims) => claims.replace(/}$/, `,"oid":"${otherTenant}"}`)),
    "exp twice": withPayloadText((claims) => claims.replace(/^\{/, '{"exp":9999999999,')),
    "oid twice, once escaped": withPayloadText((claims) =>
      claims.replace(/^\{/, `{"\\u006fid":"${otherTenant}",`),
    ),
  }),
  ...rows("payload that is no object", "malformed", {
    "a list": withPayloadText((claims) => `[${claims}]`),
    "a string": withPayloadText((claims) => JSON.stringify(claims)),
    null: withPayloadText(() => "null"),
    nothing: withPayloadText(() => ""),
    "half an object": withPayloadText((claims) => claims.slice(0, -1)),
    "spaces around it": withPayloadText((claims) => ` ${claims} `),
    "a byte order mark before it": withPayloadText((claims) => `\ufeff${claims}`),
  }),
  ...rows("nested token", "malformed", {
    "a token as the payload": ({ good, issuerKey }) =>
      signParts(encodePart(readToken(good).header), encodeText(good), issuerKey),
    "declared by cty": ({ good, issuerKey }) =>
      signParts(encodePart({ ...readToken(good).header, cty: "JWT" }), encodeText(good), issuerKey),
    "JSON serialization": ({ good }) => {
      const [header, payload, signature] = good.split(".");
      return JSON.stringify({ protected: header, payload, signature });
    },
  }),
  ...rows("truncated", "malformed", {
    "without its signature": withParts(([header, payload]) => `${header}.${payload}`),
    "its header alone": withParts(([header = ""]) => header),
    "half of it": ({ good }) => good.slice(0, good.length >> 1),
    "without its header": withParts(([, payload, signature]) => `.${payload}.${signature}`),
    "without its payload": withParts(([header, , signature]) => `${header}..${signature}`),
    "two dots": () => "..",
  }),
  ...rows("doubled", "malformed", {
    "joined by a dot": ({ good }) => `${good}.${good}`,
    "joined by nothing": ({ good }) => `${good}${good}`,
    "joined by a comma": ({ good }) => `${good},${good}`,
    "a fourth part": ({ good }) => `${good}.AA`,
    "an encrypted token's five parts": ({ good }) => `${good}.AA.AA`,
  }),
  ...rows("oversized", "malformed", {
    "well signed, 20 kB of padding": withClaims({ padding: "x".repeat(20_000) }),
    "20 kB of signature": ({ good }) => `${good}${"A".repeat(20_000)}`,
  }),
  ...rows("base64url that is not canonical", "malformed", {
    "padded signature": ({ good }) => `${good}==`,
    "padded header": withParts(([header, payload, signature]) => `${header}=.${payload}.${signature}`),
    "unused bits of the signature set": ({ good }) => `${good.slice(0, -1)}${nextLetter(good.at(-1) ?? "")}`,
    "plain base64 alphabet": ({ good }) => `${good.slice(0, -4)}+/+A`,
    "a percent sign": ({ good }) => `${good.slice(0, -1)}%7e`,
    "a letter beyond ASCII": ({ good }) => `${good.slice(0, -1)}\u00e9`,
  }),
];

/** 256 bytes leave two unused bits in the last of their letters; the next letter differs in those alone. */
function nextLetter(letter: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(letter) + 1] ?? "";
}

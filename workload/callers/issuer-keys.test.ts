import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { exportJWK } from "jose";
import { makeKey, startTestIssuer, type TestIssuer } from "../testing/test-issuer.ts";
import { type IssuerKeys, IssuerUnavailable, openIssuerKeys } from "./issuer-keys.ts";

const hour = 60 * 60_000;
const oneLook = ["openid-configuration", "keys"];

let issuer: TestIssuer;
let now: number;
let keys: IssuerKeys;
beforeAll(async () => {
  issuer = await startTestIssuer();
});
afterAll(() => issuer?.close());
beforeEach(() => {
  issuer.keys.splice(0, issuer.keys.length, issuer.key);
  issuer.instead.clear();
  asked();
  now = 0;
  keys = openIssuerKeys(issuer.issuer, { now: () => now });
});

/** What it asked for since the last call. */
const asked = () => issuer.asked.splice(0);
const json = (body: unknown) => (response: ServerResponse) => response.end(JSON.stringify(body));

test("a key set is fetched once and kept, whoever asks at once", async () => {
  const found = await Promise.all([1, 2, 3].map(() => keys.find(issuer.key.kid)));
  expect(found.every((key) => key === found[0] && key !== undefined)).toBe(true);
  expect(await keys.find(issuer.key.kid)).toBe(found[0]);
  expect(asked()).toEqual(oneLook);
});

test("an unknown key is looked up again, but at most every 30 s", async () => {
  const added = await makeKey();
  await keys.find(issuer.key.kid);
  issuer.keys.push(added);
  expect(await keys.find(added.kid)).toBeUndefined();
  now += 29_999;
  expect(await keys.find("made-up")).toBeUndefined();
  expect(asked()).toEqual(oneLook);
  now += 1;
  expect(await keys.find(added.kid)).toBeDefined();
  expect(asked()).toEqual(oneLook);
  for (let index = 0; index < 10; index++) expect(await keys.find(`made-up-${index}`)).toBeUndefined();
  expect(asked()).toEqual([]);
});

test("keys of a day are fetched anew: a withdrawn one opens nothing any more", async () => {
  const next = await makeKey();
  await keys.find(issuer.key.kid);
  issuer.keys.splice(0, 1, next);
  now += 24 * hour - 1;
  expect(await keys.find(issuer.key.kid)).toBeDefined();
  now += 1;
  expect(await keys.find(issuer.key.kid)).toBeUndefined();
  expect(await keys.find(next.kid)).toBeDefined();
});

test("an issuer that is down for a while takes no known key away", async () => {
  await keys.find(issuer.key.kid);
  issuer.instead.set("keys", (response) => response.writeHead(503).end());
  now += 24 * hour;
  expect(await keys.find(issuer.key.kid)).toBeDefined();
  await expect(keys.find("unknown")).rejects.toThrow(IssuerUnavailable);
  issuer.instead.clear();
  now += 30_000;
  expect(await keys.find("unknown")).toBeUndefined();
});

test("an issuer that answers at last is asked again after a second", async () => {
  issuer.instead.set("openid-configuration", (response) => response.writeHead(503).end());
  await expect(keys.find(issuer.key.kid)).rejects.toThrow("answered 503");
  now += 999;
  await expect(keys.find(issuer.key.kid)).rejects.toThrow("answered 503");
  expect(asked()).toEqual(["openid-configuration"]);
  issuer.instead.clear();
  now += 1;
  expect(await keys.find(issuer.key.kid)).toBeDefined();
});

describe("a document is refused", () => {
  const discovery = (more: object) =>
    json({ issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/keys`, ...more });
  test.each<[string, "openid-configuration" | "keys", () => (response: ServerResponse) => unknown, string]>([
    [
      "of another issuer",
      "openid-configuration",
      () => discovery({ issuer: "https://a.example" }),
      "names another issuer",
    ],
    [
      "of the issuer with a slash",
      "openid-configuration",
      () => discovery({ issuer: `${issuer.issuer}/` }),
      "names another issuer",
    ],
    [
      "without a key set",
      "openid-configuration",
      () => discovery({ jwks_uri: undefined }),
      "names no key set",
    ],
    [
      "with a key set over http",
      "openid-configuration",
      () => discovery({ jwks_uri: "http://localhost:1/keys" }),
      "is not https",
    ],
    [
      "that points elsewhere",
      "openid-configuration",
      () => (response) => response.writeHead(302, { location: `${issuer.issuer}/keys` }).end(),
      "unexpected redirect",
    ],
    ["that is no JSON", "keys", () => (response) => response.end("{"), "is not JSON"],
    ["that is null", "openid-configuration", () => json(null), "names another issuer"],
    ["without a list of keys", "keys", () => json({ keys: "none" }), "holds no list of keys"],
    [
      "that is too large",
      "keys",
      () => json({ keys: [], padding: "x".repeat(300_000) }),
      "holds more than 262144 bytes",
    ],
  ])("%s", async (_, name, instead, reason) => {
    issuer.instead.set(name, instead());
    await expect(keys.find(issuer.key.kid)).rejects.toThrow(reason);
  });
});

test("only RSA keys of 2,048 bits for signatures by this issuer count", async () => {
  const other = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
  const template = issuer.issuer.replace(issuer.tenantId, "{tenantid}");
  const published = [
    await makeKey("of-this-tenant", { issuer: issuer.issuer }),
    await makeKey("of-any-tenant", { issuer: template }),
    await makeKey("of-another-tenant", { issuer: other }),
    await makeKey("for-encryption", { use: "enc" }),
    await makeKey("for-another-algorithm", { alg: "PS256" }),
    await makeKey("elliptic", { kty: "EC", crv: "P-256" }),
    await makeKey("short", { n: Buffer.alloc(128, 0xc3).toString("base64url") }),
    await makeKey("symmetric", { kty: "oct", k: "c2VjcmV0" }),
  ];
  issuer.keys.splice(0, 1, ...published);
  const known = await Promise.all(published.map(async ({ kid }) => ((await keys.find(kid)) ? [kid] : [])));
  expect(known.flat()).toEqual(["of-this-tenant", "of-any-tenant"]);
});

test("the first of two keys with one id counts", async () => {
  const [first, second] = [await makeKey("twice"), await makeKey("twice")];
  issuer.keys.push(first, second);
  const found = await keys.find("twice");
  if (found === undefined) throw new Error("the key is not found");
  expect((await exportJWK(found)).n).toBe(first.published.n);
});

import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  newIssuerKey,
  publicJwk,
  sendJson,
  startTestIssuer,
  type TestIssuer,
} from "../../testing/test-issuer.ts";
import { openTestPlatform, type TestPlatform } from "../../testing/test-platform.ts";
import { TokenError } from "../tokens/token-error.ts";
import { type ExternalIssuers, externalIssuers } from "./issuers.ts";

let opened: TestPlatform;
let issuer: TestIssuer;
let issuers: ExternalIssuers;
let monotonicMs: number;
/** Long enough for a busy machine to answer, as short as a test may wait. */
const impatientMs = 1500;

beforeAll(async () => {
  opened = await openTestPlatform();
});
afterAll(() => opened.close());
beforeEach(async () => {
  issuer = await startTestIssuer(opened.platform);
  monotonicMs = 5;
  issuers = externalIssuers(opened.platform, 30_000, () => monotonicMs);
});
afterEach(() => issuer.close());

async function refusalOf(url = issuer.url): Promise<readonly [number, string, number, string]> {
  const error = await issuers.keysOf(url).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TokenError)) throw new Error(`refused with ${error}`);
  const { code, status, message } = error;
  return [code, error.error, status, message.replace(/^.* failed\. /, "").replace(issuer.url, "ISSUER")];
}

const failed = (code: number, text: string) => [code, "invalid_request", 400, text];
const discovery = "ISSUER/.well-known/openid-configuration";

function endless(response: ServerResponse, start: string): void {
  response.write(start);
  const more = () => {
    while (!response.destroyed && response.write(" ".repeat(16_384)));
  };
  response.on("drain", more);
  more();
}

describe("an issuer is cut off", () => {
  test.each(["discovery", "keys"] as const)("when its %s never answers", async (path) => {
    issuers = externalIssuers(opened.platform, impatientMs);
    issuer.answer(path, () => {});
    expect(await refusalOf()).toEqual(
      failed(50166, `${path === "keys" ? "ISSUER/keys" : discovery}: it did not answer within 1500 ms.`),
    );
  });

  test("when it stops in the middle of its answer", async () => {
    issuers = externalIssuers(opened.platform, impatientMs);
    issuer.answer("discovery", (_, response) => response.write("{"));
    expect(await refusalOf()).toEqual(failed(50166, `${discovery}: it did not answer within 1500 ms.`));
  });

  test.each(["discovery", "keys"] as const)("when its %s answers without end", async (path) => {
    issuer.answer(path, (_, response) => endless(response, "{"));
    expect(await refusalOf()).toEqual(
      failed(
        50166,
        `${path === "keys" ? "ISSUER/keys" : discovery}: its answer is longer than 262144 bytes.`,
      ),
    );
  });

  test("when nobody listens there", async () => {
    await issuer.close();
    expect(await refusalOf()).toEqual(failed(50166, `${discovery}: ECONNREFUSED.`));
  });

  test("when it closes the connection", async () => {
    issuer.answer("discovery", (request) => request.socket.destroy());
    expect(await refusalOf()).toEqual(failed(50166, `${discovery}: ECONNRESET.`));
  });
});

describe("an issuer is refused", () => {
  const answering = (body: unknown) => (_: unknown, response: ServerResponse) => sendJson(response, body);
  const cases: readonly (readonly [string, () => void, string, string?])[] = [
    [
      "that redirects",
      () =>
        issuer.answer("discovery", (_, response) =>
          response.writeHead(302, { Location: `${issuer.url}/keys` }).end(),
        ),
      "it answered 302; redirects are not followed.",
    ],
    [
      "that fails",
      () => issuer.answer("discovery", (_, response) => response.writeHead(500).end()),
      "it answered 500; redirects are not followed.",
    ],
    [
      "that answers with a page",
      () => issuer.answer("discovery", (_, response) => response.end("<html>")),
      "it answered with something else than a JSON object.",
    ],
    [
      "whose document is another's",
      () => issuer.answer("discovery", answering({ issuer: "https://a.example", jwks_uri: issuer.url })),
      "it is the document of another issuer.",
    ],
    [
      "whose document has its name with a slash",
      () =>
        issuer.answer("discovery", answering({ issuer: `${issuer.url}/`, jwks_uri: `${issuer.url}/keys` })),
      "it is the document of another issuer.",
    ],
    [
      "whose document names no key set",
      () => issuer.answer("discovery", answering({ issuer: issuer.url })),
      "it names no key set (jwks_uri).",
    ],
    [
      "whose key set is none",
      () => issuer.answer("keys", answering({ keys: "none" })),
      "it is no key set.",
      "ISSUER/keys",
    ],
    [
      "whose key set is asked for in plain http",
      () => issuer.answer("discovery", answering({ issuer: issuer.url, jwks_uri: "http://localhost/keys" })),
      "its address is not a plain https URL.",
      "http://localhost/keys",
    ],
    [
      "whose key set is a file",
      () => issuer.answer("discovery", answering({ issuer: issuer.url, jwks_uri: "file:///etc/passwd" })),
      "its address is not a plain https URL.",
      "file:///etc/passwd",
    ],
  ];
  test.each(cases)("%s", async (_, arrange, why, where = discovery) => {
    arrange();
    expect(await refusalOf()).toEqual(failed(90061, `${where}: ${why}`));
  });

  test.each(["http://localhost:1", "https://user@localhost:1", "ftp://localhost"])(
    "that is called %s",
    async (url) => {
      expect(await refusalOf(url)).toEqual(
        failed(90061, `${url}/.well-known/openid-configuration: its address is not a plain https URL.`),
      );
    },
  );

  test.each(["https://169.254.169.254", "https://[fe80::1]", "https://[::ffff:a9fe:a9fe]"])(
    "at the link-local address %s",
    async (url) => {
      expect(await refusalOf(url)).toEqual(
        failed(50166, `${url}/.well-known/openid-configuration: link-local addresses are not asked.`),
      );
    },
  );
});

test("callers at the same time share one reading", async () => {
  const answers = await Promise.all([1, 2, 3].map(() => issuers.keysOf(issuer.url)));
  expect(answers.map(({ keys }) => [...keys.keys()])).toEqual([["key-1"], ["key-1"], ["key-1"]]);
  expect(issuer.asked).toHaveLength(2);
});

test("a failed reading leaves what was known, and the next one may succeed", async () => {
  await issuers.keysOf(issuer.url);
  issuer.answer("keys", (_, response) => response.writeHead(503).end());
  monotonicMs += 10_000;
  await expect(issuers.refresh(issuer.url)).rejects.toThrow("AADSTS90061");
  expect((await issuers.keysOf(issuer.url)).isFresh).toBe(false);
  issuer.answer("keys");
  expect((await issuers.refresh(issuer.url)).isFresh).toBe(true);
});

test("an issuer is not asked again within ten seconds, whatever the cloud's clock tells", async () => {
  await issuers.keysOf(issuer.url);
  monotonicMs += 9_999;
  opened.clock.advance(-3_600_000);
  expect((await issuers.refresh(issuer.url)).isFresh).toBe(false);
  opened.clock.advance(3_600_000);
  expect(issuer.asked).toHaveLength(2);
  monotonicMs += 1;
  expect((await issuers.refresh(issuer.url)).isFresh).toBe(true);
  expect(issuer.asked).toHaveLength(4);
});

test("keys for other uses, of other kinds and without a name are passed over", async () => {
  const jwk = publicJwk(issuer.key);
  const keys = [
    null,
    "key",
    { ...jwk, kid: undefined },
    { ...jwk, kid: "encryption", use: "enc" },
    { ...jwk, kid: "other-algorithm", alg: "RS512" },
    { kid: "symmetric", kty: "oct", k: "c2VjcmV0" },
    { ...jwk, kid: "torn", n: "!" },
    { ...publicJwk(newIssuerKey("bare")), use: undefined, alg: undefined },
    jwk,
  ];
  issuer.answer("keys", (_, response) => sendJson(response, { keys }));
  expect([...(await issuers.keysOf(issuer.url)).keys.keys()]).toEqual(["bare", "key-1"]);
});

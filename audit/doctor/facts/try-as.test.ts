import { expect, test } from "@jest/globals";
import { absent } from "../check.ts";
import type { Question } from "../question.ts";
import { readCredential } from "./token.ts";
import { tryAs } from "./try-as.ts";

const oid = "11111111-1111-4111-8111-111111111111";
const question: Question = { target: {}, operation: "readAccount", write: false };
/** A name that no host has: what is shown to it is refused by the name service, not by us. */
const endpoint = "https://shop.documents.invalid/";

function tokenFor(aud: string) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return readCredential(`${part({ alg: "RS256" })}.${part({ aud, oid })}.c2ln`);
}

test("a token for every account is not shown to an endpoint that is not known for Azure's", async () => {
  expect(
    await tryAs(tokenFor("https://cosmos.azure.com"), oid, { endpoint, named: false }, question),
  ).toEqual({
    seen: false,
    why: `${endpoint} is not one of Azure's endpoints, and the token for every account is not shown to it`,
    needs: "the account's ARM id in place of its endpoint, or a token for this account alone",
  });
});

test("it is shown to one that resource manager names, and one for this account alone to the account", async () => {
  for (const [aud, named] of [
    ["https://cosmos.azure.com", true],
    ["https://shop.documents.invalid", false],
  ] as const) {
    const attempt = await tryAs(tokenFor(aud), oid, { endpoint, named }, question);
    expect(attempt).toMatchObject({ seen: true, value: { operation: "readAccount", allowed: false } });
  }
});

test("one for another resource or of another principal is shown to none", async () => {
  const named = { endpoint, named: true };
  expect(await tryAs(tokenFor("https://management.azure.com"), oid, named, question)).toEqual(
    absent("the token is for another resource"),
  );
  const other = "22222222-2222-4222-8222-222222222222";
  expect(await tryAs(tokenFor("https://cosmos.azure.com"), other, named, question)).toEqual(
    absent("the token is another principal's"),
  );
});

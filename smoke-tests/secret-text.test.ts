import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { looksLikeSecret, textsIn } from "./secret-text.ts";
import { outputs } from "./testing/outputs.ts";

/** In the form of Entra's, and of nobody. */
const secret = `abc8Q~${"x".repeat(34)}`;

test.each<[string, string, boolean]>([
  ["a secret of Entra's form", secret, true],
  ["a text that begins as Graph's hint says", `hnt${"x".repeat(37)}`, true],
  ["a GUID that begins so", `${"a1b"}${randomUUID().slice(3)}`, false],
  ["a URL", "https://shop.documents.azure.com:443/tilde~", false],
  ["a name", "orders-api-client-secret", false],
])("%s", (_, text, expected) => {
  expect(looksLikeSecret(text, ["hnt", "a1b"])).toBe(expected);
});

test("every text of the outputs is looked at, none of which is a secret; a planted one is found", () => {
  const planted = { ...outputs, workloads: { api: { deep: [{ value: secret }] } } };
  expect(textsIn(outputs, "output").filter(([, text]) => looksLikeSecret(text, []))).toEqual([]);
  expect(textsIn(planted, "output").filter(([, text]) => looksLikeSecret(text, []))).toEqual([
    ["output.workloads.api.deep.0.value", secret],
  ]);
});

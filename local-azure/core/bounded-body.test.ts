import { expect, test } from "@jest/globals";
import { readBoundedText } from "./bounded-body.ts";

function chunked(...chunks: string[]): Request {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      controller.close();
    },
  });
  return new Request("https://localhost", { method: "POST", body, duplex: "half" });
}

test.each([
  ["no body", new Request("https://localhost"), ""],
  ["a body of the limit", chunked("ab", "cd"), "abcd"],
  ["a character of two bytes", new Request("https://localhost", { method: "POST", body: "aé" }), "aé"],
  ["a chunked body over the limit", chunked("abc", "de"), undefined],
  [
    "an announced length over the limit",
    new Request("https://localhost", { method: "POST", body: "a", headers: { "Content-Length": "5" } }),
    undefined,
  ],
])("%s", async (_, request, expected) => {
  expect(await readBoundedText(request, 4)).toBe(expected);
});

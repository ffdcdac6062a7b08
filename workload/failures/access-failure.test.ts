import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type AccessFailure, createFailureLog } from "./access-failure.ts";
import { correlationIdOf, withCorrelation } from "./correlation.ts";

const failure: AccessFailure = {
  principal: null,
  action: "GET",
  resource: "/probe",
  code: 403,
  substatus: 5301,
  cause: "refused",
};

function written(change: Partial<AccessFailure>): string {
  const lines: string[] = [];
  createFailureLog({ write: (line) => lines.push(line), now: () => 0 })({ ...failure, ...change });
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

test("a failure is one line of JSON with the names that the contract gives", () => {
  const line = withCorrelation("request-7", () => written({}));
  expect(line).toBe(
    '{"event":"access-failure","time":"1970-01-01T00:00:00.000Z","correlationId":"request-7","principal":null,"action":"GET","resource":"/probe","code":403,"substatus":5301,"cause":"refused"}',
  );
});

test("no text ends the line, forges another or steers a terminal, and what was said can be read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const line = written({ resource: text, cause: `a\r\n{"event":"forged"}\u2028\u001b[2J${text}` });
      expect(line).toMatch(/^[\x20-\x7e]+$/);
      const read = JSON.parse(line) as AccessFailure & { event: string };
      expect(read.event).toBe("access-failure");
      fc.pre(!text.includes("eyJ"));
      expect(read.resource).toBe(text);
    }),
  );
});

test("what is shaped like a token is left out, and long texts are cut", () => {
  const part = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9";
  const line = written({
    cause: `bad ${part}.${part}.c2ln and ${part}.${part}`,
    resource: "x".repeat(10_000),
  });
  expect(line).not.toContain(part);
  expect(JSON.parse(line).cause).toBe("bad [token] and [token]");
  expect(line.length).toBeLessThan(1_000);
});

test("what stands behind a long text's first part is not looked at, whatever is left out before", () => {
  // Each "eyJ" might begin a token, and none ends one.
  const hostile = "eyJ-".repeat(7_750);
  const { resource } = JSON.parse(written({ resource: `/${hostile}.x` })) as AccessFailure;
  expect(resource).toBe(`/${hostile.slice(0, 599)}…`);
  const token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln ";
  const tokens = JSON.parse(written({ resource: token.repeat(1_000) })) as AccessFailure;
  // Of the token at the cut, a piece of its header may be left: it says how a token is signed, and no more.
  expect(tokens.resource).toMatch(/^(\[token\] ){68}eyJ\w*…$/);
});

const made = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const parent = `00-${trace}-00f067aa0ba902b7-01`;

test.each<[string, Record<string, string>, string | RegExp]>([
  [
    "the client's request id",
    { "x-ms-client-request-id": "0a1b2c3d-client", traceparent: parent },
    /^0a1b2c3d-client$/,
  ],
  ["the trace's id", { traceparent: parent }, new RegExp(`^${trace}$`)],
  [
    "the trace's id beside an unreadable request id",
    { "x-ms-client-request-id": "a b", traceparent: parent },
    new RegExp(`^${trace}$`),
  ],
  ["a new id without either", {}, made],
  ["a new id for one of zeros", { traceparent: `00-${"0".repeat(32)}-00f067aa0ba902b7-01` }, made],
  ["a new id for one that is too long", { "x-ms-client-request-id": "a".repeat(65) }, made],
])("the correlation id is %s", (_, headers, expected) => {
  expect(correlationIdOf(headers)).toMatch(expected);
});

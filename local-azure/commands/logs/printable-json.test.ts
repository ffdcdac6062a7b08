import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { describeRecord } from "./azure-tables.ts";
import { printableJson } from "./printable-json.ts";

const texts = fc.string({ unit: "binary", maxLength: 100 });

test("every text becomes printable ASCII, and can be read back", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const line = printableJson({ text });
      expect(line).toMatch(/^[\x20-\x7e]+$/);
      expect(JSON.parse(line)).toEqual({ text });
    }),
  );
});

test("no column of a record steers a terminal or passes for another column", () => {
  const described = (AppId: string) =>
    describeRecord({ TimeGenerated: "2026-11-20T08:00:00.000Z", Type: "SigninLogs", AppId }).replace(
      /^2026-11-20T08:00:00.000Z SigninLogs AppId=/,
      "",
    );
  expect(described("a\u001b[2Jb")).toBe('"a\\u001b[2Jb"');
  expect(described("\u009b2J")).toBe('"\\u009b2J"');
  expect(described("a\u007f")).toBe('"a\\u007f"');
  expect(described("é\u202e")).toBe('"\\u00e9\\u202e"');
  expect(described("a=b")).toBe('"a=b"');
  expect(described("04b07795-8ddb-461a-bbee-02f9e1bf7b46")).toBe("04b07795-8ddb-461a-bbee-02f9e1bf7b46");
  fc.assert(
    fc.property(texts.filter(Boolean), (text) => {
      expect(described(text)).toMatch(/^(?:[\x21\x23-\x3c\x3e-\x7e]+|"[\x20-\x7e]*")$/);
    }),
  );
});

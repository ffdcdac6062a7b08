import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { hashPartitionKey } from "../../../node_modules/@azure/cosmos/dist/esm/utils/hashing/hash.js";
import { effectivePartitionKey } from "./effective-partition-key.ts";
import { decodePartition, encodePartition, PartitionKeyReader, parsePropertyPath } from "./partition-key.ts";

const component = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
);

describe("the text of a partition", () => {
  test("is the same for equal keys only, and gives them back", () => {
    const key = fc.array(component, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(key, key, (left, right) => {
        const same =
          left.length === right.length &&
          left.every((value, index) => Object.is(value, right[index]) || (value === 0 && right[index] === 0));
        expect(encodePartition(left) === encodePartition(right)).toBe(same);
        expect(encodePartition(decodePartition(encodePartition(left)))).toBe(encodePartition(left));
      }),
    );
  });

  test("of a prefix bounds exactly the keys that begin with it", () => {
    fc.assert(
      fc.property(component, fc.array(component, { minLength: 2, maxLength: 3 }), (first, key) => {
        const prefix = encodePartition([first]).slice(0, -1);
        const text = encodePartition(key);
        const inside = text >= `${prefix},` && text < `${prefix}-`;
        expect(inside).toBe(encodePartition([key[0]]) === encodePartition([first]));
      }),
    );
  });
});

describe("the effective partition key", () => {
  test("is what the SDK computes", () => {
    fc.assert(
      fc.property(fc.array(component, { minLength: 1, maxLength: 3 }), (values) => {
        const kind = values.length > 1 ? ("MultiHash" as const) : ("Hash" as const);
        const definition = { paths: values.map((_, index) => `/p${index}`), kind, version: 2 as const };
        const sent = values.map((value) => (value === undefined ? {} : value));
        expect(effectivePartitionKey(encodePartition(values), definition)).toBe(
          hashPartitionKey(sent as never, definition as never),
        );
      }),
    );
  });
});

describe("a property path", () => {
  test.each([
    ["/a", ["a"]],
    ["/a/b c/d", ["a", "b c", "d"]],
    ['/a/"b/c"', ["a", "b/c"]],
    ["/'x/y'/z", ["x/y", "z"]],
  ])("%s", (path, names) => {
    expect(parsePropertyPath(path)).toEqual(names);
  });

  test("reads own properties only", () => {
    const reader = new PartitionKeyReader({ paths: ["/constructor"], kind: "Hash", version: 2 });
    expect(reader.read({})).toBe("[{}]");
    expect(reader.read(JSON.parse('{"constructor":"c"}'))).toBe('["c"]');
  });
});

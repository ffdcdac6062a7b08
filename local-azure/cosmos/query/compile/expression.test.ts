import { describe, expect, test } from "@jest/globals";
import { compileQuery } from "../execute.ts";

/** The value of an expression over one item; undefined when there is no result. */
function evaluate(expression: string, parameters: Record<string, unknown> = {}): unknown {
  const item = { n: 5, s: "text", t: true, nil: null, a: [1, "two", { x: 3 }], o: { p: { q: 7 } } };
  const results = compileQuery(`SELECT VALUE ${expression} FROM c`).execute(
    [item],
    new Map(Object.entries(parameters)),
  );
  return results[0];
}

describe("scalar expressions", () => {
  test.each<[string, unknown]>([
    // literals
    ["1.5e2", 150],
    [".5", 0.5],
    ["0xFF", 255],
    ["'it\\'s \\u0041\\n'", "it's A\n"],
    ["\"say 'hi'\"", "say 'hi'"],
    ["[1, undefined, null]", [1, null]],
    ["{a: 1, 'b c': [c.missing], d: c.missing}", { a: 1, "b c": [] }],
    ["UNDEFINED", undefined],
    ["True", true],
    // property access
    ["c.o.p.q", 7],
    ["c['o'][\"p\"]['q']", 7],
    ["c.a[2].x", 3],
    ["c.a[-1]", undefined],
    ["c.a['0']", undefined],
    ["c.a.length", undefined],
    ["c.s.length", undefined],
    ["c.s[0]", undefined],
    ["c.toString", undefined],
    ["c.__proto__", undefined],
    ["c.constructor", undefined],
    ["c[@name]", 5],
    ["c.nil.x", undefined],
    // equality: values of two types are unequal, undefined stays undefined
    ["1 = 1.0", true],
    ["1 = '1'", false],
    ["c.n != null", true],
    ["c.nil = null", true],
    ["c.missing = null", undefined],
    ["c.missing != null", undefined],
    ["undefined = undefined", undefined],
    ["[1, {a: 2, b: 3}] = [1, {b: 3, a: 2}]", true],
    ["{a: 1} = {a: 1, b: 2}", false],
    ["{a: 1} <> {a: 1}", false],
    // order: only within one primitive type
    ["1 < 2", true],
    ["'b' >= 'a'", true],
    ["false < true", true],
    ["null <= null", true],
    ["1 < '2'", undefined],
    ["[1] < [2]", undefined],
    ["null < 1", undefined],
    // three-valued logic
    ["false AND undefined", false],
    ["undefined AND false", false],
    ["true AND undefined", undefined],
    ["true OR undefined", true],
    ["undefined OR true", true],
    ["false OR undefined", undefined],
    ["true AND 1", undefined],
    ["NOT undefined", undefined],
    ["NOT 1", undefined],
    ["NOT c.n = 6", true],
    ["true OR false AND false", true],
    // arithmetic and bits
    ["1 + 2 * 3 - 4 / 2", 5],
    ["(1 + 2) * 3", 9],
    ["-7 % 3", -1],
    ["- - 2", 2],
    ["1 + '1'", undefined],
    ["1 / 0", "Infinity"],
    ["5 & 3 | 8", 9],
    ["5 ^ 1", 4],
    ["~5", -6],
    ["1 << 4 >> 1", 8],
    ["-1 >>> 28", 15],
    ["1 | 2 = 3", true],
    ["'a' || 'b' || 'c'", "abc"],
    ["'a' || 1", undefined],
    // ternary and coalesce
    ["c.n > 1 ? 'big' : 'small'", "big"],
    ["c.missing ? 1 : 2", 2],
    ["1 ? 1 : 2", 2],
    ["c.missing ?? c.gone ?? 'default'", "default"],
    ["c.nil ?? 1", null],
    ["c.missing ?? 1 > 0 ? 'x' : 'y'", "x"],
    // IN, BETWEEN, LIKE
    ["c.n IN (1, 5)", true],
    ["c.n NOT IN (1, 5)", false],
    ["c.n IN ('5', c.missing)", false],
    ["c.missing IN (1)", undefined],
    ["c.o IN ({p: {q: 7}})", true],
    ["c.n BETWEEN 5 AND 6", true],
    ["c.n NOT BETWEEN 1 AND 2", true],
    ["c.n BETWEEN 6 AND 'z'", false],
    ["c.n BETWEEN 1 AND 'z'", undefined],
    ["c.n BETWEEN 1 AND 9 AND c.t", true],
    ["c.s LIKE 't_x%'", true],
    ["c.s NOT LIKE '%z%'", true],
    ["c.n LIKE '%'", undefined],
    ["'20% off' LIKE '%20^% %' ESCAPE '^'", true],
    // parameters
    ["@p", { deep: [1] }],
    ["@p.deep[0]", 1],
    ["@absent", undefined],
    // subqueries
    ["EXISTS(SELECT VALUE x FROM x IN c.a WHERE x = 'two')", true],
    ["EXISTS(SELECT VALUE x FROM x IN c.missing)", false],
    ["ARRAY(SELECT VALUE x FROM x IN c.a WHERE IS_NUMBER(x))", [1]],
    ["ARRAY(SELECT x.x FROM x IN c.a)", [{}, {}, { x: 3 }]],
    ["(SELECT VALUE COUNT(1) FROM x IN c.a)", 3],
    ["(SELECT VALUE SUM(x) + c.n FROM x IN c.list)", 5],
    ["(SELECT VALUE x FROM x IN c.missing)", undefined],
    ["(SELECT 1 AS one)", { one: 1 }],
  ])("%s", (expression, expected) => {
    const parameters = { "@p": { deep: [1] }, "@name": "n" };
    expect(evaluate(expression, parameters)).toEqual(expected);
  });

  test("a scalar subquery with two results is refused", () => {
    expect(() => evaluate("(SELECT VALUE x FROM x IN c.a)")).toThrow(
      "The cardinality of a scalar subquery result set cannot be greater than 1.",
    );
  });

  test("a property called __proto__ is a plain property", () => {
    const query = compileQuery('SELECT VALUE {"__proto__": c["__proto__"]} FROM c');
    const item = JSON.parse('{"__proto__": {"polluted": true}}');
    expect(JSON.stringify(query.execute([item], new Map()))).toBe('[{"__proto__":{"polluted":true}}]');
  });

  test("a chain of a thousand conditions does not nest", () => {
    const conditions = Array.from({ length: 1_000 }, (_, index) => `c.n != ${index + 10}`).join(" AND ");
    expect(evaluate(conditions)).toBe(true);
  });
});

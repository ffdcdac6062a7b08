import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { QueryError } from "./errors.ts";
import { compileQuery } from "./execute.ts";
import { maximumQueryLength } from "./parse.ts";

function refusal(text: string): QueryError {
  try {
    compileQuery(text);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe("refused queries", () => {
  test.each<[string, string, string]>([
    [
      "",
      "SC1001",
      "Syntax error, incorrect syntax near the end of the query at position 0: expected SELECT.",
    ],
    [
      "SELEC * FROM c",
      "SC1001",
      "Syntax error, incorrect syntax near 'SELEC' at position 0: expected SELECT.",
    ],
    [
      "SELECT * FORM c",
      "SC1001",
      "Syntax error, incorrect syntax near 'FORM' at position 9: expected the end of the query.",
    ],
    [
      "SELECT * FROM c WHERE",
      "SC1001",
      "Syntax error, incorrect syntax near the end of the query at position 21: expected an expression.",
    ],
    [
      "SELECT c.value FROM c",
      "SC1001",
      "Syntax error, incorrect syntax near 'VALUE' at position 9: expected a name; the reserved word VALUE is written in brackets, as in c[\"…\"].",
    ],
    ["SELECT 'open FROM c", "SC1012", "Syntax error, the string that starts at position 7 has no closing '."],
    ["SELECT '\\q'", "SC1011", "Syntax error, unknown escape '\\q' in a string at position 8."],
    ["SELECT # FROM c", "SC1010", "Syntax error, invalid token '#' at position 7."],
    ["SELECT 1a", "SC1010", "Syntax error, invalid token 'a' at position 8."],
    ["SELECT x.y FROM c", "SC2001", "Identifier 'x' at position 7 could not be resolved."],
    ["SELECT * FROM c JOIN t IN d.tags", "SC2001", "Identifier 'd' at position 26 could not be resolved."],
    ["SELECT VALUE c.id FROM d", "SC2001", "Identifier 'c' at position 13 could not be resolved."],
    [
      "SELECT * FROM c JOIN c IN c.tags",
      "SC2011",
      "The input alias 'c' is specified more than once in the FROM clause.",
    ],
    [
      "SELECT c.a, c.b AS a FROM c",
      "SC2050",
      "Cannot create property 'a': an item with the same name was specified in the SELECT list.",
    ],
    ["SELECT *", "SC2040", "'SELECT *' is not valid if the FROM clause is omitted."],
    [
      "SELECT * FROM c JOIN t IN c.t",
      "SC2040",
      "'SELECT *' is not valid if there is more than one input set.",
    ],
    ["SELECT FOO(c.x) FROM c", "SC2005", "'FOO' is not a recognized built-in function name."],
    ["SELECT LENGTH(c.x, 1) FROM c", "SC2061", "The function LENGTH takes exactly 1 argument, not 2."],
    ["SELECT SUBSTRING(c.x) FROM c", "SC2061", "The function SUBSTRING takes exactly 3 arguments, not 1."],
    ["SELECT CONCAT(c.x) FROM c", "SC2061", "The function CONCAT takes at least 2 arguments, not 1."],
    ["SELECT COUNT(c.x, 1) FROM c", "SC2061", "The COUNT function takes exactly 1 argument."],
    ["SELECT udf.f(c.x) FROM c", "SC2100", "A user-defined function (udf.…) is not supported."],
    ["SELECT ST_DISTANCE(c.x, c.y) FROM c", "SC2100", "The function ST_DISTANCE (spatial) is not supported."],
    [
      "SELECT VectorDistance(c.x, @v) FROM c",
      "SC2100",
      "The function VectorDistance (vector search) is not supported.",
    ],
    [
      "SELECT * FROM c WHERE FullTextContains(c.x, 'a')",
      "SC2100",
      "The function FullTextContains (full-text search) is not supported.",
    ],
    [
      "SELECT * FROM c ORDER BY RANK FullTextScore(c.x, 'a')",
      "SC2100",
      "ORDER BY RANK (full-text search) is not supported.",
    ],
    ["SELECT * FROM c LEFT JOIN d IN c.d", "SC2100", "LEFT JOIN is not supported."],
    ["SELECT c.a FROM c GROUP BY c.a HAVING COUNT(1) > 1", "SC2100", "The HAVING clause is not supported."],
    ["SELECT c.a FROM c UNION SELECT 1", "SC2100", "The UNION clause is not supported."],
    ["SELECT CASE WHEN 1 THEN 2 END", "SC2100", "The CASE expression is not supported."],
    ["SELECT VALUE ALL(SELECT 1)", "SC2100", "The ALL expression is not supported."],
    [
      "SELECT c.a, COUNT(1) FROM c GROUP BY c.a ORDER BY c.a",
      "SC2100",
      "ORDER BY together with GROUP BY or an aggregate is not supported.",
    ],
    [
      "SELECT * FROM c WHERE COUNT(1) > 1",
      "SC2103",
      "The aggregate function COUNT at position 22 may stand in the SELECT clause only, and not inside another aggregate.",
    ],
    [
      "SELECT SUM(COUNT(1)) FROM c",
      "SC2103",
      "The aggregate function COUNT at position 11 may stand in the SELECT clause only, and not inside another aggregate.",
    ],
    [
      "SELECT c.id, COUNT(1) FROM c",
      "SC2102",
      "Property reference 'c' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
    ],
    [
      "SELECT * FROM c ORDER BY c.a + 1",
      "SC2106",
      "Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path.",
    ],
    [
      "SELECT c FROM c JOIN t IN c.t ORDER BY t.a",
      "SC2106",
      "Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path.",
    ],
    ["SELECT TOP 1.5 * FROM c", "SC2062", "TOP must be a whole number, not 1.5."],
    [
      "SELECT * FROM c OFFSET 1",
      "SC1001",
      "Syntax error, incorrect syntax near the end of the query at position 24: expected LIMIT, which must follow OFFSET.",
    ],
    [
      `SELECT VALUE ${"(".repeat(200)}1${")".repeat(200)}`,
      "SC3001",
      "The query nests deeper than 128 levels.",
    ],
    [
      `SELECT VALUE 1${" + 1".repeat(500)}`,
      "SC3001",
      "More than 128 operators follow each other without parentheses.",
    ],
    [
      " ".repeat(maximumQueryLength + 1),
      "SC3001",
      `The query text has ${maximumQueryLength + 1} characters; at most ${maximumQueryLength} are allowed.`,
    ],
  ])("%.60s", (text, sqlCode, message) => {
    const error = refusal(text);
    expect([error.code, error.sqlCode, error.message]).toEqual(["BadRequest", sqlCode, message]);
  });

  test("an error knows its place in the text", () => {
    const text = "SELECT c.id, NOPE(c.id) FROM c";
    const { start, end } = refusal(text);
    expect(text.slice(start, end)).toBe("NOPE");
  });
});

const words = (
  "SELECT VALUE DISTINCT TOP * FROM c c.a c['b'] JOIN t IN c.tags WHERE AND OR NOT = != < >= + - * / % ?? ? : || " +
  "( ) [ ] { } , . ORDER BY GROUP ASC DESC OFFSET LIMIT LIKE ESCAPE BETWEEN EXISTS ARRAY COUNT(1) SUM(c.n) " +
  "LENGTH(c.a) UPPER( @p 1 2.5 'x' \"y\" null true undefined AS x udf.f ~ ^ | & << >> >>> {documentdb- -- \n"
).split(" ");

describe("any text", () => {
  const outcome = (text: string) => {
    try {
      compileQuery(text).execute([{ a: 1, n: 2, tags: ["x"] }], new Map());
      return "accepted";
    } catch (error) {
      return error instanceof QueryError ? "refused" : error;
    }
  };

  test("is compiled and run, or refused with a QueryError", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((parts) => parts.join(" ")),
      fc
        .array(fc.constantFrom(...words), { maxLength: 12 })
        .map((parts) => `SELECT VALUE ${parts.join(" ")} FROM c`),
      fc
        .array(fc.constantFrom(...words), { maxLength: 12 })
        .map((parts) => `SELECT * FROM c WHERE ${parts.join(" ")}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(["accepted", "refused"]).toContain(outcome(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["deep arrays", `SELECT VALUE ${"[".repeat(100_000)}`],
    ["deep negation", `SELECT VALUE ${"NOT ".repeat(50_000)}true`],
    ["deep signs", `SELECT VALUE ${"- ".repeat(100_000)}1`],
    ["deep ternaries", `SELECT VALUE ${"1 ? ".repeat(50_000)}1`],
    ["deep subqueries", `SELECT VALUE ${"(SELECT VALUE ".repeat(20_000)}1`],
    ["deep sources", `SELECT * FROM ${"(SELECT * FROM ".repeat(20_000)}c`],
    ["long member chains", `SELECT VALUE c${".a".repeat(100_000)} FROM c`],
  ])("%s are refused", (_name, text) => {
    expect(outcome(text)).toBe("refused");
  });

  test("long chains inside each other never exhaust the stack", () => {
    const text = `SELECT VALUE ${"(".repeat(100)}c.n${`${" + 1".repeat(120)})`.repeat(100)} FROM c`;
    expect(["accepted", "refused"]).toContain(outcome(text));
  });
});

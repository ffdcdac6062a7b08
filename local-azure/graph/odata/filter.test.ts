import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { GraphError } from "../graph-error.ts";
import { readFilter } from "./filter-evaluation.ts";
import { parseFilter } from "./filter-parser.ts";
import type { Filter } from "./filter-syntax.ts";

const filterable = {
  id: "key",
  displayName: "text",
  enabled: "flag",
  createdDateTime: "time",
  tags: "texts",
} as const;
const object = {
  id: "A1",
  displayName: "O'Brien",
  enabled: true,
  createdDateTime: "2026-11-20T08:00:00.000Z",
  tags: ["HideApp", "b"],
};

function matches(filter: string, advanced = false): boolean {
  return readFilter(filter, { type: "application", filterable, advanced })(object);
}

function refusalOf(filter: string, advanced = false): readonly [string, string] {
  try {
    matches(filter, advanced);
  } catch (error) {
    if (error instanceof GraphError) return [error.code, error.message];
  }
  throw new Error(`${filter} was not refused`);
}

describe("a filter", () => {
  test.each([
    ["id eq 'a1'", true],
    ["displayName eq 'o''brien'", true],
    ["displayName eq null", false],
    ["enabled eq true", true],
    ["enabled eq false", false],
    ["startswith(displayName,'O''b')", true],
    ["startsWith( displayName , 'x' )", false],
    ["displayName in ('x', 'O''BRIEN')", true],
    ["id in ('x')", false],
    ["createdDateTime ge 2026-11-20", true],
    ["createdDateTime lt 2026-11-20T08:00:00Z", false],
    ["createdDateTime eq 2026-11-20T09:00:00+01:00", true],
    ["displayName ge 'p'", false],
    ["tags/any(t:t eq 'hideapp')", true],
    ["tags/any(x: startswith(x,'Hide'))", true],
    ["tags/any(t:t eq 'hide')", false],
    ["id eq 'x' or enabled eq true and id eq 'a1'", true],
    ["(id eq 'x' or enabled eq true) and id eq 'b1'", false],
    ["id EQ 'a1' AND enabled eq TRUE", true],
  ])("%s is %s of the object", (filter, expected) => {
    expect(matches(filter)).toBe(expected);
  });

  test.each([
    ["displayName ne 'x'", true],
    ["not (id eq 'a1')", false],
    ["not startswith(displayName,'x') and enabled eq true", true],
    ["endsWith(displayName,'IEN')", true],
  ])("%s needs an advanced query, and is %s then", (filter, expected) => {
    expect(matches(filter, true)).toBe(expected);
    const [code, message] = refusalOf(filter);
    expect(code).toBe("Request_UnsupportedQuery");
    expect(message).toMatch(
      /^Operator: '\w+' is not supported because the required parameters might be missing/,
    );
  });

  const unsupported = (name: string) => [
    "Request_UnsupportedQuery",
    `Unsupported or invalid query filter clause specified for property '${name}' of resource 'Application'.`,
  ];
  const invalid = (message: string) => ["BadRequest", `Invalid filter clause: ${message}`];
  test.each([
    ["tags eq 'x'", unsupported("tags")],
    ["enabled ge true", unsupported("enabled")],
    ["enabled eq 'true'", unsupported("enabled")],
    ["id eq 7", unsupported("id")],
    ["startswith(id,'a')", unsupported("id")],
    ["createdDateTime ge 'yesterday'", unsupported("createdDateTime")],
    ["tags/any(t:u eq 'x')", unsupported("tags")],
    ["tags/any(t:t eq 'x' or t eq 'y')", unsupported("tags")],
    ["displayName/any(t:t eq 'x')", unsupported("displayName")],
    [
      "secret eq 'x'",
      invalid(
        "Could not find a property named 'secret' on type 'microsoft.graph.application' that the local Graph can filter by; it can by id, displayName, enabled, createdDateTime, tags.",
      ),
    ],
    ["", invalid("Expression expected at position 0 in ''.")],
    ["id eq", invalid("Expression expected at position 5 in 'id eq'.")],
    ["id eq 'x", invalid("There is an unterminated string literal at position 8 in 'id eq 'x'.")],
    ["id eq 'x' id", invalid("Syntax error: 'id' is not expected at position 10 in 'id eq 'x' id'.")],
    ["id = 'x'", invalid("Syntax error: character '=' is not valid at position 3 in 'id = 'x''.")],
    [
      "contains(displayName,'x')",
      invalid("Syntax error: '(' is not expected at position 8 in 'contains(displayName,'x')'."),
    ],
    [
      "tags/all(t:t eq 'x')",
      invalid("Syntax error: '(' is not expected at position 8 in 'tags/all(t:t eq 'x')'."),
    ],
  ])("%s is refused", (filter, refusal) => {
    expect(refusalOf(filter)).toEqual(refusal);
  });

  test.each([
    [
      "nested too deep",
      `${"(".repeat(30)}id eq 'x'${")".repeat(30)}`,
      invalid("The filter is nested more than 25 levels deep."),
    ],
    ["too long", `id eq '${"x".repeat(5000)}'`, invalid("The filter is longer than 4096 characters.")],
    [
      "of too many clauses",
      Array.from({ length: 16 }, () => "id eq 'x'").join(" or "),
      [
        "Request_UnsupportedQuery",
        "Too many child clauses specified in search filter expression: 16. Max allowed: 15.",
      ],
    ],
  ])("%s is refused", (_, filter, refusal) => {
    expect(refusalOf(filter)).toEqual(refusal);
  });
});

describe("any filter", () => {
  const clause: fc.Arbitrary<Filter> = fc.oneof(
    fc.record({
      kind: fc.constant("compare" as const),
      operator: fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le"),
      path: fc.constantFrom(["id"] as const, ["api", "version"] as const),
      value: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    }),
    fc.record({
      kind: fc.constant("affix" as const),
      end: fc.constantFrom("startswith", "endswith"),
      path: fc.constant(["displayName"] as const),
      value: fc.string(),
    }),
    fc.record({
      kind: fc.constant("in" as const),
      path: fc.constant(["id"] as const),
      values: fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
    }),
  ) as fc.Arbitrary<Filter>;
  const filter = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      clause,
      fc.record({ kind: fc.constantFrom("and", "or"), left: tie("filter"), right: tie("filter") }),
      fc.record({ kind: fc.constant("not"), operand: tie("filter") }),
    ) as fc.Arbitrary<Filter>,
  })).filter;

  test("means what it meant when it is written and read again", () => {
    fc.assert(fc.property(filter, (parsed) => expect(parseFilter(write(parsed))).toEqual(parsed)));
  });

  test("that is any text is read or refused, never more", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          matches(text, true);
        } catch (error) {
          expect(error).toBeInstanceOf(GraphError);
        }
      }),
    );
  });
});

function write(filter: Filter): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return `(${write(filter.left)}) ${filter.kind} (${write(filter.right)})`;
    case "not":
      return `not (${write(filter.operand)})`;
    case "affix":
      return `${filter.end}(${filter.path.join("/")},${literal(filter.value)})`;
    case "in":
      return `${filter.path.join("/")} in (${filter.values.map(literal).join(",")})`;
    case "compare":
      return `${filter.path.join("/")} ${filter.operator} ${literal(filter.value)}`;
    case "any":
      return `${filter.path.join("/")}/any(${filter.variable}:${write(filter.condition)})`;
  }
}

function literal(value: string | number | boolean | null): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}

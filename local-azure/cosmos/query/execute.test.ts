import { describe, expect, test } from "@jest/globals";
import { compileQuery, type JsonObject } from "./execute.ts";

const items: JsonObject[] = [
  { id: "a", pk: "x", n: 3, team: "red", tags: ["t1", "t2"], kids: [{ name: "k1", toys: ["ball", "car"] }] },
  { id: "b", pk: "x", n: 1, team: "blue", tags: ["t1"], kids: [] },
  { id: "c", pk: "y", n: 2, team: "red", tags: [] },
  { id: "d", pk: "y", team: "blue", extra: null },
  { id: "e", pk: "z", n: "7", team: "red" },
];

function run(text: string, parameters: Record<string, unknown> = {}): unknown[] {
  return compileQuery(text).execute(items, new Map(Object.entries(parameters)));
}

describe("queries", () => {
  test.each<[string, unknown[]]>([
    // projection
    ["SELECT c.id, c.n FROM c WHERE c.pk = 'y'", [{ id: "c", n: 2 }, { id: "d" }]],
    ["SELECT c.id AS key, c.n + 1, c.tags[0] FROM c WHERE c.id = 'a'", [{ key: "a", $1: 4, $2: "t1" }]],
    ["SELECT c.gone FROM c WHERE c.id = 'a'", [{}]],
    ["SELECT VALUE c.extra FROM c", [null]],
    ["SELECT VALUE root.id FROM root WHERE root.n = 1", ["b"]],
    ["SELECT c FROM Items c WHERE c.id = 'e'", [{ c: items[4] }]],
    ["SELECT 1, 'two' AS two", [{ $1: 1, two: "two" }]],
    ["select value x.id from c as x where x.n > 1 -- comment\n", ["a", "c"]],
    // FROM
    ["SELECT * FROM c.kids", [items[0]?.kids, []]],
    ["SELECT VALUE kids[0].name FROM c.kids", ["k1"]],
    ["SELECT VALUE k.name FROM k IN c.kids", ["k1"]],
    ["SELECT VALUE t FROM t IN c['tags']", ["t1", "t2", "t1"]],
    [
      "SELECT c.id, t FROM c JOIN t IN c.tags",
      [
        { id: "a", t: "t1" },
        { id: "a", t: "t2" },
        { id: "b", t: "t1" },
      ],
    ],
    ["SELECT VALUE toy FROM c JOIN k IN c.kids JOIN toy IN k.toys", ["ball", "car"]],
    [
      "SELECT VALUE {t: t, u: u} FROM c JOIN t IN c.tags JOIN u IN c.tags WHERE t < u",
      [{ t: "t1", u: "t2" }],
    ],
    ["SELECT VALUE s.big FROM c JOIN (SELECT c.n > 2 AS big) AS s", [true, false, false]],
    ["SELECT VALUE x FROM c JOIN x IN (SELECT VALUE [c.id, 1]) WHERE c.pk = 'z'", ["e", 1]],
    ["SELECT VALUE t FROM c JOIN (SELECT VALUE t FROM t IN c.tags WHERE t != 't1') AS t", ["t2"]],
    ["SELECT VALUE COUNT(1) FROM (SELECT DISTINCT VALUE c.team FROM c) AS t", [2]],
    ["SELECT VALUE s.id FROM (SELECT c.id, c.n FROM c) AS s WHERE s.n = 2", ["c"]],
    // as LINQ and Entity Framework write them
    [
      'SELECT VALUE root["id"] FROM root JOIN (SELECT VALUE EXISTS(SELECT VALUE k FROM root JOIN k IN root["kids"] ' +
        'WHERE (k["name"] = "k1"))) AS v0 WHERE v0',
      ["a"],
    ],
    [
      'SELECT VALUE c["id"] FROM root c WHERE ((c["extra"] = null) OR (c["n"] > 2)) OFFSET 0 LIMIT @two',
      ["a", "d"],
    ],
    // ORDER BY: an undefined sort value leaves an item out; with several values it sorts first
    ["SELECT VALUE c.id FROM c ORDER BY c.n", ["b", "c", "a", "e"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.n DESC", ["e", "a", "c", "b"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.team, c.n DESC", ["b", "d", "e", "a", "c"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.team", ["b", "d", "a", "c", "e"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.team DESC", ["e", "c", "a", "d", "b"]],
    ["SELECT TOP 2 VALUE c.id FROM c ORDER BY c.n", ["b", "c"]],
    // TOP, OFFSET, LIMIT, DISTINCT
    ["SELECT TOP 0 * FROM c", []],
    ["SELECT TOP @two VALUE c.id FROM c", ["a", "b"]],
    ["SELECT VALUE c.id FROM c OFFSET 1 LIMIT 2", ["b", "c"]],
    ["SELECT VALUE c.id FROM c OFFSET @two LIMIT @two", ["c", "d"]],
    ["SELECT VALUE c.id FROM c OFFSET 9 LIMIT 2", []],
    ["SELECT DISTINCT VALUE c.team FROM c", ["red", "blue"]],
    ["SELECT DISTINCT c.n FROM c WHERE c.pk != 'x'", [{ n: 2 }, {}, { n: "7" }]],
    ["SELECT DISTINCT VALUE c.team FROM c OFFSET 1 LIMIT 5", ["blue"]],
    ["SELECT DISTINCT TOP 1 VALUE c.team FROM c ORDER BY c.team", ["blue"]],
    // aggregates
    ["SELECT VALUE COUNT(1) FROM c", [5]],
    ["SELECT COUNT(c.n), COUNT(*) AS allItems FROM c", [{ $1: 4, allItems: 5 }]],
    ["SELECT VALUE SUM(c.n) FROM c", []],
    ["SELECT SUM(c.n) AS s, AVG(c.n) AS a, COUNT(1) AS k FROM c WHERE c.pk = 'x'", [{ s: 4, a: 2, k: 2 }]],
    ["SELECT MIN(c.n) AS low, MAX(c.n) AS high FROM c", [{ low: 1, high: "7" }]],
    ["SELECT VALUE MAX(c.tags) FROM c", []],
    [
      "SELECT SUM(c.n) AS s, AVG(c.n) AS a, MIN(c.n) AS m, COUNT(1) AS k FROM c WHERE false",
      [{ s: 0, k: 0 }],
    ],
    ["SELECT VALUE MAX(c.n) - MIN(c.n) FROM c WHERE IS_NUMBER(c.n)", [2]],
    // GROUP BY
    [
      "SELECT c.team, COUNT(1) AS k FROM c GROUP BY c.team",
      [
        { team: "red", k: 3 },
        { team: "blue", k: 2 },
      ],
    ],
    ["SELECT VALUE c.team FROM c GROUP BY c.team", ["red", "blue"]],
    ["SELECT c.extra, COUNT(1) AS k FROM c GROUP BY c.extra", [{ k: 4 }, { extra: null, k: 1 }]],
    ["SELECT UPPER(c.team) AS t FROM c GROUP BY UPPER(c.team)", [{ t: "RED" }, { t: "BLUE" }]],
    [
      "SELECT c.pk, c.team, COUNT(1) AS k FROM c GROUP BY c.pk, c.team OFFSET 3 LIMIT 9",
      [
        { pk: "y", team: "blue", k: 1 },
        { pk: "z", team: "red", k: 1 },
      ],
    ],
    ["SELECT COUNT(1) AS k FROM c WHERE false GROUP BY c.team", []],
    // what clients rewrite queries to
    [
      'SELECT c._rid, [{"item": c.n}] AS orderByItems, c.id AS payload FROM c WHERE ' +
        "({documentdb-formattableorderbyquery-filter}) ORDER BY c.n DESC OFFSET 0 LIMIT 1",
      [{ orderByItems: [{ item: "7" }], payload: "e" }],
    ],
    ['SELECT VALUE [{"item": COUNT(1)}] FROM c', [[{ item: 5 }]]],
    [
      'SELECT VALUE [{"item": {"sum": SUM(c.n), "count": COUNT(c.n)}}] FROM c WHERE c.pk = "x"',
      [[{ item: { sum: 4, count: 2 } }]],
    ],
    [
      'SELECT [{"item": c.team}] AS groupByItems, {"team": c.team, "k": {"item": COUNT(1)}} AS payload FROM c ' +
        "WHERE c.pk = 'x' GROUP BY c.team",
      [
        { groupByItems: [{ item: "red" }], payload: { team: "red", k: { item: 1 } } },
        { groupByItems: [{ item: "blue" }], payload: { team: "blue", k: { item: 1 } } },
      ],
    ],
  ])("%s", (text, expected) => {
    expect(run(text, { "@two": 2 })).toEqual(expected);
    const streamed = [...compileQuery(text).stream(items, new Map([["@two", 2]]))];
    expect(streamed).toEqual(expected);
  });

  test("whole items keep their identity", () => {
    const query = compileQuery("SELECT * FROM c WHERE c.pk = @pk AND c.n > @n ORDER BY c.n");
    expect(query.returnsItems).toBe(true);
    const [first, second] = query.execute(
      items,
      new Map<string, unknown>([
        ["@pk", "x"],
        ["@n", 0],
      ]),
    );
    expect(first).toBe(items[1]);
    expect(second).toBe(items[0]);
  });

  test("streaming takes no more items than it needs", () => {
    let taken = 0;
    function* source() {
      for (const item of items) {
        taken += 1;
        yield item;
      }
    }
    const results = compileQuery("SELECT VALUE c.id FROM c JOIN t IN c.tags").stream(source(), new Map());
    expect([results.next().value, results.next().value, taken]).toEqual(["a", "a", 1]);
    results.return();
    taken = 0;
    expect([...compileQuery("SELECT TOP 1 VALUE c.id FROM c").stream(source(), new Map())]).toEqual(["a"]);
    expect(taken).toBe(1);
  });

  test.each<[string, Record<string, unknown>]>([
    ["SELECT VALUE COUNT(1) FROM c", { isCountAll: true, usesAggregates: true, needsAllItems: true }],
    ["SELECT VALUE COUNT(*) FROM root", { isCountAll: true }],
    ["SELECT VALUE COUNT(c.n) FROM c", { isCountAll: false }],
    ["SELECT COUNT(1) FROM c", { isCountAll: false }],
    ["SELECT VALUE COUNT(1) FROM c WHERE true", { isCountAll: false }],
    ["SELECT VALUE COUNT(1) FROM c JOIN t IN c.tags", { isCountAll: false }],
    ["SELECT VALUE COUNT(1) FROM t IN c.tags", { isCountAll: false }],
    ["SELECT * FROM c", { returnsItems: true, needsAllItems: false }],
    ["SELECT VALUE c FROM c JOIN t IN c.tags", { returnsItems: true, needsAllItems: false }],
    ["SELECT * FROM c.kids", { returnsItems: false }],
    ["SELECT DISTINCT TOP 1 c.id FROM c", { usesDistinct: true, usesTop: true, returnsItems: false }],
    ["SELECT c.id FROM c ORDER BY c.id OFFSET 0 LIMIT 1", { usesOrderBy: true, usesOffsetLimit: true }],
    ["SELECT c.id FROM c GROUP BY c.id", { usesGroupBy: true, needsAllItems: true }],
  ])("%s is described by %j", (text, expected) => {
    expect(compileQuery(text)).toMatchObject(expected);
  });

  test.each<[string, unknown]>([
    ["SELECT * FROM c WHERE c.pk = @p AND (c.n > 1 AND 'r' = c.a[\"b\"])", [["pk"], "P", ["a", "b"], "r"]],
    ["SELECT * FROM c WHERE c.pk = @p OR c.n = 1", []],
    ["SELECT * FROM c WHERE NOT c.pk = @p", []],
    ["SELECT * FROM c WHERE c.pk = c.n AND c.list[0] = 1", []],
    ["SELECT c FROM c JOIN t IN c.tags WHERE t.pk = 1 AND c.pk = @absent", [["pk"], undefined]],
    ["SELECT VALUE o FROM c.a AS o WHERE o.pk = true", [["a", "pk"], true]],
    ["SELECT VALUE t FROM t IN c.tags WHERE t.pk = 1", []],
    ["SELECT * FROM (SELECT VALUE c FROM c) AS s WHERE s.pk = 1", []],
  ])("filters of %s", (text, expected) => {
    const filters = compileQuery(text).partitionFilters(new Map([["@p", "P"]]));
    expect(filters.flatMap(({ path, value }) => [path, value])).toEqual(expected);
  });

  test("the clock and the random source are the environment's", () => {
    const times = [1_700_000_000_123.5, 1_700_000_000_500, 1_700_000_000_600];
    const environment = { nowMs: () => times.shift() ?? 0, random: () => 0.25 };
    const query = compileQuery(
      "SELECT VALUE [GetCurrentDateTimeStatic(), GetCurrentTimestamp(), GetCurrentTicks(), RAND()]",
      environment,
    );
    expect(query.execute([], new Map())).toEqual([
      ["2023-11-14T22:13:20.1235000Z", 1_700_000_000_500, 17_000_000_006_000_000, 0.25],
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      "SELECT TOP @p * FROM c",
      { "@p": -1 },
      "The value of @p is used in TOP, so it must be a whole number that is not negative.",
    ],
    [
      "SELECT * FROM c OFFSET 0 LIMIT @p",
      {},
      "The value of @p is used in LIMIT, so it must be a whole number that is not negative.",
    ],
    [
      "SELECT VALUE c.id LIKE 'a' ESCAPE 'xx' FROM c",
      {},
      "The ESCAPE clause of LIKE takes a string of exactly one character.",
    ],
  ])("%s with %j is refused", (text, parameters, message) => {
    expect(() => run(text, parameters)).toThrow(message);
  });

  test("joins that multiply rows without bound are stopped", () => {
    const long = { a: Array.from({ length: 4_000 }, (_, index) => index) };
    const query = compileQuery(
      "SELECT VALUE COUNT(1) FROM c JOIN x IN c.a JOIN y IN c.a JOIN z IN c.a WHERE x = -1",
    );
    expect(() => query.execute([long], new Map())).toThrow(
      "The joins and subqueries of the query produce more than 10000000 rows.",
    );
  });

  test("an array that is collected without bound is stopped", () => {
    const long = { a: Array.from({ length: 1_500 }, (_, index) => index) };
    const query = compileQuery("SELECT VALUE ARRAY(SELECT VALUE 1 FROM x IN c.a JOIN y IN c.a) FROM c");
    expect(() => query.execute([long], new Map())).toThrow("The query collects more than 2000000 values.");
  });

  test("a value nested deeper than the stack is refused, not fatal", () => {
    const deep = {
      v: JSON.parse("[".repeat(200_000) + "]".repeat(200_000)),
      w: JSON.parse("[".repeat(200_000) + "]".repeat(200_000)),
    };
    const query = compileQuery("SELECT VALUE c.v = c.w FROM c");
    expect(() => query.execute([deep], new Map())).toThrow(
      "The query or a value that it touches nests too deeply.",
    );
  });
});

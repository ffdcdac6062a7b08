import { describe, expect, test } from "@jest/globals";
import { compileQuery } from "../execute.ts";
import { functions } from "./registry.ts";

function call(expression: string): unknown {
  return compileQuery(`SELECT VALUE ${expression}`).execute([], new Map())[0];
}

/** Calls with their results; `undefined` where there is no value. Many are examples of the documentation. */
const calls: readonly (readonly [string, unknown])[] = [
  // strings
  ["CONCAT('a', 'b', 'c')", "abc"],
  ["CONCAT('a', 1)", undefined],
  ["CONCAT('a', undefined)", undefined],
  ["CONTAINS('abc', 'B')", false],
  ["CONTAINS('abc', 'B', true)", true],
  ["CONTAINS(1, 'B')", undefined],
  ["ENDSWITH('abc', 'bc')", true],
  ["STARTSWITH('abc', 'AB', true)", true],
  ["STRINGEQUALS('a', 'A', true)", true],
  ["StringEquals('a', 'A')", false],
  ["STRING_EQUALS('a', 'a')", true],
  ["INDEX_OF('AdventureWorks', 'Works')", 9],
  ["INDEX_OF('AdventureWorks', 'Works', 10)", -1],
  ["INDEX_OF('AdventureWorks', 'aD')", -1],
  ["LEFT('abc', 2)", "ab"],
  ["LEFT('abc', 9)", "abc"],
  ["LEFT('abc', -1)", ""],
  ["LEFT('abc', 1.5)", undefined],
  ["RIGHT('abc', 2)", "bc"],
  ["RIGHT('abc', 9)", "abc"],
  ["RIGHT('abc', 0)", ""],
  ["LENGTH('abc')", 3],
  ["LENGTH(null)", undefined],
  ["LOWER('ABC')", "abc"],
  ["UPPER('abc')", "ABC"],
  ["LTRIM('  a ')", "a "],
  ["LTRIM('AdventureWorks', 'Adventure')", "Works"],
  ["RTRIM(' a  ')", " a"],
  ["TRIM(' a ')", "a"],
  ["REPLACE('aXbX', 'X', '--')", "a--b--"],
  ["REPLACE('a', '', 'b')", undefined],
  ["REPLICATE('ab', 3)", "ababab"],
  ["REPLICATE('ab', -1)", undefined],
  ["REPLICATE('ab', 5001)", undefined],
  ["REVERSE('abc')", "cba"],
  ["SUBSTRING('AdventureWorks', 9, 5)", "Works"],
  ["SUBSTRING('abc', 0, -1)", ""],
  ["SUBSTRING('abc', -1, 2)", ""],
  ["SUBSTRING('abc', 1, 99)", "bc"],
  ["REGEXMATCH('abcd', 'aB c', 'ix')", true],
  ["RegexMatch('salt3824908', 'salt{1}')", true],
  ["RegexMatch('abcd', 'ABC')", false],
  ["RegexMatch(1, 'a')", undefined],
  ["STRINGJOIN(['a', 'b'], ', ')", "a, b"],
  ["STRINGJOIN(['a', 1], ', ')", undefined],
  ["STRINGSPLIT('a,b,,', ',')", ["a", "b", "", ""]],
  // conversions
  ["StringToArray('[1, [\"x\"]]')", [1, ["x"]]],
  ["StringToArray(\"['x']\")", undefined],
  ["StringToBoolean('  true ')", true],
  ["StringToBoolean('TRUE')", undefined],
  ["StringToNull(' null')", null],
  ["StringToNumber('   60   ')", 60],
  ["StringToNumber('-1.79769e+308')", -1.79769e308],
  ["StringToNumber('Hello')", undefined],
  ["StringToNumber('0x10')", undefined],
  ["StringToObject('{\"a\":{}}')", { a: {} }],
  ["StringToObject('[]')", undefined],
  ["ToString(0.1234)", "0.1234"],
  ["ToString([1, {a: null}])", '[1,{"a":null}]'],
  ["ToString('x')", "x"],
  ["ToString(NaN)", "NaN"],
  ["ToString(undefined)", undefined],
  // arrays
  ["ARRAY_CONCAT([1], [], [2, 3])", [1, 2, 3]],
  ["ARRAY_CONCAT([1], 2)", undefined],
  ["ARRAY_CONTAINS(['coats', 'hats'], 'coats')", true],
  ["ARRAY_CONTAINS([{a: 1, b: 2}], {a: 1})", false],
  ["ARRAY_CONTAINS([{a: 1, b: 2}], {a: 1}, true)", true],
  ["ARRAY_CONTAINS([1], undefined)", undefined],
  ["ARRAY_CONTAINS('x', 'x')", undefined],
  ["ARRAY_CONTAINS_ANY([1, true, '3', [1, 2]], 9, [1, 2])", true],
  ["ARRAY_CONTAINS_ANY([1, 2], 1, undefined)", true],
  ["ARRAY_CONTAINS_ANY([1, 2], 5, undefined)", undefined],
  ["ARRAY_CONTAINS_ANY([], 1)", false],
  ["ARRAY_CONTAINS_ALL([1, 2, 3], 2, 3)", true],
  ["ARRAY_CONTAINS_ALL([1, 2, 3], 2, undefined)", undefined],
  ["ARRAY_CONTAINS_ALL([1, 2, 3], 5, undefined)", false],
  ["ARRAY_LENGTH([1, null])", 2],
  ["ARRAY_LENGTH('ab')", undefined],
  ["ARRAY_SLICE(['a', 'b', 'c'], 1)", ["b", "c"]],
  ["ARRAY_SLICE(['a', 'b', 'c'], -2, 1)", ["b"]],
  ["ARRAY_SLICE(['a', 'b', 'c'], 1, -100)", []],
  ["ARRAY_SLICE(['a', 'b', 'c'], 1, 1000)", ["b", "c"]],
  ["CHOOSE(1, 'adventure', 'works')", "adventure"],
  ["CHOOSE(3, 'adventure', 'works')", undefined],
  ["CHOOSE(2, undefined, 'works')", "works"],
  [
    "ObjectToArray({a: 1, b: '2'})",
    [
      { k: "a", v: 1 },
      { k: "b", v: "2" },
    ],
  ],
  ["ObjectToArray({a: 1}, 'name', 'value')", [{ name: "a", value: 1 }]],
  ["SetIntersect([1, 2, 2, {a: 1}], [{a: 1}, 2])", [2, { a: 1 }]],
  ["SetUnion([1, 1, '1'], [2, 1])", [1, "1", 2]],
  // types
  ["IS_ARRAY([])", true],
  ["IS_ARRAY({})", false],
  ["IS_BOOL(false)", true],
  ["IS_DEFINED(undefined)", false],
  ["IS_DEFINED(null)", true],
  ["IS_FINITE_NUMBER(8.9 / 0.0)", false],
  ["IS_FINITE_NUMBER(1)", true],
  ["IS_INTEGER(3454.123)", false],
  ["IS_INTEGER(9223372036854775807)", true],
  ["IS_INTEGER(18446744073709551615)", false],
  ["IS_NULL(null)", true],
  ["IS_NULL(undefined)", false],
  ["IS_NUMBER(SQRT(-1))", true],
  ["IS_OBJECT({})", true],
  ["IS_OBJECT(null)", false],
  ["IS_PRIMITIVE('x')", true],
  ["IS_PRIMITIVE(undefined)", false],
  ["IS_STRING('')", true],
  // mathematics
  ["ABS(-2)", 2],
  ["ABS('2')", undefined],
  ["ACOS(1)", 0],
  ["ASIN(0)", 0],
  ["ATAN(0)", 0],
  ["ATN2(0, 1)", 0],
  ["CEILING(1.2)", 2],
  ["COS(0)", 1],
  ["COT(PI() / 4)", 1 / Math.tan(Math.PI / 4)],
  ["DEGREES(PI())", 180],
  ["EXP(0)", 1],
  ["FLOOR(-1.2)", -2],
  ["LOG(EXP(1))", 1],
  ["LOG(8, 2)", 3],
  ["LOG(0)", "-Infinity"],
  ["LOG10(1000)", Math.log10(1000)],
  ["NumberBin(37.752, 0.1)", 37.7],
  ["NumberBin(37.752, -100)", 100],
  ["NumberBin(37.752)", 37],
  ["NumberBin(37.752, 0)", undefined],
  ["PI()", Math.PI],
  ["POWER(2, 10)", 1024],
  ["RADIANS(180)", Math.PI],
  ["RAND() < 1", true],
  ["ROUND(2.5)", 3],
  ["ROUND(-2.5)", -3],
  ["ROUND(2.4)", 2],
  ["SIGN(-3)", -1],
  ["SIN(0)", 0],
  ["SQRT(9)", 3],
  ["SQRT(-1)", "NaN"],
  ["SQUARE(3)", 9],
  ["TAN(0)", 0],
  ["TRUNC(-2.7)", -2],
  ["IIF(true, 1, 2)", 1],
  ["IIF('ABC', 123, 456)", 456],
  ["IIF(undefined, 1, 2)", 2],
  // 64-bit integers
  ["IntAdd(20, 10)", 30],
  ["IntAdd(20, 0.10)", undefined],
  ["IntSub(25, 50)", -25],
  ["IntMul(5, 2)", 10],
  ["IntDiv(10, -2)", -5],
  ["IntDiv(10, 0)", undefined],
  ["IntMod(12, 5)", 2],
  ["IntMod(12, 0)", undefined],
  ["IntBitAnd(15, 25)", 9],
  ["IntBitOr(56, 100)", 124],
  ["IntBitXor(56, 100)", 92],
  ["IntBitNot(65)", -66],
  ["IntBitLeftShift(16, 4)", 256],
  ["IntBitLeftShift(1, 63)", -(2 ** 63)],
  ["IntBitLeftShift(16, 0.4)", undefined],
  ["IntBitRightShift(-16, 4)", -1],
  // dates
  ["DateTimeAdd('mm', 1, '2020-01-31T12:00:00.0000000Z')", "2020-02-29T12:00:00.0000000Z"],
  ["DateTimeAdd('yyyy', -1, '2020-07-03T00:00:00.0000000Z')", "2019-07-03T00:00:00.0000000Z"],
  ["DateTimeAdd('ns', 250, '2020-07-03T00:00:00.0000000Z')", "2020-07-03T00:00:00.0000002Z"],
  ["DateTimeAdd('hh', 1.5, '2020-07-03T00:00:00.0000000Z')", undefined],
  ["DateTimeAdd('week', 1, '2020-07-03T00:00:00.0000000Z')", undefined],
  ["DateTimeAdd('dd', 1, 'yesterday')", undefined],
  ["DateTimeAdd('yyyy', 8000, '2020-07-03')", undefined],
  ["DateTimeBin('2021-01-08T18:35:00.0000000', 'hh', 5)", "2021-01-08T15:00:00.0000000Z"],
  ["DateTimeBin('2021-01-08T18:35:00.0000000', 'dd', 7)", "2021-01-07T00:00:00.0000000Z"],
  [
    "DateTimeBin('2021-01-08T18:35:00.0000000', 'dd', 7, '1601-01-01T00:00:00.0000000')",
    "2021-01-04T00:00:00.0000000Z",
  ],
  ["DateTimeDiff('yyyy', '2028-01-01T01:02:03.1234527Z', '2020-01-03T01:02:03.1234567Z')", -8],
  ["DateTimeDiff('hh', '2020-01-01T01:00:00.1234527Z', '2020-01-01T01:59:59.1234567Z')", 0],
  ["DateTimeDiff('ss', '2019-02-04T16:00:00.0000000', '2018-03-05T05:00:00.0000000')", -29_070_000],
  ["DateTimeFromParts(2017, 4, 20, 13, 15)", "2017-04-20T13:15:00.0000000Z"],
  ["DateTimeFromParts(2017, 4, 20, 13, 15, 20, 3456789)", "2017-04-20T13:15:20.3456789Z"],
  ["DateTimeFromParts(2017, 2, 29)", undefined],
  ["DateTimePart('yyyy', '2016-05-29T08:30:00.1301617')", 2016],
  ["DateTimePart('ms', '2016-05-29T08:30:00.1301617')", 130],
  ["DateTimePart('mcs', '2016-05-29T08:30:00.1301617')", 130_161],
  ["DateTimePart('ns', '2016-05-29T08:30:00.1301617')", 130_161_700],
  ["DateTimeToTicks('2015-05-19T12:00:00.0000000')", 14_320_368_000_000_000],
  ["DateTimeToTimestamp('1969-12-31T23:59:59.9990000Z')", -1],
  ["TicksToDateTime(15943368134575530)", "2020-07-09T23:20:13.4575530Z"],
  ["TimestampToDateTime(1594227912345)", "2020-07-08T17:05:12.3450000Z"],
  ["LENGTH(GetCurrentDateTime())", 28],
  ["GetCurrentTimestamp() > 1.6e12", true],
  ["GetCurrentTicks() > 1.6e16", true],
  ["LENGTH(GetCurrentDateTimeStatic())", 28],
  ["GetCurrentTimestampStatic() > 1.6e12", true],
  ["GetCurrentTicksStatic() > 1.6e16", true],
];

describe("built-in functions", () => {
  test.each(calls)("%s", (expression, expected) => {
    expect(call(expression)).toEqual(expected);
  });

  test("every function has a row in the table", () => {
    const called = new Set(
      calls.flatMap(([expression]) => expression.toUpperCase().match(/[A-Z_0-9]+(?=\()/g) ?? []),
    );
    expect([...functions.keys()].filter((name) => !called.has(name))).toEqual([]);
  });

  test("a string that doubles again and again is stopped", () => {
    let expression = "'0123456789abcdef'";
    for (let level = 0; level < 30; level++)
      expression = `(SELECT VALUE x || x FROM (SELECT VALUE ${expression}) AS x)`;
    expect(() => call(expression)).toThrow(
      "An expression of the query builds a string longer than 16777216 characters.",
    );
  });

  test("an array that doubles again and again is stopped", () => {
    let expression = "[1, 2, 3, 4, 5, 6, 7, 8]";
    for (let level = 0; level < 25; level++) {
      expression = `(SELECT VALUE ARRAY_CONCAT(x, x) FROM (SELECT VALUE ${expression}) AS x)`;
    }
    expect(() => call(expression)).toThrow(
      "An expression of the query builds an array of more than 1000000 elements.",
    );
  });
});

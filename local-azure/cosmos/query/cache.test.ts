import { describe, expect, test } from "@jest/globals";
import { QueryCache } from "./cache.ts";
import { QueryError } from "./errors.ts";

describe("QueryCache", () => {
  test("keeps the queries used last", () => {
    const cache = new QueryCache({ capacity: 2 });
    const first = cache.get("SELECT 1");
    cache.get("SELECT 2");
    expect(cache.get("SELECT 1")).toBe(first);
    cache.get("SELECT 3");
    expect(cache.size).toBe(2);
    expect(cache.get("SELECT 1")).toBe(first);
  });

  test("bounds the text that it keeps", () => {
    const cache = new QueryCache({ maximumCharacters: 20 });
    const first = cache.get("SELECT 1");
    cache.get("SELECT 2");
    cache.get("SELECT 'abcdefghij'");
    expect(cache.size).toBe(1);
    expect(cache.get("SELECT 1")).not.toBe(first);
    cache.get(`SELECT '${"x".repeat(50)}'`);
    expect(cache.size).toBe(0);
  });

  test("keeps no refused query", () => {
    const cache = new QueryCache();
    expect(() => cache.get("SELECT")).toThrow(QueryError);
    expect(cache.size).toBe(0);
  });

  test("gives its environment to the queries", () => {
    const cache = new QueryCache({ environment: { nowMs: () => 42, random: () => 0.5 } });
    expect(cache.get("SELECT VALUE GetCurrentTimestamp() + RAND()").execute([], new Map())).toEqual([42.5]);
  });
});

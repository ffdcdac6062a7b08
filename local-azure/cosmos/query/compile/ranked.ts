import { spendValue } from "../frame.ts";
import { compareValues } from "../value.ts";
import type { BlockContext, Collect } from "./collect.ts";
import { compileProjection } from "./projection.ts";

/** Compiles a block without ORDER BY and grouping: each row gives its result at once. */
export function compileUnranked({ query, scope, cells, compiler }: BlockContext): Collect {
  const project = compileProjection(query, scope, cells, compiler);
  return (frame, accept) => ({ take: () => accept(project(frame)), finish: () => false });
}

/**
 * Compiles a block with ORDER BY. A row whose only sort value is undefined is left out, as the default
 * indexing policy has it; with several sort values (which the service serves from a composite index) such a
 * row stays and sorts lowest. Equal rows keep the order of their items, or the reverse of it when the first
 * sort value descends: the service then reads its index backwards.
 */
export function compileRanked({ query, scope, cells, compiler }: BlockContext): Collect {
  const project = compileProjection(query, scope, cells, compiler);
  const keys = query.orderBy.map((item) => compiler.compile(item.expression, scope));
  const signs = query.orderBy.map((item) => (item.descending ? -1 : 1));
  const [firstKey] = keys;
  const [firstSign] = signs;
  if (firstKey === undefined || firstSign === undefined)
    throw new RangeError("ORDER BY without an expression");
  if (keys.length === 1) {
    return (frame, accept) => {
      const rows: { key: unknown; value: unknown; place: number }[] = [];
      return {
        take: () => {
          const key = firstKey(frame);
          spendValue(frame);
          if (key !== undefined) rows.push({ key, value: project(frame), place: rows.length });
          return false;
        },
        finish: () => {
          rows.sort(
            (left, right) => firstSign * (compareValues(left.key, right.key) || left.place - right.place),
          );
          return rows.some((row) => accept(row.value));
        },
      };
    };
  }
  return (frame, accept) => {
    const rows: { keys: unknown[]; value: unknown; place: number }[] = [];
    return {
      take: () => {
        spendValue(frame);
        rows.push({ keys: keys.map((key) => key(frame)), value: project(frame), place: rows.length });
        return false;
      },
      finish: () => {
        rows.sort((left, right) => {
          for (let index = 0; index < signs.length; index++) {
            const order = compareValues(left.keys[index], right.keys[index]);
            if (order !== 0) return order * (signs[index] ?? 1);
          }
          return firstSign * (left.place - right.place);
        });
        return rows.some((row) => accept(row.value));
      },
    };
  };
}

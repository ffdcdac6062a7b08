import { unsupported } from "../errors.ts";
import { type Evaluate, type Frame, noteNumber, spendValue } from "../frame.ts";
import { expressionKey } from "../syntax/inspect.ts";
import { identityKey } from "../value.ts";
import { type Accumulator, aggregates } from "./aggregates.ts";
import type { BlockContext, Collect } from "./collect.ts";
import { compileProjection } from "./projection.ts";

interface AggregateCall {
  readonly cell: number;
  readonly argument: Evaluate;
  readonly create: () => Accumulator;
}

interface Group {
  readonly keys: readonly unknown[];
  readonly accumulators: readonly Accumulator[];
}

/**
 * Compiles a block with GROUP BY or aggregates. Its SELECT clause sees group keys and aggregates only. Rows
 * whose group keys are undefined form a group too. Without GROUP BY there is exactly one group, also when
 * there are no rows.
 *
 * @throws QueryError for ORDER BY with GROUP BY or an aggregate, which the service refuses too
 */
export function compileGrouped({ query, scope, cells, compiler }: BlockContext): Collect {
  if (query.orderBy.length > 0) throw unsupported("ORDER BY together with GROUP BY or an aggregate");
  const { layout } = scope;
  const keyValues = query.groupBy.map((expression) => compiler.compile(expression, scope));
  const keyCells = query.groupBy.map(() => layout.newCell());
  const calls: AggregateCall[] = [];
  const grouping = {
    keys: new Map(
      query.groupBy.map((expression, index) => [expressionKey(expression), keyCells[index] ?? 0]),
    ),
    rowScope: scope,
    addAggregate: (name: string, argument: Evaluate) => {
      const create = aggregates.get(name);
      if (create === undefined) throw unsupported(`The aggregate ${name}`);
      const cell = layout.newCell();
      calls.push({ cell, argument, create });
      return cell;
    },
  };
  const project = compileProjection(query, scope.grouped(grouping), cells, compiler);
  const newGroup = (keys: readonly unknown[]): Group => ({
    keys,
    accumulators: calls.map((call) => call.create()),
  });
  return (frame, accept) => {
    const groups = new Map<string, Group>();
    if (keyValues.length === 0) groups.set("", newGroup([]));
    return {
      take: () => {
        const keys = keyValues.map((key) => key(frame));
        const name = groupName(keys);
        let group = groups.get(name);
        if (group === undefined) {
          spendValue(frame);
          group = newGroup(keys);
          groups.set(name, group);
        }
        for (const [index, call] of calls.entries()) group.accumulators[index]?.add(call.argument(frame));
        return false;
      },
      finish: () => {
        for (const group of groups.values()) {
          publish(group, frame);
          if (accept(project(frame))) return true;
        }
        return false;
      },
    };
  };

  function publish(group: Group, frame: Frame): void {
    for (const [index, cell] of keyCells.entries()) frame.cells[cell] = group.keys[index];
    for (const [index, call] of calls.entries()) {
      const result = group.accumulators[index]?.result();
      frame.cells[call.cell] = typeof result === "number" ? noteNumber(frame, result) : result;
    }
  }
}

function groupName(keys: readonly unknown[]): string {
  if (keys.length === 0) return "";
  return keys.length === 1 ? identityKey(keys[0]) : JSON.stringify(keys.map(identityKey));
}

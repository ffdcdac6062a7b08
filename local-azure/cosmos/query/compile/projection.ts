import { QueryError } from "../errors.ts";
import type { Evaluate } from "../frame.ts";
import type { SelectItem, SelectQuery } from "../syntax/ast.ts";
import { setProperty } from "../value.ts";
import type { ExpressionCompiler } from "./expression.ts";
import type { Scope } from "./scope.ts";

/**
 * Compiles the SELECT clause. `SELECT *` and `SELECT VALUE c` give the very object that was passed in. A list
 * gives an object without the properties whose values are undefined; items without a name are called `$1`,
 * `$2`, … in their order.
 *
 * @param cells the cells of the FROM sources
 * @throws QueryError for `*` without exactly one source, or a name used twice
 */
export function compileProjection(
  query: SelectQuery,
  scope: Scope,
  cells: readonly number[],
  compiler: ExpressionCompiler,
): Evaluate {
  const { projection } = query;
  if (projection.type === "value") return compiler.compile(projection.expression, scope);
  if (projection.type === "all") {
    const [cell] = cells;
    if (cell === undefined || cells.length !== 1) {
      const reason = cell === undefined ? "the FROM clause is omitted" : "there is more than one input set";
      throw new QueryError(
        `'SELECT *' is not valid if ${reason}.`,
        "SC2040",
        projection.start,
        projection.start + 1,
      );
    }
    if (query.groupBy.length > 0) {
      throw new QueryError("'SELECT *' is not valid with GROUP BY.", "SC2040", projection.start);
    }
    return (frame) => frame.cells[cell];
  }
  const names = nameItems(projection.items);
  const properties = projection.items.map((item, index) => ({
    name: names[index] ?? "",
    value: compiler.compile(item.expression, scope),
  }));
  return (frame) => {
    const result: Record<string, unknown> = {};
    for (const { name, value } of properties) {
      const evaluated = value(frame);
      if (evaluated !== undefined) setProperty(result, name, evaluated);
    }
    return result;
  };
}

function nameItems(items: readonly SelectItem[]): string[] {
  let unnamed = 0;
  const seen = new Set<string>();
  return items.map((item) => {
    const name = item.alias ?? derivedName(item) ?? `$${++unnamed}`;
    if (seen.has(name)) {
      throw new QueryError(
        `Cannot create property '${name}': an item with the same name was specified in the SELECT list.`,
        "SC2050",
        item.start,
        item.end,
      );
    }
    seen.add(name);
    return name;
  });
}

function derivedName({ expression }: SelectItem): string | undefined {
  if (expression.type === "identifier") return expression.name;
  if (expression.type !== "member" || expression.index.type !== "literal") return undefined;
  return typeof expression.index.value === "string" ? expression.index.value : undefined;
}

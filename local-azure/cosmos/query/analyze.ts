import { aggregates } from "./compile/aggregates.ts";
import type { RootBinding } from "./compile/source.ts";
import { QueryError } from "./errors.ts";
import type { Expression, SelectQuery } from "./syntax/ast.ts";
import { propertyPath } from "./syntax/inspect.ts";

/** A property of the item that WHERE requires to equal a literal or a parameter. */
export interface RootEquality {
  readonly path: readonly string[];
  readonly operand: { readonly value: unknown } | { readonly parameter: string };
}

/** The equality conditions on the item's properties that AND joins in WHERE. */
export function rootEqualities({ where }: SelectQuery, root: RootBinding | undefined): RootEquality[] {
  if (where === undefined || root === undefined || root.iterate) return [];
  const prefix = root.path.filter((step) => typeof step === "string");
  if (prefix.length !== root.path.length) return [];
  const conditions = where.type === "logical" && where.operator === "AND" ? flatten(where) : [where];
  return conditions.flatMap((condition) => {
    if (condition.type !== "binary" || condition.operator !== "=") return [];
    const { left, right } = condition;
    return [
      { property: left, other: right },
      { property: right, other: left },
    ].flatMap(({ property, other }) => {
      const found = propertyPath(property);
      const operand = toOperand(other);
      if (found === undefined || operand === undefined || found.alias !== root.alias) return [];
      const path = [...prefix, ...found.path];
      return path.length === 0 ? [] : [{ path, operand }];
    });
  });
}

function flatten(node: Expression): Expression[] {
  return node.type === "logical" && node.operator === "AND" ? node.operands.flatMap(flatten) : [node];
}

function toOperand(node: Expression): RootEquality["operand"] | undefined {
  if (node.type === "literal") return { value: node.value };
  return node.type === "parameter" ? { parameter: node.name } : undefined;
}

/** Whether a query is a bare count of the container. */
export function isCountAll(query: SelectQuery, root: RootBinding | undefined): boolean {
  const { projection, distinct, top, sources, where, groupBy, offset } = query;
  if (distinct || top !== undefined || where !== undefined || offset !== undefined) return false;
  if (groupBy.length > 0 || sources.length !== 1 || !isWholeItem(root)) return false;
  if (projection.type !== "value" || projection.expression.type !== "call") return false;
  const { name, parameters } = projection.expression;
  const [argument] = parameters;
  return (
    name === "COUNT" && aggregates.has(name) && argument?.type === "literal" && argument.value !== undefined
  );
}

/** Whether every result is an item itself. */
export function returnsItems({ projection, sources }: SelectQuery, root: RootBinding | undefined): boolean {
  if (!isWholeItem(root)) return false;
  if (projection.type === "all") return sources.length === 1;
  const isAlias = projection.type === "value" && projection.expression.type === "identifier";
  return isAlias && projection.expression.name === root?.alias;
}

function isWholeItem(root: RootBinding | undefined): boolean {
  return root !== undefined && root.path.length === 0 && !root.iterate;
}

/**
 * Refuses ORDER BY over anything but properties of the item, as the service does: it sorts from an index.
 *
 * @throws QueryError
 */
export function checkOrderBy({ orderBy, sources }: SelectQuery, root: RootBinding | undefined): void {
  if (root === undefined && sources.length > 0) return;
  for (const { expression } of orderBy) {
    const found = propertyPath(expression);
    if (found === undefined || found.alias !== root?.alias || found.path.length === 0) {
      throw new QueryError(
        "Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path.",
        "SC2106",
      );
    }
  }
}

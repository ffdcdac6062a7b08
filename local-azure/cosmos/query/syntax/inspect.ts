import type { Expression } from "./ast.ts";

/** The expressions directly below one, without those inside a subquery. */
export function children(node: Expression): readonly Expression[] {
  switch (node.type) {
    case "literal":
    case "parameter":
    case "identifier":
    case "subquery":
      return [];
    case "member":
      return [node.object, node.index];
    case "unary":
      return [node.operand];
    case "binary":
    case "coalesce":
      return [node.left, node.right];
    case "logical":
      return node.operands;
    case "conditional":
      return [node.condition, node.whenTrue, node.otherwise];
    case "between":
      return [node.operand, node.low, node.high];
    case "in":
      return [node.operand, ...node.list];
    case "like":
      return node.escape === undefined
        ? [node.operand, node.pattern]
        : [node.operand, node.pattern, node.escape];
    case "array":
      return node.elements;
    case "object":
      return node.properties.map((property) => property.value);
    case "call":
      return node.parameters;
  }
}

/** Whether the predicate holds for the expression or one below it, subqueries left out. */
export function some(node: Expression, predicate: (node: Expression) => boolean): boolean {
  return predicate(node) || children(node).some((child) => some(child, predicate));
}

/** Text that is equal for two expressions that are written alike, wherever they stand. */
export function expressionKey(node: Expression): string {
  return JSON.stringify(node, (name, value: unknown) =>
    name === "start" || name === "end" ? undefined : value === undefined ? { undefined: true } : value,
  );
}

/** The alias and the property names of `alias.a["b"]`; undefined for anything else. */
export function propertyPath(node: Expression): { alias: string; path: string[] } | undefined {
  const path: string[] = [];
  let current = node;
  while (current.type === "member") {
    if (current.index.type !== "literal" || typeof current.index.value !== "string") return undefined;
    path.unshift(current.index.value);
    current = current.object;
  }
  return current.type === "identifier" ? { alias: current.name, path } : undefined;
}

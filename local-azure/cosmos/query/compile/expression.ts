import { QueryError } from "../errors.ts";
import { type Evaluate, type Frame, noteNumber, spendValue } from "../frame.ts";
import { findFunction } from "../functions/registry.ts";
import { likeMatcher } from "../pattern/like.ts";
import type { Expression, SelectQuery } from "../syntax/ast.ts";
import { expressionKey } from "../syntax/inspect.ts";
import { isPrimitive, setProperty } from "../value.ts";
import { aggregates } from "./aggregates.ts";
import { compileMember, member } from "./member.ts";
import { compileBinary, compileLogical, isEqual, relate } from "./operators.ts";
import type { Scope } from "./scope.ts";

/** A compiled SELECT block as the expression compiler sees it: calls `visit` per result until it says stop. */
export type RunBlock = (frame: Frame, visit: (value: unknown) => boolean) => boolean;

/** Compiles a subquery; passed in, because blocks contain expressions and expressions contain blocks. */
export type CompileSubquery = (query: SelectQuery, scope: Scope) => RunBlock;

/** Names of numbers that have no literal; an alias of the same name hides them. */
const numberConstants: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
]);

/**
 * Compiles scalar expressions into functions of a frame.
 *
 * @throws QueryError for an unknown name or function, a wrong number of arguments or a misplaced aggregate
 */
export class ExpressionCompiler {
  private readonly compileSubquery: CompileSubquery;

  constructor(compileSubquery: CompileSubquery) {
    this.compileSubquery = compileSubquery;
  }

  compile(node: Expression, scope: Scope): Evaluate {
    const groupKey = scope.grouping?.keys.get(expressionKey(node));
    if (groupKey !== undefined) return (frame) => frame.cells[groupKey];
    switch (node.type) {
      case "literal": {
        const { value } = node;
        return () => value;
      }
      case "parameter": {
        const index = scope.layout.parameterNumber(node.name);
        return (frame) => frame.parameters[index];
      }
      case "identifier":
        return this.identifier(node, scope);
      case "member":
        return this.memberAccess(node, scope);
      case "unary":
        return compileUnary(node.operator, this.compile(node.operand, scope));
      case "binary":
        return compileBinary(node.operator, this.compile(node.left, scope), this.compile(node.right, scope));
      case "logical":
        return compileLogical(node.operator, this.compileAll(node.operands, scope));
      case "coalesce": {
        const left = this.compile(node.left, scope);
        const right = this.compile(node.right, scope);
        return (frame) => {
          const value = left(frame);
          return value === undefined ? right(frame) : value;
        };
      }
      case "conditional": {
        const condition = this.compile(node.condition, scope);
        const whenTrue = this.compile(node.whenTrue, scope);
        const otherwise = this.compile(node.otherwise, scope);
        return (frame) => (condition(frame) === true ? whenTrue(frame) : otherwise(frame));
      }
      case "between":
        return this.between(node, scope);
      case "in":
        return this.membership(node, scope);
      case "like":
        return this.like(node, scope);
      case "array": {
        const elements = this.compileAll(node.elements, scope);
        return (frame) => elements.map((element) => element(frame)).filter((value) => value !== undefined);
      }
      case "object":
        return this.object(node, scope);
      case "call":
        return this.call(node, scope);
      case "subquery":
        return this.subquery(node, scope);
    }
  }

  private compileAll(nodes: readonly Expression[], scope: Scope): Evaluate[] {
    return nodes.map((node) => this.compile(node, scope));
  }

  private identifier(node: Expression & { type: "identifier" }, scope: Scope): Evaluate {
    const cell = scope.find(node.name);
    const constant = numberConstants.get(node.name);
    if (cell === undefined && constant !== undefined) return (frame) => noteNumber(frame, constant);
    if (cell === undefined) {
      throw new QueryError(
        `Identifier '${node.name}' at position ${node.start} could not be resolved.`,
        "SC2001",
        node.start,
        node.end,
      );
    }
    return (frame) => frame.cells[cell];
  }

  private memberAccess(node: Expression & { type: "member" }, scope: Scope): Evaluate {
    const object = this.compile(node.object, scope);
    if (node.index.type === "literal") {
      const { value } = node.index;
      if (typeof value === "string" || typeof value === "number") return compileMember(object, value);
    }
    const index = this.compile(node.index, scope);
    return (frame) => member(object(frame), index(frame));
  }

  private between(node: Expression & { type: "between" }, scope: Scope): Evaluate {
    const operand = this.compile(node.operand, scope);
    const low = this.compile(node.low, scope);
    const high = this.compile(node.high, scope);
    return (frame) => {
      const value = operand(frame);
      const fromLow = relate(value, low(frame));
      const fromHigh = relate(value, high(frame));
      if ((fromLow !== undefined && fromLow < 0) || (fromHigh !== undefined && fromHigh > 0)) return false;
      return fromLow === undefined || fromHigh === undefined ? undefined : true;
    };
  }

  /** A list of primitive literals becomes one set, since such lists may have thousands of entries. */
  private membership(node: Expression & { type: "in" }, scope: Scope): Evaluate {
    const operand = this.compile(node.operand, scope);
    if (node.list.every((entry) => entry.type === "literal" && isPrimitive(entry.value))) {
      const values = new Set<unknown>(
        node.list.map((entry) => (entry.type === "literal" ? entry.value : undefined)),
      );
      return (frame) => {
        const value = operand(frame);
        return value === undefined ? undefined : values.has(value);
      };
    }
    const entries = this.compileAll(node.list, scope);
    return (frame) => {
      const value = operand(frame);
      return value === undefined ? undefined : entries.some((entry) => isEqual(value, entry(frame)) === true);
    };
  }

  private like(node: Expression & { type: "like" }, scope: Scope): Evaluate {
    const operand = this.compile(node.operand, scope);
    const pattern = this.compile(node.pattern, scope);
    const escaping = node.escape === undefined ? undefined : this.compile(node.escape, scope);
    return (frame) => {
      const text = operand(frame);
      const wanted = pattern(frame);
      const escapedBy = escaping === undefined ? "" : escaping(frame);
      if (typeof text !== "string" || typeof wanted !== "string" || typeof escapedBy !== "string")
        return undefined;
      return likeMatcher(wanted, escapedBy)(text);
    };
  }

  private object(node: Expression & { type: "object" }, scope: Scope): Evaluate {
    const properties = node.properties.map(({ name, value }) => ({
      name,
      value: this.compile(value, scope),
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

  private call(node: Expression & { type: "call" }, scope: Scope): Evaluate {
    if (aggregates.has(node.name)) return this.aggregate(node, scope);
    const definition = findFunction(node);
    const values = this.compileAll(node.parameters, scope);
    const { evaluate, acceptsUndefined } = definition;
    return (frame) => {
      const evaluated: unknown[] = [];
      for (const value of values) {
        const result = value(frame);
        if (result === undefined && acceptsUndefined !== true) return undefined;
        evaluated.push(result);
      }
      return evaluate(evaluated, frame);
    };
  }

  private aggregate(node: Expression & { type: "call" }, scope: Scope): Evaluate {
    const [argument] = node.parameters;
    if (argument === undefined || node.parameters.length !== 1) {
      throw new QueryError(
        `The ${node.name} function takes exactly 1 argument.`,
        "SC2061",
        node.start,
        node.end,
      );
    }
    if (scope.grouping === undefined) {
      throw new QueryError(
        `The aggregate function ${node.name} at position ${node.start} may stand in the SELECT clause only, ` +
          "and not inside another aggregate.",
        "SC2103",
        node.start,
        node.end,
      );
    }
    const { rowScope } = scope.grouping;
    const cell = scope.grouping.addAggregate(node.name, this.compile(argument, rowScope));
    return (frame) => frame.cells[cell];
  }

  private subquery(node: Expression & { type: "subquery" }, scope: Scope): Evaluate {
    const run = this.compileSubquery(node.query, scope);
    if (node.kind === "EXISTS") return (frame) => run(frame, () => true);
    if (node.kind === "ARRAY") {
      return (frame) => {
        const values: unknown[] = [];
        run(frame, (value) => {
          spendValue(frame);
          values.push(value);
          return false;
        });
        return values;
      };
    }
    return (frame) => {
      let found: unknown;
      const visit = (value: unknown) => {
        if (found !== undefined)
          throw new QueryError(
            "The cardinality of a scalar subquery result set cannot be greater than 1.",
            "SC2104",
          );
        found = value;
        return false;
      };
      run(frame, visit);
      return found;
    };
  }
}

function compileUnary(operator: "NOT" | "-" | "+" | "~", operand: Evaluate): Evaluate {
  if (operator === "NOT") {
    return (frame) => {
      const value = operand(frame);
      return typeof value === "boolean" ? !value : undefined;
    };
  }
  const operate =
    operator === "-" ? (n: number) => -n : operator === "~" ? (n: number) => ~n : (n: number) => n;
  return (frame) => {
    const value = operand(frame);
    return typeof value === "number" ? noteNumber(frame, operate(value)) : undefined;
  };
}

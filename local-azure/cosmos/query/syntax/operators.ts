import type { BinaryOperator } from "./ast.ts";

/**
 * How tightly the two-operand operators bind, tightest highest. Bitwise operators bind tighter than
 * comparisons, as in the service's grammar (and unlike C). AND, OR, `??` and `?:` bind looser and are parsed
 * on their own.
 */
export const binaryPrecedence: ReadonlyMap<string, { precedence: number; operator: BinaryOperator }> =
  new Map(
    (
      [
        ["*", 10],
        ["/", 10],
        ["%", 10],
        ["+", 9],
        ["-", 9],
        ["<<", 8],
        [">>", 8],
        [">>>", 8],
        ["&", 7],
        ["^", 6],
        ["|", 5],
        ["||", 4],
        ["=", 3],
        ["!=", 3],
        ["<", 3],
        ["<=", 3],
        [">", 3],
        [">=", 3],
      ] as const
    ).map(([operator, precedence]) => [operator, { precedence, operator }]),
  );

/** The precedence at which comparisons, IN, BETWEEN and LIKE stand; their operands bind tighter. */
export const comparisonPrecedence = 3;

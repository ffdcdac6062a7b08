/** Two-operand operators that are compiled one by one; AND and OR are `logical`, `??` is `coalesce`. */
export type BinaryOperator =
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "|"
  | "&"
  | "^"
  | "<<"
  | ">>"
  | ">>>"
  | "||";

export type UnaryOperator = "NOT" | "-" | "+" | "~";

/** A scalar expression. Offsets are kept only where a later stage can refuse the node. */
export type Expression =
  | { readonly type: "literal"; readonly value: string | number | boolean | null | undefined }
  | { readonly type: "parameter"; readonly name: string }
  | { readonly type: "identifier"; readonly name: string; readonly start: number; readonly end: number }
  | { readonly type: "member"; readonly object: Expression; readonly index: Expression }
  | { readonly type: "unary"; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly type: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: "logical"; readonly operator: "AND" | "OR"; readonly operands: readonly Expression[] }
  | { readonly type: "coalesce"; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: "conditional";
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly otherwise: Expression;
    }
  | {
      readonly type: "between";
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  | { readonly type: "in"; readonly operand: Expression; readonly list: readonly Expression[] }
  | {
      readonly type: "like";
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | undefined;
    }
  | { readonly type: "array"; readonly elements: readonly Expression[] }
  | {
      readonly type: "object";
      readonly properties: readonly { readonly name: string; readonly value: Expression }[];
    }
  | {
      readonly type: "call";
      /** Upper case. */
      readonly name: string;
      /** As written, for messages. */
      readonly written: string;
      readonly parameters: readonly Expression[];
      readonly start: number;
      readonly end: number;
    }
  | { readonly type: "subquery"; readonly kind: "scalar" | "EXISTS" | "ARRAY"; readonly query: SelectQuery };

/** One entry of a select list; `alias` is undefined when the property's name has to be derived. */
export interface SelectItem {
  readonly expression: Expression;
  readonly alias: string | undefined;
  readonly start: number;
  readonly end: number;
}

export type Projection =
  | { readonly type: "all"; readonly start: number }
  | { readonly type: "value"; readonly expression: Expression }
  | { readonly type: "list"; readonly items: readonly SelectItem[] };

/** Where rows come from, before an alias is given. */
export type Collection =
  | {
      readonly type: "path";
      readonly root: string;
      readonly path: readonly (string | number)[];
      readonly start: number;
      readonly end: number;
    }
  | { readonly type: "query"; readonly query: SelectQuery };

/** One source of FROM or JOIN. With `iterate` (`x IN …`) each element of the array is a row. */
export interface Source {
  readonly alias: string | undefined;
  readonly iterate: boolean;
  readonly collection: Collection;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

/** A count in TOP, OFFSET or LIMIT: a literal or a parameter. */
export type Count = { readonly value: number } | { readonly parameter: string };

/** A whole query or subquery. */
export interface SelectQuery {
  readonly distinct: boolean;
  readonly top: Count | undefined;
  readonly projection: Projection;
  readonly sources: readonly Source[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly offset: Count | undefined;
  readonly limit: Count | undefined;
}

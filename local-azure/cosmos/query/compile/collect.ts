import type { Frame } from "../frame.ts";
import type { SelectQuery } from "../syntax/ast.ts";
import type { ExpressionCompiler } from "./expression.ts";
import type { Accept } from "./output.ts";
import type { Scope } from "./scope.ts";

/** A block whose sources are compiled, on the way to its results. */
export interface BlockContext {
  readonly query: SelectQuery;
  readonly scope: Scope;
  /** Cells of the FROM sources. */
  readonly cells: readonly number[];
  readonly compiler: ExpressionCompiler;
}

/** How rows become results: `take` per row, `finish` after the last. Both return true to stop. */
export interface Collector {
  take(): boolean;
  finish(): boolean;
}

/** Makes the collector of one run of a block, which hands its results to `accept`. */
export type Collect = (frame: Frame, accept: Accept) => Collector;

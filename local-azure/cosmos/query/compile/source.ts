import { QueryError } from "../errors.ts";
import { type Evaluate, type Frame, spendRow } from "../frame.ts";
import type { Collection, Source } from "../syntax/ast.ts";
import type { CompileSubquery, RunBlock } from "./expression.ts";
import { compileMember } from "./member.ts";
import type { Scope } from "./scope.ts";

/** Puts each row into its cell and calls `next`; true when `next` asked to stop. */
export type Rows = (frame: Frame, next: () => boolean) => boolean;

/** The first source's alias where it stands for the item itself or a property path below it. */
export interface RootBinding {
  readonly alias: string;
  readonly cell: number;
  readonly path: readonly (string | number)[];
  readonly iterate: boolean;
}

export interface CompiledSources {
  readonly rows: Rows;
  /** Cell of each source, in order. */
  readonly cells: readonly number[];
  /** Defined when the first source is the container, not an outer alias or a subquery. */
  readonly root: RootBinding | undefined;
}

/** What the sources compiler needs from the block compiler. */
export interface SourceContext {
  readonly scope: Scope;
  /**
   * Whether a name that is no alias stands for the container: so it is for the first source of the whole
   * query and of subqueries in that place. `compileRootQuery` is then used for such a subquery.
   */
  readonly rootAvailable: boolean;
  readonly compileSubquery: CompileSubquery;
  readonly compileRootQuery: CompileSubquery;
}

/** Compiles FROM and its JOINs into one loop nest. @throws QueryError for an unknown name or a doubled alias */
export function compileSources(sources: readonly Source[], context: SourceContext): CompiledSources {
  const cells: number[] = [];
  const loops: Rows[] = [];
  let root: RootBinding | undefined;
  sources.forEach((source, index) => {
    const rootAvailable = context.rootAvailable && index === 0;
    const alias = source.alias ?? defaultAlias(source.collection);
    const cell = context.scope.layout.newCell();
    const { rows, isRoot } = compileSource(source, cell, rootAvailable, context);
    if (isRoot && alias !== undefined && source.collection.type === "path") {
      root = { alias, cell, path: source.collection.path, iterate: source.iterate };
    }
    if (alias !== undefined) context.scope.define(alias, cell);
    cells.push(cell);
    loops.push(isRoot ? rows : counted(rows));
  });
  return { rows: nest(loops), cells, root };
}

function defaultAlias(collection: Collection): string | undefined {
  if (collection.type === "query") return undefined;
  const last = collection.path.at(-1) ?? collection.root;
  return typeof last === "string" ? last : undefined;
}

function compileSource(
  { collection, iterate }: Source,
  cell: number,
  rootAvailable: boolean,
  context: SourceContext,
): { rows: Rows; isRoot: boolean } {
  if (collection.type === "query") {
    const compile = rootAvailable ? context.compileRootQuery : context.compileSubquery;
    const run = compile(collection.query, context.scope);
    return { rows: rowsOfBlock(run, cell, iterate), isRoot: false };
  }
  const outer = context.scope.find(collection.root);
  if (outer === undefined && !rootAvailable) {
    throw new QueryError(
      `Identifier '${collection.root}' at position ${collection.start} could not be resolved.`,
      "SC2001",
      collection.start,
      collection.end,
    );
  }
  if (outer === undefined) return { rows: rowsOfContainer(collection.path, cell, iterate), isRoot: true };
  const value = collection.path.reduce<Evaluate>(
    (object, index) => compileMember(object, index),
    (frame) => frame.cells[outer],
  );
  return { rows: rowsOfValue(value, cell, iterate), isRoot: false };
}

function rowsOfContainer(path: readonly (string | number)[], cell: number, iterate: boolean): Rows {
  if (path.length === 0 && !iterate) {
    return (frame, next) => {
      const { cells } = frame;
      for (const item of frame.items) {
        cells[cell] = item;
        if (next()) return true;
      }
      return false;
    };
  }
  const value = path.reduce<Evaluate>(
    (object, index) => compileMember(object, index),
    (frame) => frame.cells[cell],
  );
  const rows = rowsOfValue(value, cell, iterate);
  return (frame, next) => {
    for (const item of frame.items) {
      frame.cells[cell] = item;
      if (rows(frame, next)) return true;
    }
    return false;
  };
}

function rowsOfValue(evaluate: Evaluate, cell: number, iterate: boolean): Rows {
  return (frame, next) => visitValue(frame, evaluate(frame), cell, iterate, next);
}

function rowsOfBlock(run: RunBlock, cell: number, iterate: boolean): Rows {
  return (frame, next) => run(frame, (value) => visitValue(frame, value, cell, iterate, next));
}

/** With `iterate` each element of an array is a row and anything else none; without, a defined value is one. */
function visitValue(
  frame: Frame,
  value: unknown,
  cell: number,
  iterate: boolean,
  next: () => boolean,
): boolean {
  if (!iterate) {
    if (value === undefined) return false;
    frame.cells[cell] = value;
    return next();
  }
  if (!Array.isArray(value)) return false;
  for (const element of value) {
    frame.cells[cell] = element;
    if (next()) return true;
  }
  return false;
}

function counted(rows: Rows): Rows {
  return (frame, next) =>
    rows(frame, () => {
      spendRow(frame);
      return next();
    });
}

/** No source at all is one row without a value. */
function nest(loops: readonly Rows[]): Rows {
  const [first, ...rest] = loops;
  if (first === undefined) return (_frame, next) => next();
  if (rest.length === 0) return first;
  const inner = nest(rest);
  return (frame, next) => first(frame, () => inner(frame, next));
}

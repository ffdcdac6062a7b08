import { QueryError } from "../errors.ts";
import type { Evaluate } from "../frame.ts";

/** Hands out the cells and parameter numbers of one query. */
export class Layout {
  /** Parameters in the order of their numbers, with their `@`. */
  readonly parameterNames: string[] = [];
  private cells = 0;

  get cellCount(): number {
    return this.cells;
  }

  newCell(): number {
    this.cells += 1;
    return this.cells - 1;
  }

  parameterNumber(name: string): number {
    const known = this.parameterNames.indexOf(name);
    return known >= 0 ? known : this.parameterNames.push(name) - 1;
  }
}

/** How expressions after grouping are compiled: from group keys and aggregates instead of single rows. */
export interface Grouping {
  /** Cell of each GROUP BY expression by {@link expressionKey}. */
  readonly keys: ReadonlyMap<string, number>;
  /** Registers an aggregate and returns the cell that will hold its result. */
  addAggregate(name: string, argument: Evaluate): number;
  /** The scope of single rows, in which the aggregates' arguments are compiled. */
  readonly rowScope: Scope;
}

/** The names visible in one SELECT block, and those of the blocks around it. */
export class Scope {
  readonly layout: Layout;
  readonly grouping: Grouping | undefined;
  private readonly parent: Scope | undefined;
  private readonly names: Map<string, number>;

  constructor(layout: Layout, parent?: Scope, grouping?: Grouping) {
    this.layout = layout;
    this.parent = parent;
    this.grouping = grouping;
    this.names = grouping?.rowScope.names ?? new Map();
  }

  /** Gives an alias a cell. @throws QueryError when this block has the alias already */
  define(alias: string, cell: number): void {
    if (this.names.has(alias)) {
      throw new QueryError(
        `The input alias '${alias}' is specified more than once in the FROM clause.`,
        "SC2011",
      );
    }
    this.names.set(alias, cell);
  }

  /**
   * The cell of an alias, or undefined when there is none.
   *
   * @throws QueryError when the alias belongs to rows that have been grouped
   */
  find(alias: string): number | undefined {
    const cell = this.names.get(alias);
    if (cell === undefined) return this.parent?.find(alias);
    if (this.grouping === undefined) return cell;
    throw new QueryError(
      `Property reference '${alias}' is invalid in the select list because it is not contained in either ` +
        "an aggregate function or the GROUP BY clause.",
      "SC2102",
    );
  }

  /** The same names after grouping. */
  grouped(grouping: Grouping): Scope {
    return new Scope(this.layout, this.parent, grouping);
  }
}

import { type CompiledQuery, compileQuery, type QueryEnvironment } from "./execute.ts";

/** Compiled queries by text; the least recently used is dropped when there are too many. */
export class QueryCache {
  private readonly queries = new Map<string, CompiledQuery>();
  private readonly capacity: number;
  private readonly maximumCharacters: number;
  private readonly environment: QueryEnvironment | undefined;
  private characters = 0;

  /**
   * @param options.environment the clock and random source of the queries
   * @param options.capacity how many queries to keep; 500 by default
   * @param options.maximumCharacters how much query text to keep in all, in UTF-16 units; 4 Mi by default
   */
  constructor(
    options: {
      readonly environment?: QueryEnvironment;
      readonly capacity?: number;
      readonly maximumCharacters?: number;
    } = {},
  ) {
    this.capacity = options.capacity ?? 500;
    this.maximumCharacters = options.maximumCharacters ?? 4 * 1024 * 1024;
    this.environment = options.environment;
  }

  /** How many queries are kept. */
  get size(): number {
    return this.queries.size;
  }

  /** The compiled form of a query; a text that is refused is not kept. @throws QueryError as `compileQuery` */
  get(text: string): CompiledQuery {
    const known = this.queries.get(text);
    if (known !== undefined) {
      this.queries.delete(text);
      this.queries.set(text, known);
      return known;
    }
    const compiled = compileQuery(text, this.environment);
    this.queries.set(text, compiled);
    this.characters += text.length;
    for (const oldest of this.queries.keys()) {
      if (this.queries.size <= this.capacity && this.characters <= this.maximumCharacters) break;
      this.queries.delete(oldest);
      this.characters -= oldest.length;
    }
    return compiled;
  }
}

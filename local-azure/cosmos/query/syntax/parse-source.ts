import { unsupported } from "../errors.ts";
import type { Collection, Source } from "./ast.ts";
import type { ParserContext } from "./context.ts";

/** Words of other SQL dialects that may stand before JOIN; there is only the inner self-join here. */
const joinKinds = ["LEFT", "RIGHT", "INNER", "OUTER", "FULL", "CROSS", "NATURAL"];

/** Words that begin the next clause, and so are no alias unless AS says so. */
const clauseWords = ["OFFSET", "HAVING", "UNION", "INTERSECT", "EXCEPT", "FETCH", "WITH", "FOR", "ON"];

/** Parses what follows FROM: a source and any number of `JOIN` sources. @throws QueryError */
export function parseSources(context: ParserContext): Source[] {
  const sources = [parseSource(context)];
  for (;;) {
    const { tokens } = context;
    const kind = joinKinds.find((word) => tokens.isWord(word));
    if (kind !== undefined) {
      const { start, end } = tokens.peek();
      throw unsupported(`${kind} JOIN`, start, end);
    }
    if (!tokens.takeKeyword("JOIN")) return sources;
    sources.push(parseSource(context));
  }
}

function parseSource(context: ParserContext): Source {
  const { tokens } = context;
  if (tokens.peek().kind === "identifier" && tokens.isKeyword("IN", 1)) {
    const alias = tokens.next().text;
    tokens.next();
    return { alias, iterate: true, collection: parseCollection(context) };
  }
  const collection = parseCollection(context);
  return { alias: parseAlias(context), iterate: false, collection };
}

function parseAlias({ tokens }: ParserContext): string | undefined {
  if (tokens.takeKeyword("AS")) return tokens.expectName().text;
  const ends = [...joinKinds, ...clauseWords].some((word) => tokens.isWord(word));
  return tokens.peek().kind === "identifier" && !ends ? tokens.next().text : undefined;
}

function parseCollection(context: ParserContext): Collection {
  const { tokens } = context;
  if (tokens.takeSymbol("(")) {
    const query = tokens.nested(() => context.parseQuery());
    tokens.expectSymbol(")");
    return { type: "query", query };
  }
  const { text: root, start, end } = tokens.expectName();
  const path: (string | number)[] = [];
  for (;;) {
    if (tokens.takeSymbol(".")) {
      path.push(tokens.expectName().text);
    } else if (tokens.takeSymbol("[")) {
      const index = tokens.peek();
      if (index.kind !== "string" && index.kind !== "number") throw tokens.unexpected("a name or an index");
      tokens.next();
      path.push(index.kind === "string" ? index.text : Number(index.text));
      tokens.expectSymbol("]");
    } else {
      return { type: "path", root, path, start, end };
    }
  }
}

/**
 * A type in short notation: `string`, `number`, `boolean`, `any`, `'Constant'`, `Name` (an object type of the same
 * module), `T[]`, `T{}` (an object with free keys), `A|B` (tried in order), and `set`: an array of strings in the SDK
 * that is an object of empty objects on the wire.
 */
export type TypeNotation = string;

/** A parsed type notation; the notation itself is described at {@link TypeNotation}. */
export type Type =
  | { readonly kind: "string" | "number" | "boolean" | "any" | "set" }
  | { readonly kind: "constant"; readonly value: string }
  | { readonly kind: "object"; readonly name: string }
  | { readonly kind: "array" | "map"; readonly element: Type }
  | { readonly kind: "union"; readonly options: readonly Type[] };

const parsed = new Map<TypeNotation, Type>();

function parse(notation: TypeNotation): Type {
  if (notation.includes("|"))
    return { kind: "union", options: notation.split("|").map((part) => parse(part)) };
  if (notation.endsWith("[]")) return { kind: "array", element: parse(notation.slice(0, -2)) };
  if (notation.endsWith("{}")) return { kind: "map", element: parse(notation.slice(0, -2)) };
  if (notation.startsWith("'")) return { kind: "constant", value: notation.slice(1, -1) };
  switch (notation) {
    case "string":
    case "number":
    case "boolean":
    case "any":
    case "set":
      return { kind: notation };
    default:
      return { kind: "object", name: notation };
  }
}

/** Parses a type notation; the answer is remembered, because the same few notations return all the time. */
export function typeOf(notation: TypeNotation): Type {
  const known = parsed.get(notation);
  if (known !== undefined) return known;
  const type = parse(notation);
  parsed.set(notation, type);
  return type;
}

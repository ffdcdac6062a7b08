import type { Value, Values } from "../../provider/values.ts";
import type { Configuration } from "../configuration.ts";
import { type GraphClient, literal } from "../graph/client.ts";

/** What functions need of the configured provider. */
export interface FunctionContext {
  readonly graph: GraphClient;
  readonly configuration: Configuration;
  /** The object id of who the provider acts as. */
  readonly caller: () => Promise<string>;
}

export type ProviderFunction = (context: FunctionContext, args: Values) => Promise<Values>;

/** A way to name the object that is looked for: an argument and the property of Graph that it stands for. */
export type Key = readonly [argument: string, property: string];

/**
 * The one key that is given.
 * @throws {Error} when none or several are
 */
export function givenKey(args: Values, keys: readonly Key[]): readonly [property: string, value: string] {
  const given = keys.flatMap(([argument, property]): [string, string][] => {
    const value = args[argument];
    return typeof value === "string" && value !== "" ? [[property, value]] : [];
  });
  const [key, ...others] = given;
  if (key !== undefined && others.length === 0) return key;
  const names = keys.map(([argument]) => argument).join(", ");
  throw new Error(`one of ${names} must be specified${others.length > 0 ? ", and only one" : ""}`);
}

/**
 * Finds the one object with a property's value; more than one is as wrong as none.
 * @param what names the kind of object in the error, for example `application`
 * @throws {Error}
 */
export async function findOne(
  { graph }: FunctionContext,
  what: string,
  request: { readonly path: string; readonly version?: "v1.0" | "beta" },
  filter: string,
): Promise<Values> {
  const found = await graph.list(`Could not look up ${what}`, { ...request, query: { $filter: filter } });
  const [one, ...others] = found;
  if (one === undefined) throw new Error(`No ${what} found matching filter: "${filter}"`);
  if (others.length > 0) throw new Error(`Found multiple ${what}s matching filter: "${filter}"`);
  return one;
}

export function equals(property: string, value: string): string {
  return `${property} eq ${literal(value)}`;
}

/** Functions give as a list what the resource has as one block. */
export function asList(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value];
}

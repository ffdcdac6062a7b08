import { QueryError, unsupported } from "../errors.ts";
import { arrayFunctions } from "./array.ts";
import { conversionFunctions } from "./conversion.ts";
import { dateTimeFunctions } from "./date-time.ts";
import type { FunctionDefinition, FunctionTable } from "./definition.ts";
import { integerFunctions } from "./integer.ts";
import { mathFunctions } from "./math.ts";
import { stringFunctions } from "./string.ts";
import { typeFunctions } from "./type-check.ts";

/** All built-in functions by upper-case name. */
export const functions: FunctionTable = new Map([
  ...stringFunctions,
  ...conversionFunctions,
  ...arrayFunctions,
  ...typeFunctions,
  ...mathFunctions,
  ...integerFunctions,
  ...dateTimeFunctions,
]);

/** Families of functions that the service has and this engine has not, by the start of their names. */
const unsupportedFamilies: readonly (readonly [RegExp, string])[] = [
  [/^ST_/, "spatial"],
  [/^VECTORDISTANCE$/, "vector search"],
  [/^(FULLTEXT|RRF$)/, "full-text search"],
];

/**
 * Finds the built-in function of a call and checks the number of its arguments.
 *
 * @throws QueryError for a family that is not supported, an unknown name or a wrong number of arguments
 */
export function findFunction(call: {
  readonly name: string;
  readonly written: string;
  readonly parameters: readonly unknown[];
  readonly start: number;
  readonly end: number;
}): FunctionDefinition {
  const { name, written, start, end } = call;
  const definition = functions.get(name);
  if (definition === undefined) {
    const family = unsupportedFamilies.find(([pattern]) => pattern.test(name));
    if (family !== undefined) throw unsupported(`The function ${written} (${family[1]})`, start, end);
    throw new QueryError(`'${written}' is not a recognized built-in function name.`, "SC2005", start, end);
  }
  const count = call.parameters.length;
  const { minimum, maximum } = definition;
  if (count < minimum || count > maximum) {
    const wanted =
      minimum === maximum
        ? `exactly ${minimum}`
        : count < minimum
          ? `at least ${minimum}`
          : `at most ${maximum}`;
    const plural = wanted.endsWith(" 1") ? "" : "s";
    throw new QueryError(
      `The function ${written} takes ${wanted} argument${plural}, not ${count}.`,
      "SC2061",
      start,
      end,
    );
  }
  return definition;
}

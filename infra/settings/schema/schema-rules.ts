import { z } from "zod";
import type { Breach } from "../faults/breach.ts";
import { parseWrittenDate } from "../reading/written-date.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is a GUID, in either case. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/** Adds a rule to a schema; what the rule says becomes the fault. */
export function obeying<Schema extends z.ZodType>(
  schema: Schema,
  rule: (value: z.output<Schema>) => Breach | undefined,
): Schema {
  return schema.check((context) => {
    const breach = rule(context.value);
    if (breach === undefined) return;
    context.issues.push({
      code: "custom",
      message: breach.problem,
      params: { fix: breach.fix },
      input: context.value,
      // So that the rules after this one still run: every fault is reported at once.
      continue: true,
    });
  });
}

/** A text that keeps a rule. */
export function text(rule: (value: string) => Breach | undefined, example: string) {
  return obeying(z.string(), rule).meta({ examples: [example] });
}

/** A text that says something: not empty, not only spaces. */
export function sentence(example: string) {
  return text(
    (value) =>
      value.trim() === "" ? { problem: "is empty", fix: `write for example: ${example}` } : undefined,
    example,
  );
}

/** One of some words. */
export function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values).meta({ examples: [values[0]] });
}

/** A real day, `YYYY-MM-DD`. */
export function date(example: string) {
  return text(
    (value) =>
      parseWrittenDate(value) === undefined
        ? { problem: `"${value}" is not a date`, fix: `write a real date as YYYY-MM-DD, e.g. ${example}` }
        : undefined,
    example,
  );
}

/**
 * A GUID.
 *
 * @param what it is the GUID of, for the fault.
 * @param fix how to come by it.
 */
export function guid(what: string, fix: string) {
  return text(
    (value) => (isGuid(value) ? undefined : { problem: `"${value}" is no ${what}`, fix }),
    "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
  );
}

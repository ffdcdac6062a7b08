import { badRequest } from "../graph-error.ts";
import type { Properties } from "../properties.ts";

const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * A time of a credential; undefined when it is absent or null.
 *
 * @throws GraphError 400 for text that is no ISO 8601 time with an offset.
 */
export function readTime(value: Properties, name: string, type: string): Date | undefined {
  const text = value[name];
  if (text === undefined || text === null) return undefined;
  const time = typeof text === "string" && isoTime.test(text) ? new Date(text) : undefined;
  if (time !== undefined && !Number.isNaN(time.getTime())) return time;
  throw badRequest(`The property '${name}' of the type '${type}' must be an ISO 8601 time.`);
}

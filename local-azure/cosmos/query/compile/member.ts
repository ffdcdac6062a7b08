import type { Evaluate } from "../frame.ts";
import { isObject } from "../value.ts";

/** `value[index]` of a query: own properties of objects by name, elements of arrays by whole number. */
export function member(value: unknown, index: unknown): unknown {
  if (typeof index === "string")
    return isObject(value) && Object.hasOwn(value, index) ? value[index] : undefined;
  return typeof index === "number" && Array.isArray(value) ? value[index] : undefined;
}

/**
 * Compiles access by a fixed name or index. Names that every JavaScript object inherits are looked up as own
 * properties; for the others a plain read is the same and faster.
 */
export function compileMember(object: Evaluate, index: string | number): Evaluate {
  if (typeof index === "number" || index in Object.prototype) return (frame) => member(object(frame), index);
  return (frame) => {
    const value = object(frame);
    return isObject(value) ? value[index] : undefined;
  };
}

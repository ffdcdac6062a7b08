/** A JSON object as `JSON.parse` makes it: own enumerable properties only. */
export type JsonObject = { readonly [name: string]: unknown };

/**
 * Place of a value's type in the order that ORDER BY, MIN and MAX use: undefined, null, boolean, number,
 * string, array, object.
 */
export function typeOrder(value: unknown): number {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 2;
    case "number":
      return 3;
    case "string":
      return 4;
    default:
      return value === null ? 1 : Array.isArray(value) ? 5 : 6;
  }
}

/** Whether the value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is null, a boolean, a number or a string. */
export function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== "object" && value !== undefined);
}

/** Deep equality of two defined values; values of different types are unequal. */
export function equalValues(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((element, index) => equalValues(element, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && equalValues(left[name], right[name]));
}

/**
 * Total order over all values, undefined included: first by type, then by value. Strings compare by UTF-16
 * unit, arrays element by element, objects by their sorted names and values. The service leaves the order of
 * two arrays or two objects open; a fixed one keeps pages stable.
 */
export function compareValues(left: unknown, right: unknown): number {
  if (typeof left === "number" && typeof right === "number") {
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const order = typeOrder(left) - typeOrder(right);
  if (order !== 0) return order;
  if (typeof left === "string" && typeof right === "string") {
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (typeof left === "boolean") return Number(left) - Number(right);
  if (Array.isArray(left) && Array.isArray(right)) return compareLists(left, right);
  if (isObject(left) && isObject(right)) {
    const leftNames = Object.keys(left).sort();
    const rightNames = Object.keys(right).sort();
    return (
      compareLists(leftNames, rightNames) ||
      compareLists(
        leftNames.map((name) => left[name]),
        rightNames.map((name) => right[name]),
      )
    );
  }
  return 0;
}

function compareLists(left: readonly unknown[], right: readonly unknown[]): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const order = compareValues(left[index], right[index]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/**
 * Text that is equal for two values exactly when {@link equalValues} holds (and for undefined). Used as the
 * key of a Map or Set by DISTINCT, GROUP BY and the set functions.
 */
export function identityKey(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `"${value}`;
    case "number":
      return value === 0 ? "0" : String(value);
    case "object":
      if (value === null) return "null";
      return JSON.stringify(sortedNames(value));
    default:
      return String(value);
  }
}

/** Arrays stay arrays and objects become `{o: [name, value, …]}` in name order, so the two never meet. */
function sortedNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedNames);
  if (!isObject(value)) return value === 0 ? 0 : value;
  return {
    o: Object.keys(value)
      .sort()
      .flatMap((name) => [name, sortedNames(value[name])]),
  };
}

/** Sets an own property, `__proto__` included. */
export function setProperty(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[name] = value;
  }
}

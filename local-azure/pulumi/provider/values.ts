import struct from "google-protobuf/google/protobuf/struct_pb.js";

/** A property value as the engine sends it, with {@link UNKNOWN} for what is not known yet. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Values = Readonly<Record<string, Value>>;

/**
 * Stands for a value that is only known after the deployment.
 * Source: UnknownStringValue in sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks a secret among values. Source: sdk/go/common/resource/sig of pulumi/pulumi. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A value that the engine encrypts in the state and hides in what it prints. */
export function secret(value: Value): Value {
  return { [signature]: secretSignature, value };
}

export function isObject(value: unknown): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether two values are equal; the order of keys does not matter. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (isArray(one) && isArray(other)) {
    return one.length === other.length && one.every((element, index) => sameValue(element, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && sameValue(one[key], other[key]))
    );
  }
  return one === other;
}

/** A copy without nulls in objects; nulls in arrays keep their place. */
export function withoutNulls(value: Value): Value {
  if (isArray(value)) return value.map((element) => withoutNulls(element));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, element]) => element !== null)
      .map(([key, element]) => [key, withoutNulls(element)]),
  );
}

/** Reads the properties of a request; an absent struct is an empty object, nulls are dropped. */
export function fromStruct(message: struct.Struct | undefined): Values {
  return message === undefined ? {} : (withoutNulls(message.toJavaScript() as Value) as Values);
}

/** Writes properties for a response; absent values are left out. */
export function toStruct(values: Readonly<Record<string, Value | undefined>>): struct.Struct {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return struct.Struct.fromJavaScript(Object.fromEntries(present) as Record<string, struct.JavaScriptValue>);
}

/** Reads the value at a dotted path. */
export function valueAt(value: Value | undefined, path: string): Value | undefined {
  let current = value;
  for (const step of path.split(".")) {
    if (!isObject(current)) return undefined;
    current = current[step];
  }
  return current;
}

/** Writes a value at a dotted path and makes the objects on the way. */
export function setAt(target: Record<string, unknown>, path: string, value: Value): void {
  const steps = path.split(".");
  const last = steps.pop() ?? path;
  let holder = target;
  for (const step of steps) {
    const next = holder[step];
    const inner = isObject(next) ? (next as Record<string, unknown>) : {};
    holder[step] = inner;
    holder = inner;
  }
  holder[last] = value;
}

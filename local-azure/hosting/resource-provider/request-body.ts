import { ArmError } from "../../arm/resource-provider.ts";

/** Microsoft.Web reads a null member as one that is not there. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === null ? [] : [[name, withoutNulls(member)] as const],
    ),
  );
}

/** A member that the local cloud cannot honour, with what it may be nevertheless. */
export interface UnsupportedMember {
  readonly name: string;
  /** Whether the value asks for nothing. */
  readonly isOff: (value: unknown) => boolean;
}

/** @returns a sentence for each member that asks for something the local cloud does not do. */
export function unsupportedFaults(
  members: readonly UnsupportedMember[],
  values: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] {
  return members
    .filter(({ name, isOff }) => values[name] !== undefined && !isOff(values[name]))
    .map(({ name }) => `${path}.${name} is not supported by the local cloud with this value.`);
}

/** @throws ArmError 400 BadRequest that says every fault, when there are any. */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new ArmError(400, "BadRequest", faults.join(" "));
}

/** The tests that tables of unsupported members use. */
export const off = {
  never: () => false,
  unlessTrue: (value: unknown) => value !== true,
  empty: (value: unknown) =>
    value === "" ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0),
} as const;

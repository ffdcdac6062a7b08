import { typeOf } from "../../provider/type-notation.ts";
import { isArray, isObject, setAt, type Value, type Values, valueAt } from "../../provider/values.ts";
import type { Properties } from "../schema/resource-type.ts";
import type { ObjectTypes } from "./shape.ts";

/**
 * Adds to an update's body a null for each member that was removed from a set (for example an identity from
 * `userAssignedIdentities`): resource manager keeps members that are merely absent.
 */
export function addRemovedMembers(
  properties: Properties,
  types: ObjectTypes,
  before: Values,
  after: Values,
  body: Record<string, unknown>,
): void {
  for (const [name, property] of Object.entries(properties)) {
    const old = before[name];
    const now = after[name];
    const type = typeOf(property.type);
    const wire = property.wire ?? name;
    if (type.kind === "object" && isObject(old) && isObject(now)) {
      const inner = valueAt(body as { readonly [key: string]: Value }, wire);
      if (isObject(inner))
        addRemovedMembers(types[type.name] ?? {}, types, old, now, inner as Record<string, unknown>);
    }
    if (type.kind !== "set" || !isArray(old)) continue;
    const kept = isArray(now) ? now : [];
    const removed = old.filter((member) => !kept.includes(member));
    if (removed.length === 0) continue;
    const present = valueAt(body as { readonly [key: string]: Value }, wire);
    const members = Object.fromEntries(removed.map((member) => [String(member), null]));
    setAt(body, wire, { ...(isObject(present) ? present : {}), ...members });
  }
}

import { z } from "zod";
import type { PathSegment } from "../faults.ts";
import { settingsSchema } from "../schema/schema.ts";

/** The part of a JSON schema that is read here. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly examples?: readonly unknown[];
}

let root: Node | undefined;

/**
 * The schema of the value at a path, as JSON schema.
 *
 * @returns undefined when no value is known there.
 */
function nodeAt(path: readonly PathSegment[]): Node | undefined {
  root ??= z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }) as Node;
  let node: Node | undefined = root;
  for (const segment of path) {
    if (node === undefined) return undefined;
    if (typeof segment === "number") node = node.items;
    else if (node.properties !== undefined) node = node.properties[segment];
    else node = typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
  }
  return node;
}

/** The keys that an object at this path may have; none for a map with free names. */
export function knownKeys(path: readonly PathSegment[]): string[] {
  return Object.keys(nodeAt(path)?.properties ?? {});
}

/** A value that would do at this path, as it is written in YAML. */
export function exampleAt(path: readonly PathSegment[]): string | undefined {
  const example = nodeAt(path)?.examples?.[0];
  return example === undefined ? undefined : String(example);
}

import { readFileSync } from "node:fs";
import type { Property } from "../schema/resource-type.ts";

/**
 * What is known of a property beside what the npm package declares. `wire` is `null` where the property has no one
 * place in Graph's object; without `wire` it has the property's own name there.
 */
export type PropertyFacts = Partial<Omit<Property, "wire" | "type" | "required">> & {
  readonly wire?: string | null;
};

export interface ResourceFacts {
  readonly minutes?: { readonly create: number; readonly update: number };
  readonly conflicts?: readonly (readonly string[])[];
  readonly properties: Readonly<Record<string, PropertyFacts>>;
}

/** Gathered from the published source of the official plugin and the reference of Microsoft Graph v1.0. */
export interface Facts {
  /** By the name of the package's file, for example `applicationPassword`. */
  readonly resources: Readonly<Record<string, ResourceFacts>>;
  /** By the name of the object type; a name with `*` at its end stands for every type that begins so. */
  readonly types: Readonly<Record<string, Readonly<Record<string, PropertyFacts>>>>;
}

/** Reads the facts beside this file. */
export function loadFacts(): Facts {
  return JSON.parse(readFileSync(new URL("./facts.json", import.meta.url), "utf8")) as Facts;
}

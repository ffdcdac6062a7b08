import { readFileSync } from "node:fs";

/**
 * What is known of a resource type beside what the npm package declares: its place in resource manager and how
 * the official plugin treats it. Gathered from the official plugin's published source and the REST specifications.
 */
export interface ResourceFacts {
  readonly token: string;
  readonly apiVersion: string;
  readonly path: string;
  readonly autoName?: { readonly input: string; readonly strategy: "random" | "copy" | "uuid" };
  /** `false`: an unset location is never filled in. */
  readonly autoLocation?: boolean;
  readonly longRunning: { readonly put: boolean; readonly delete: boolean };
  /** Inputs and outputs at the top level of the ARM body; all others stand under `properties`. */
  readonly topLevelInputs: readonly string[];
  readonly topLevelOutputs: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** Input path → dotted wire path, for names that differ on the wire. `[]` steps into array elements. */
  readonly renames?: Readonly<Record<string, string>>;
  /** Wire path → output path. */
  readonly outputRenames?: Readonly<Record<string, string>>;
  /** Declared outputs that a top-level field of the same wire name displaces. */
  readonly unsetOutputs?: readonly string[];
  readonly sdkDefaults?: Readonly<Record<string, unknown>>;
  /** Arrays of strings in the SDK that are objects of empty objects on the wire. */
  readonly stringSets?: readonly string[];
  readonly maintained?: readonly string[];
  readonly singleton?: boolean;
  readonly defaultBody?: Readonly<Record<string, unknown>>;
  readonly readMethod?: "POST";
  readonly readPath?: string;
  readonly skipUrlEncoding?: readonly string[];
  readonly defaultProperties?: Readonly<Record<string, unknown>>;
  readonly requiredContainers?: readonly string[];
  readonly custom?: "site" | "vaultSecret";
}

/** Length and pattern of a path parameter, from the REST specification of its namespace. */
export interface Constraint {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

export interface Facts {
  readonly types: readonly ResourceFacts[];
  /** Per module, object types whose own properties stand under `properties`, except the names listed. */
  readonly flattened: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Token or `*` → path parameter → constraint. */
  readonly constraints: Readonly<Record<string, Readonly<Record<string, Constraint>>>>;
  /** Functions other than resource getters: POST to a path. */
  readonly functions: readonly FunctionFacts[];
}

export interface FunctionFacts {
  readonly token: string;
  readonly apiVersion: string;
  readonly path: string;
  /** Whether result properties stand under `properties` in the response. */
  readonly flattened?: boolean;
}

/** Reads the facts beside this file. */
export function loadFacts(): Facts {
  return JSON.parse(readFileSync(new URL("./facts.json", import.meta.url), "utf8")) as Facts;
}

import type { TypeNotation } from "../../provider/type-notation.ts";

/** A property of a resource type or of an object type. */
export interface Property {
  readonly type: TypeNotation;
  readonly required?: boolean;
  /** A change makes a new resource. */
  readonly replaces?: boolean;
  /** The input's value when the program gives none. */
  readonly default?: unknown;
  /** The values that are accepted; of an array, for its elements. */
  readonly oneOf?: readonly (string | number)[];
  readonly format?: Format;
  /** An array without order. */
  readonly set?: boolean;
  /** The directory has a value where the program gives none, so that an absent input changes nothing. */
  readonly computed?: boolean;
  readonly secret?: boolean;
  /** Dotted path in Graph's object; absent where the property has no one place there. */
  readonly wire?: string;
  /** Sent where the program gives no value; without it nothing is sent. Of an object, `{}` sends its parts' own. */
  readonly absent?: unknown;
  /** Why the local plugin refuses the input. */
  readonly refused?: string;
}

/** What a text must look like. */
export type Format = "uuid" | "date" | "text" | "applicationId" | "servicePrincipalId";

export type Properties = Readonly<Record<string, Property>>;

/** One resource type, as data. */
export interface ResourceType {
  readonly token: string;
  /** How long an operation may take; the official plugin's defaults. */
  readonly minutes: { readonly create: number; readonly update: number };
  /** Inputs of which at most one may be given; the last is the plain form, which says what the others can. */
  readonly conflicts: readonly (readonly string[])[];
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export type ObjectTypes = Readonly<Record<string, Properties>>;

/** The tables beside this plugin. */
export interface Tables {
  readonly resources: readonly ResourceType[];
  readonly types: ObjectTypes;
}

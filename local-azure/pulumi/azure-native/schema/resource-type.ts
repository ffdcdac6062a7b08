import type { TypeNotation } from "../../provider/type-notation.ts";

/** A property of a resource or of an object type. */
export interface Property {
  readonly type: TypeNotation;
  readonly required?: boolean;
  /** Dotted path in the ARM body, relative to the object that holds the property; by default the property's name. */
  readonly wire?: string;
  /** Stands in the request path, not in the body. */
  readonly inPath?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** In the notation of JavaScript's RegExp. */
  readonly pattern?: string;
}

export type Properties = Readonly<Record<string, Property>>;

/** One resource type, as data: everything the plugin needs to turn its inputs into HTTP and back. */
export interface ResourceType {
  readonly token: string;
  readonly apiVersion: string;
  /** Path template with `{placeholders}`. */
  readonly path: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly autoName?: { readonly input: string; readonly strategy: "random" | "copy" | "uuid" };
  /** Whether an unset location is filled from the configuration or the resource group. */
  readonly autoLocation: boolean;
  /** Whether the answer of PUT and DELETE may be a long-running operation even without status 202. */
  readonly longRunning: { readonly put: boolean; readonly delete: boolean };
  readonly replaceOnChanges: readonly string[];
  /** Path parameters that are whole resource ids and keep their slashes. */
  readonly skipUrlEncoding: readonly string[];
  /** Objects of the body that are created empty when no input fills them. */
  readonly requiredContainers: readonly string[];
  /** Collections that may also be managed as resources of their own: sent as [] on create, kept on update. */
  readonly maintained: readonly string[];
  /** Sent again when an input that was set is removed. */
  readonly defaultProperties: Readonly<Record<string, unknown>>;
  /** Values that the service assumes for absent inputs. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Exists with its parent; deleting it puts this body back. */
  readonly singletonBody?: Readonly<Record<string, unknown>>;
  readonly read: { readonly method: "GET" | "POST"; readonly suffix: string };
  /** What a type does otherwise than the rest: a site is read with its configuration, a secret is deleted in its vault. */
  readonly custom?: "site" | "vaultSecret";
}

/** A function of the provider that is not a resource getter. */
export interface FunctionType {
  readonly token: string;
  readonly apiVersion: string;
  readonly path: string;
  readonly arguments: readonly string[];
  readonly outputs: Properties;
}

/** All tables of one module of the SDK, for example `cosmosdb`. */
export interface ModuleTables {
  readonly resources: readonly ResourceType[];
  readonly functions: readonly FunctionType[];
  readonly types: Readonly<Record<string, Properties>>;
}

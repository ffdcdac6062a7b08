import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { DescribedType } from "../../provider/package-schema.ts";
import type { FunctionType, ModuleTables, Properties, ResourceType } from "./resource-type.ts";

const tablesFolder = new URL("../resource-types/", import.meta.url);
const loaded = new Map<string, ModuleTables>();

/** A resource type or function together with the object types of its module. */
export interface Catalogued<T> {
  readonly entry: T;
  readonly types: Readonly<Record<string, Properties>>;
}

function tablesOf(module: string): ModuleTables | undefined {
  const known = loaded.get(module);
  if (known !== undefined) return known;
  const file = new URL(`${module}.json`, tablesFolder);
  if (!/^[a-z]+$/.test(module) || module === "facts" || !existsSync(file)) return undefined;
  const tables = JSON.parse(readFileSync(file, "utf8")) as ModuleTables;
  loaded.set(module, tables);
  return tables;
}

function moduleNames(): string[] {
  return readdirSync(tablesFolder)
    .filter((name) => name.endsWith(".json") && name !== "facts.json")
    .map((name) => name.slice(0, -".json".length));
}

/** A type or function that the local plugin has no table for. */
export class NotInCatalog extends Error {
  constructor(kind: "resource type" | "function", token: string, supported: readonly string[]) {
    super(
      `the local azure-native plugin does not know the ${kind} '${token}'. Known in the same module: ` +
        `${supported.length === 0 ? "none" : supported.join(", ")}. Use the official plugin for others: ` +
        "local-azure exec --plugins official",
    );
    this.name = "NotInCatalog";
  }
}

/**
 * Finds the table of a resource type.
 * @param token for example `azure-native:cosmosdb:DatabaseAccount`
 * @throws {NotInCatalog}
 */
export function resourceType(token: string): Catalogued<ResourceType> {
  const tables = tablesOf(token.split(":")[1] ?? "");
  const entry = tables?.resources.find((candidate) => candidate.token === token);
  if (tables === undefined || entry === undefined) {
    throw new NotInCatalog("resource type", token, tables?.resources.map((resource) => resource.token) ?? []);
  }
  return { entry, types: tables.types };
}

/**
 * Finds a function: one of the function table, or the getter of a resource type (`get` + its name).
 * @throws {NotInCatalog}
 */
export function functionType(
  token: string,
):
  | (Catalogued<FunctionType> & { readonly getter: false })
  | (Catalogued<ResourceType> & { readonly getter: true }) {
  const [, module = "", name = ""] = token.split(":");
  const tables = tablesOf(module);
  const entry = tables?.functions.find((candidate) => candidate.token === token);
  if (tables !== undefined && entry !== undefined) return { entry, types: tables.types, getter: false };
  const resource = tables?.resources.find(
    (candidate) => `get${candidate.token.split(":")[2]}` === name && candidate.read.method === "GET",
  );
  if (tables !== undefined && resource !== undefined)
    return { entry: resource, types: tables.types, getter: true };
  throw new NotInCatalog("function", token, tables?.functions.map((candidate) => candidate.token) ?? []);
}

/** Every resource type of every module. */
export function allResourceTypes(): Catalogued<ResourceType>[] {
  return moduleNames().flatMap((module) => {
    const tables = tablesOf(module);
    return (tables?.resources ?? []).map((entry) => ({ entry, types: tables?.types ?? {} }));
  });
}

/** Every resource type, as the package schema takes them. */
export function describedTypes(): DescribedType[] {
  return allResourceTypes().map(({ entry: { token, inputs, outputs }, types }) => ({
    token,
    module: token.split(":").slice(0, 2).join(":"),
    inputs,
    outputs,
    types,
  }));
}

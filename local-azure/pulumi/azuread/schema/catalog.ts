import { readFileSync } from "node:fs";
import type { DescribedType } from "../../provider/package-schema.ts";
import type { ObjectTypes, ResourceType, Tables } from "./resource-type.ts";

let loaded: Tables | undefined;

function tables(): Tables {
  loaded ??= JSON.parse(
    readFileSync(new URL("../resource-types/tables.json", import.meta.url), "utf8"),
  ) as Tables;
  return loaded;
}

/** A type or function that the local plugin has no table for. */
export class NotInCatalog extends Error {
  constructor(kind: "resource type" | "function", token: string, supported: readonly string[]) {
    super(
      `the local azuread plugin does not know the ${kind} '${token}'. It knows ${supported.join(", ")}. ` +
        "Use the official plugin for others: local-azure exec --plugins official",
    );
    this.name = "NotInCatalog";
  }
}

/**
 * Finds the table of a resource type.
 * @param token for example `azuread:index/group:Group`
 * @throws {NotInCatalog}
 */
export function resourceType(token: string): ResourceType {
  const found = tables().resources.find((candidate) => candidate.token === token);
  if (found !== undefined) return found;
  throw new NotInCatalog(
    "resource type",
    token,
    tables().resources.map((candidate) => candidate.token),
  );
}

/** The object types that the tables name. */
export function objectTypes(): ObjectTypes {
  return tables().types;
}

/** Every resource type, as the package schema takes them. */
export function describedTypes(): DescribedType[] {
  const { resources, types } = tables();
  return resources.map(({ token, inputs, outputs }) => ({
    token,
    module: "azuread:index",
    inputs,
    outputs,
    types,
  }));
}

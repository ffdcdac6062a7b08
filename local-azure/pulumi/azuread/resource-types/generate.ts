import { writeFileSync } from "node:fs";
import { type DeclaredMember, sdkDeclarations } from "../../provider/sdk-declarations.ts";
import type { Properties, Property, ResourceType, Tables } from "../schema/resource-type.ts";
import { type Facts, loadFacts, type PropertyFacts } from "./facts.ts";

const { declarationsOf, declaredObjectTypes } = sdkDeclarations("@pulumi/azuread");
const defaultMinutes = { create: 5, update: 5 };

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The object types that a notation names. */
function namedTypes(notation: string): string[] {
  return notation
    .split("|")
    .map((part) => part.replaceAll("[]", "").replaceAll("{}", ""))
    .filter((part) => /^[A-Z]/.test(part));
}

function constant(text: string, type: string): string | number | boolean {
  if (type === "boolean") return text === "true";
  return type === "number" ? Number(text) : text;
}

/** What a doc comment tells: the default, the accepted values, and whether a change makes a new resource. */
function documented({ doc, type }: DeclaredMember): Partial<Property> {
  const element = type.replace("[]", "");
  const [, fallback] = /Defaults to `([^`]+)`/.exec(doc) ?? [];
  const [, values = ""] =
    /(?:[Mm]ust be one of|[Pp]ossible values(?: are)?:?|one of) ((?:`[^`]+`(?:, or |, and |, | or | and )?){2,})/.exec(
      doc,
    ) ?? [];
  const oneOf = [...values.matchAll(/`([^`]+)`/g)].map(([, value = ""]) => constant(value, element));
  return {
    ...(/Changing this[^.]*forces a new resource|will force recreation/.test(doc) ? { replaces: true } : {}),
    ...(fallback === undefined ? {} : { default: constant(fallback, type) }),
    ...(oneOf.length === 0 || element === "boolean" ? {} : { oneOf: oneOf as (string | number)[] }),
  };
}

function property(
  member: DeclaredMember,
  facts: PropertyFacts | undefined,
  side: "input" | "output",
): Property {
  const { wire = member.name, ...others } = facts ?? {};
  const { replaces, default: fallback, oneOf } = { ...documented(member), ...others };
  const { format, set, computed, secret, absent, refused } = others;
  const ofInputs = { replaces, default: fallback, oneOf, format, computed, absent, refused };
  const known = {
    type: member.type,
    ...(member.required ? { required: true } : {}),
    ...(side === "input" ? ofInputs : {}),
    set,
    secret,
    ...(wire === null ? {} : { wire }),
  };
  return Object.fromEntries(
    Object.entries(known).filter(([, value]) => value !== undefined),
  ) as unknown as Property;
}

class TableBuilder {
  readonly types: Record<string, Properties> = {};
  readonly resources: ResourceType[] = [];
  readonly #facts: Facts;
  readonly #declared = {
    input: declaredObjectTypes("input"),
    output: declaredObjectTypes("output"),
  };

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Adds the object types that a notation names, and what they name in turn. */
  #require(notation: string): void {
    for (const name of namedTypes(notation)) {
      if (this.types[name] !== undefined) continue;
      const members = this.#declared.input.get(name) ?? this.#declared.output.get(name);
      if (members === undefined) throw new Error(`@pulumi/azuread declares no type ${name}`);
      const facts = Object.entries(this.#facts.types).find(([pattern]) =>
        pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
      )?.[1];
      this.types[name] = Object.fromEntries(
        members.map((member) => [member.name, property(member, facts?.[member.name], "input")]),
      );
      for (const member of members) this.#require(member.type);
    }
  }

  add(file: string): void {
    const facts = this.#facts.resources[file];
    const name = upperFirst(file);
    const declarations = declarationsOf(file);
    const inputs = declarations.get(`${name}Args`);
    const outputs = declarations.get(name);
    if (facts === undefined || inputs === undefined || outputs === undefined)
      throw new Error(`no class ${name}`);
    const side = (members: readonly DeclaredMember[], which: "input" | "output"): Properties =>
      Object.fromEntries(
        members.map((member) => [member.name, property(member, facts.properties[member.name], which)]),
      );
    for (const unknown of Object.keys(facts.properties)) {
      if (!outputs.some((member) => member.name === unknown)) throw new Error(`${name} has no ${unknown}`);
    }
    for (const member of [...inputs, ...outputs]) this.#require(member.type);
    this.resources.push({
      token: `azuread:index/${file}:${name}`,
      minutes: facts.minutes ?? defaultMinutes,
      conflicts: facts.conflicts ?? [],
      inputs: side(inputs, "input"),
      outputs: side(outputs, "output"),
    });
  }
}

/** Makes the tables from the facts and the declarations of the installed npm package. */
export function generateTables(): Tables {
  const facts = loadFacts();
  const builder = new TableBuilder(facts);
  for (const file of Object.keys(facts.resources)) builder.add(file);
  return { resources: builder.resources, types: builder.types };
}

if (import.meta.main) {
  const text = `${JSON.stringify(generateTables(), null, 2)}\n`;
  writeFileSync(new URL("./tables.json", import.meta.url), text);
}

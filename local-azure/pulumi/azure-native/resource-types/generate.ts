import { writeFileSync } from "node:fs";
import { type DeclaredMember, sdkDeclarations } from "../../provider/sdk-declarations.ts";
import type {
  FunctionType,
  ModuleTables,
  Properties,
  Property,
  ResourceType,
} from "../schema/resource-type.ts";
import { type Facts, type FunctionFacts, loadFacts, type ResourceFacts } from "./facts.ts";

const { declarationsOf, declaredObjectTypes } = sdkDeclarations("@pulumi/azure-native");

type MutableTypes = Record<string, Record<string, Property>>;

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function moduleOf(token: string): string {
  return token.split(":")[1] ?? "";
}

function nameOf(token: string): string {
  return token.split(":")[2] ?? "";
}

/** The object types that a notation names. */
function namedTypes(notation: string): string[] {
  return notation
    .split("|")
    .map((part) => part.replaceAll("[]", "").replaceAll("{}", ""))
    .filter((part) => /^[A-Z]/.test(part));
}

/** Property → its place under `properties`, unless it is one of `top` or renamed. */
function topLevelProperties(
  members: readonly DeclaredMember[],
  top: readonly string[],
  renames: Readonly<Record<string, string>>,
  pathParameters: ReadonlyMap<string, Property>,
): Record<string, Property> {
  const properties: Record<string, Property> = {};
  for (const member of members) {
    const inPath = pathParameters.get(member.name);
    if (inPath !== undefined) {
      properties[member.name] = { ...inPath, ...(member.required ? { required: true } : {}) };
      continue;
    }
    const wire =
      renames[member.name] ?? (top.includes(member.name) ? undefined : `properties.${member.name}`);
    properties[member.name] = {
      type: member.type,
      ...(member.required ? { required: true } : {}),
      ...(wire === undefined ? {} : { wire }),
    };
  }
  return properties;
}

class ModuleBuilder {
  readonly module: string;
  readonly facts: Facts;
  readonly types: MutableTypes = {};
  readonly resources: ResourceType[] = [];
  readonly functions: FunctionType[] = [];
  readonly #declared: ReadonlyMap<string, readonly DeclaredMember[]>;

  constructor(module: string, facts: Facts) {
    this.module = module;
    this.facts = facts;
    this.#declared = new Map([
      ...declaredObjectTypes("input", module),
      ...declaredObjectTypes("output", module),
    ]);
  }

  /** Copies the object types that a notation needs, and what they need in turn. */
  require(notation: string): void {
    for (const name of namedTypes(notation)) {
      if (this.types[name] !== undefined) continue;
      const members = this.#declared.get(name);
      if (members === undefined) throw new Error(`${this.module} declares no type ${name}`);
      const flattened = this.facts.flattened[this.module] ?? {};
      const top = flattened[name] ?? flattened[name.replace(/Response$/, "")];
      const properties: Record<string, Property> = {};
      this.types[name] = properties;
      for (const member of members) {
        properties[member.name] = {
          type: member.type,
          ...(member.required && !name.endsWith("Response") ? { required: true } : {}),
          ...(top === undefined || top.includes(member.name) ? {} : { wire: `properties.${member.name}` }),
        };
        this.require(member.type);
      }
    }
  }

  /** Follows a dotted path from a resource's properties to the property at its end, and changes that one. */
  change(from: Record<string, Property>, path: string, change: (property: Property) => Property): void {
    let holders: Record<string, Property>[] = [from];
    const steps = path.replaceAll("[]", "").split(".");
    for (const [index, step] of steps.entries()) {
      const next: Record<string, Property>[] = [];
      for (const holder of holders) {
        const property = holder[step];
        if (property === undefined) continue;
        if (index === steps.length - 1) holder[step] = change(property);
        else {
          for (const name of namedTypes(property.type)) {
            const inner = this.types[name];
            if (inner !== undefined) next.push(inner);
          }
        }
      }
      holders = next;
    }
  }

  addResource(facts: ResourceFacts): void {
    const name = nameOf(facts.token);
    const declarations = declarationsOf(`${this.module}/${lowerFirst(name)}`);
    const inputMembers = declarations.get(`${name}Args`);
    const outputMembers = declarations.get(name);
    if (inputMembers === undefined || outputMembers === undefined) throw new Error(`no class ${facts.token}`);

    const pathParameters = new Map<string, Property>();
    for (const [, parameter = ""] of facts.path.matchAll(/\{(\w+)\}/g)) {
      if (parameter === "subscriptionId") continue;
      const constraint =
        this.facts.constraints[facts.token]?.[parameter] ?? this.facts.constraints["*"]?.[parameter];
      pathParameters.set(parameter, { type: "string", ...constraint, inPath: true });
    }
    const renames = Object.entries(facts.renames ?? {});
    const ownRenames = Object.fromEntries(renames.filter(([path]) => !path.includes(".")));
    const inputs = topLevelProperties(inputMembers, facts.topLevelInputs, ownRenames, pathParameters);
    const outputs = topLevelProperties(
      outputMembers.filter(
        ({ name: output }) => output !== "azureApiVersion" && facts.unsetOutputs?.includes(output) !== true,
      ),
      // Where the name is a path parameter the facts count it among the inputs; the response has it at the top as ever.
      [...facts.topLevelOutputs, "name"],
      ownRenames,
      new Map(),
    );
    for (const property of [...Object.values(inputs), ...Object.values(outputs)]) this.require(property.type);

    for (const [path, wirePath] of renames) {
      if (!path.includes(".")) continue;
      const wire = wirePath.split(".").at(-1) ?? wirePath;
      for (const side of [inputs, outputs]) this.change(side, path, (property) => ({ ...property, wire }));
    }
    for (const [wirePath, path] of Object.entries(facts.outputRenames ?? {})) {
      const wire = wirePath.split(".").at(-1) ?? wirePath;
      this.change(outputs, path, (property) => ({ ...property, wire }));
    }
    for (const path of facts.stringSets ?? [])
      this.change(inputs, path, (property) => ({ ...property, type: "set" }));

    this.resources.push({
      token: facts.token,
      apiVersion: facts.apiVersion,
      path: facts.path,
      ...(facts.autoName === undefined ? {} : { autoName: facts.autoName }),
      autoLocation: facts.autoLocation ?? true,
      longRunning: facts.longRunning,
      replaceOnChanges: facts.replaceOnChanges,
      skipUrlEncoding: facts.skipUrlEncoding ?? [],
      requiredContainers: facts.requiredContainers ?? [],
      maintained: facts.maintained ?? [],
      defaultProperties: facts.defaultProperties ?? {},
      defaults: facts.sdkDefaults ?? {},
      ...(facts.singleton === true ? { singletonBody: facts.defaultBody ?? {} } : {}),
      read: { method: facts.readMethod ?? "GET", suffix: facts.readPath ?? "" },
      ...(facts.custom === undefined ? {} : { custom: facts.custom }),
      inputs,
      outputs: withoutRequired(outputs),
    });
  }

  addFunction(facts: FunctionFacts): void {
    const name = nameOf(facts.token);
    const declarations = declarationsOf(`${this.module}/${name}`);
    const upper = name.charAt(0).toUpperCase() + name.slice(1);
    const result = declarations.get(`${upper}Result`) ?? [];
    const top =
      facts.flattened === true ? ["id", "kind", "name", "type"] : result.map((member) => member.name);
    const outputs = topLevelProperties(result, top, {}, new Map());
    for (const property of Object.values(outputs)) this.require(property.type);
    this.functions.push({
      token: facts.token,
      apiVersion: facts.apiVersion,
      path: facts.path,
      arguments: (declarations.get(`${upper}Args`) ?? []).map((member) => member.name),
      outputs: withoutRequired(outputs),
    });
  }
}

function withoutRequired(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { required: _, ...property }]) => [name, property]),
  );
}

/** Makes the tables of every module from the facts and the declarations of the installed npm package. */
export function generateTables(): ReadonlyMap<string, ModuleTables> {
  const facts = loadFacts();
  const modules = new Map<string, ModuleBuilder>();
  const builderOf = (token: string) => {
    const module = moduleOf(token);
    const builder = modules.get(module) ?? new ModuleBuilder(module, facts);
    modules.set(module, builder);
    return builder;
  };
  for (const type of facts.types) builderOf(type.token).addResource(type);
  for (const type of facts.functions) builderOf(type.token).addFunction(type);
  return new Map(
    [...modules].map(([module, { resources, functions, types }]) => [
      module,
      { resources, functions, types },
    ]),
  );
}

if (import.meta.main) {
  for (const [module, tables] of generateTables()) {
    writeFileSync(new URL(`./${module}.json`, import.meta.url), `${JSON.stringify(tables, null, 2)}\n`);
  }
}

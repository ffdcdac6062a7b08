import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";

/** One member of a declared interface or class, its type written in the notation of `type-notation.ts`. */
export interface DeclaredMember {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** Its doc comment on one line. */
  readonly doc: string;
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("declarations.d.ts", text, ts.ScriptTarget.Latest, true);
}

function typeName(reference: string): string {
  const name = reference.split(".").at(-1) ?? reference;
  return name.endsWith("Args") ? name.slice(0, -"Args".length) : name;
}

function notation(node: ts.TypeNode): string {
  if (ts.isParenthesizedTypeNode(node)) return notation(node.type);
  if (ts.isArrayTypeNode(node)) return `${notation(node.elementType)}[]`;
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return `'${node.literal.text}'`;
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find((member) => ts.isIndexSignatureDeclaration(member));
    if (index === undefined) throw new Error(`unexpected type literal ${node.getText()}`);
    return `${notation(index.type)}{}`;
  }
  if (ts.isUnionTypeNode(node)) {
    const parts = node.types
      .filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword)
      .map((part) => notation(part));
    const distinct = [...new Set(parts)];
    return distinct.includes("string") ? "string" : distinct.join("|");
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    const argument = node.typeArguments?.[0];
    if ((name === "pulumi.Input" || name === "pulumi.Output") && argument !== undefined)
      return notation(argument);
    if (name.startsWith("enums.")) return "string";
    if (name.startsWith("inputs.") || name.startsWith("outputs.")) return typeName(name);
    throw new Error(`unexpected type reference ${node.getText()}`);
  }
  if (node.kind === ts.SyntaxKind.StringKeyword) return "string";
  if (node.kind === ts.SyntaxKind.NumberKeyword) return "number";
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return "boolean";
  if (node.kind === ts.SyntaxKind.AnyKeyword) return "any";
  throw new Error(`unexpected type ${node.getText()}`);
}

/** `pulumi.Output<T | undefined>`: how an output says that it may be absent. */
function admitsUndefined(node: ts.TypeNode): boolean {
  if (!ts.isTypeReferenceNode(node)) return false;
  const argument = node.typeArguments?.[0];
  return (
    argument !== undefined &&
    ts.isUnionTypeNode(argument) &&
    argument.types.some((part) => part.kind === ts.SyntaxKind.UndefinedKeyword)
  );
}

function docOf(member: ts.Node): string {
  const comments = ts.getLeadingCommentRanges(member.getSourceFile().text, member.pos) ?? [];
  const text = comments.map(({ pos, end }) => member.getSourceFile().text.slice(pos, end)).join(" ");
  return text
    .replace(/^\/\*\*|\*\/$|^\s*\*/gm, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function members(declaration: ts.InterfaceDeclaration | ts.ClassDeclaration): DeclaredMember[] {
  const found: DeclaredMember[] = [];
  for (const member of declaration.members) {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
    if (member.type === undefined) throw new Error(`${member.name.getText()} has no type`);
    found.push({
      name: member.name.getText().replaceAll('"', ""),
      type: notation(member.type),
      required: member.questionToken === undefined && !admitsUndefined(member.type),
      doc: docOf(member),
    });
  }
  return found;
}

/** What the type declarations of an installed Pulumi SDK say. */
export interface SdkDeclarations {
  /**
   * Every interface of the inputs' or the outputs' types, by its name without the suffix `Args`.
   * @param module the namespace to look in; without it the interfaces outside of every namespace
   */
  declaredObjectTypes(
    side: "input" | "output",
    module?: string,
  ): ReadonlyMap<string, readonly DeclaredMember[]>;
  /**
   * The members of the interfaces and classes that one file of the package declares, by name.
   * @param file path under the package without extension, for example `cosmosdb/databaseAccount`
   */
  declarationsOf(file: string): ReadonlyMap<string, readonly DeclaredMember[]>;
}

/** @param npmPackage for example `@pulumi/azure-native` */
export function sdkDeclarations(npmPackage: string): SdkDeclarations {
  const directory = dirname(createRequire(import.meta.url).resolve(`${npmPackage}/package.json`));
  const read = (file: string) => readFileSync(join(directory, `${file}.d.ts`), "utf8");
  return {
    declaredObjectTypes(side, module) {
      const types = new Map<string, readonly DeclaredMember[]>();
      for (const statement of objectTypeStatements(read(`types/${side}`), side, module)) {
        if (ts.isInterfaceDeclaration(statement))
          types.set(typeName(statement.name.text), members(statement));
      }
      return types;
    },
    declarationsOf(file) {
      const declarations = new Map<string, readonly DeclaredMember[]>();
      for (const statement of parse(read(file)).statements) {
        if (
          ts.isInterfaceDeclaration(statement) ||
          (ts.isClassDeclaration(statement) && statement.name !== undefined)
        ) {
          if (statement.name !== undefined) declarations.set(statement.name.text, members(statement));
        }
      }
      return declarations;
    },
  };
}

/** Cuts one module's namespace out of the very large types file, so that only it is parsed. */
function objectTypeStatements(
  text: string,
  side: string,
  module: string | undefined,
): readonly ts.Statement[] {
  if (module === undefined) return parse(text).statements;
  const start = text.indexOf(`export declare namespace ${module} {`);
  if (start < 0) throw new Error(`types/${side}.d.ts has no namespace ${module}`);
  const [block] = parse(text.slice(start, text.indexOf("\n}\n", start) + 3)).statements;
  return block !== undefined &&
    ts.isModuleDeclaration(block) &&
    block.body !== undefined &&
    ts.isModuleBlock(block.body)
    ? block.body.statements
    : [];
}

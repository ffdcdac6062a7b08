import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "@jest/globals";
import ts from "typescript";

const root = import.meta.dirname;

/** Which top-level folders a folder may import, besides itself; the picture of it is in docs/architecture.md. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  rbac: [],
  infra: ["rbac"],
  policy: ["rbac"],
  connection: ["infra/outputs"],
  audit: ["rbac", "infra/settings", "infra/outputs", "connection"],
  "smoke-tests": ["rbac", "infra/settings", "infra/outputs", "connection"],
  workload: ["rbac"],
  promotion: ["infra/settings", "infra/outputs", "connection"],
  deployment: ["infra/settings", "infra/outputs", "connection", "workload", "local-azure"],
  "local-azure": ["rbac"],
  benchmarks: ["local-azure", "rbac"],
  docs: [],
  examples: ["infra/settings"],
};

const isTest = (file: string) => /\.test\.ts$|\/testing\//.test(file);

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  cwd: root,
})
  .toString()
  .split("\n")
  .filter((file) => file.includes("/"));

interface Import {
  readonly target: string;
  /** Gone at run time, so it can close no circle. */
  readonly typeOnly: boolean;
}

const imports = new Map(files.map((file) => [file, localImports(file)] as const));

function localImports(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    if (specifier.startsWith("."))
      found.push({ target: relative(root, join(root, dirname(file), specifier)), typeOnly });
  };
  const findDynamic = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined && ts.isStringLiteral(specifier)) add(specifier.text, false);
    }
    node.forEachChild(findDynamic);
  };
  findDynamic(source);
  source.forEachChild((node) => {
    const declaration = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node : undefined;
    const specifier = declaration?.moduleSpecifier;
    if (declaration === undefined || specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const typeOnly = ts.isImportDeclaration(declaration)
      ? declaration.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : declaration.isTypeOnly;
    add(specifier.text, typeOnly);
  });
  return found;
}

test("every folder imports only what the architecture allows", () => {
  const forbidden = files
    .filter((file) => !isTest(file))
    .flatMap((file) =>
      (imports.get(file) ?? [])
        .filter(({ target }) => !allowed(file, target))
        .map(({ target }) => `${file} → ${target}`),
    );
  expect(forbidden).toEqual([]);
});

function allowed(file: string, target: string): boolean {
  const [from = ""] = file.split("/");
  const [to = ""] = target.split("/");
  if (from === to || to === "package.json") return true;
  return (arrows[from] ?? []).some((folder) => target === folder || target.startsWith(`${folder}/`));
}

test("every folder with code stands in the architecture", () => {
  expect(
    [...new Set(files.map((file) => file.split("/")[0]))].filter((folder) => !((folder ?? "") in arrows)),
  ).toEqual([]);
});

test("no imports go in a circle", () => {
  const state = new Map<string, "open" | "done">();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    state.set(file, "open");
    for (const { target, typeOnly } of imports.get(file) ?? []) if (!typeOnly) visit(target, [...path, file]);
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

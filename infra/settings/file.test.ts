import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { readSettingsFile } from "./file.ts";

const folder = mkdtempSync(join(tmpdir(), "settings-"));
afterAll(() => rmSync(folder, { recursive: true }));

const root = join(import.meta.dirname, "..", "..");

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test.each(["dev", "staging", "prod"])(
  "Pulumi.%s.yaml is right, and holds data where it should",
  (environment) => {
    const settings = readSettingsFile(join(root, `Pulumi.${environment}.yaml`));
    expect(settings.environment).toBe(environment);
    expect(settings.dataLoss).toBe(environment === "dev" ? "allowed" : "refused");
  },
);

test("every fault of a file is reported with the file's name", () => {
  const path = write(
    "Pulumi.bad.yaml",
    "config:\n  keyless-cosmos:environment: dev\n  keyless-cosmos:cosmos: {}\n",
  );
  expect(() => readSettingsFile(path)).toThrow(
    [
      `2 faults in ${path}; nothing was registered:`,
      "  azure-native:location",
      "    wrong: is missing",
      "    fix:   write for example: azure-native:location: westeurope",
      "  keyless-cosmos:cosmos.databases",
      "    wrong: is missing",
      "    fix:   write for example: databases: { orders: { containers: { orders: { partitionKey: [/tenantId] } } } }",
    ].join("\n"),
  );
});

test("broken YAML is reported with its line", () => {
  const path = write("Pulumi.yaml-fault.yaml", "config:\n  a: [1\n  b: 2\n");
  expect(() => readSettingsFile(path)).toThrow(`${path}:3`);
  expect(() => readSettingsFile(path)).toThrow("fix:   correct the YAML on this line");
});

test("a key written twice is a fault, not a silent winner", () => {
  const path = write(
    "Pulumi.twice.yaml",
    "config:\n  keyless-cosmos:environment: dev\n  keyless-cosmos:environment: prod\n",
  );
  expect(() => readSettingsFile(path)).toThrow(`${path}:3\n    wrong: Map keys must be unique`);
});

test("a file that is not there is named", () => {
  const path = join(folder, "Pulumi.none.yaml");
  expect(() => readSettingsFile(path)).toThrow(
    `1 fault in ${path}; nothing was registered:\n  ${path}\n    wrong: cannot be read: ENOENT\n`,
  );
});

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readSettingsFile } from "../infra/settings/file.ts";

const examples = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);

test.each(examples.map(({ name }) => name))("the settings of examples/%s are good", (name) => {
  const { workloads } = readSettingsFile(join(import.meta.dirname, name, "settings.yaml"));
  expect(Object.keys(workloads).length).toBeGreaterThan(0);
});

import { createRequire } from "node:module";
import { describe, expect, test } from "@jest/globals";
import { engineVersion, isNewEnough } from "./version.ts";

describe("isNewEnough", () => {
  test.each([
    ["v3.250.0", true],
    ["3.250.1", true],
    ["v3.251.0", true],
    ["v3.1000.0", true],
    ["v3.250.1-alpha.1", true],
    ["v3.251.0-dev.0+abc", true],
    ["v3.250.0-rc.1", false],
    ["v3.249.9", false],
    ["v3.99.0", false],
    ["v2.999.0", false],
    ["v4.0.0", false],
    ["", false],
    ["pulumi", false],
    ["v3.250", false],
  ])("%s for 3.250.0: %s", (found, expected) => {
    expect(isNewEnough(found, "3.250.0")).toBe(expected);
  });
});

test("the engine has the version of the SDK, which the official installer takes by default", () => {
  const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
  expect(version).toBe(engineVersion);
});

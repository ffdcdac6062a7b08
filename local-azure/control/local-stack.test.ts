import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { writeLocalStackFile } from "./local-stack.ts";

let folder: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-"));
  source = join(folder, "Pulumi.dev.yaml");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const local = () => parse(readFileSync(join(folder, "Pulumi.local.yaml"), "utf8"));

test("takes the config block alone, and the salt of the local stack in place of any other", () => {
  writeFileSync(join(folder, "Pulumi.local.yaml"), "encryptionsalt: v1:gone\nconfig:\n  old: 1\n");
  writeFileSync(source, "secretsprovider: azurekeyvault://x\nencryptionsalt: v1:theirs\nconfig:\n  a:b: 1\n");
  writeLocalStackFile(folder, source, "local", "v1:local");
  expect(local()).toEqual({ encryptionsalt: "v1:local", config: { "a:b": 1 } });
  writeLocalStackFile(folder, source, "local", undefined);
  expect(local()).toEqual({ config: { "a:b": 1 } });
});

test("lists every secret and every provider key that would choose another cloud, and writes nothing", () => {
  writeFileSync(
    source,
    `config:
  azure-native:location: westeurope
  azure-native:subscriptionId: 11111111-1111-1111-1111-111111111111
  azuread:metadataHost: example.org
  keyless-cosmos:workloads: { api: { token: { secure: v1:abc } } }
`,
  );
  expect(() => writeLocalStackFile(folder, source, "local", undefined)).toThrow(
    expect.objectContaining({
      code: "LA-STACK-CONFIG",
      message: `${source} holds settings that the local stack must not take over:
  - azure-native:subscriptionId: it chooses an endpoint, tenant, subscription or credential
  - azuread:metadataHost: it chooses an endpoint, tenant, subscription or credential
  - keyless-cosmos:workloads.api.token: a secret of another environment`,
    }),
  );
  expect(existsSync(join(folder, "Pulumi.local.yaml"))).toBe(false);
});

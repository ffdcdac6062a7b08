import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openTestPlatform } from "../../testing/test-platform.ts";
import { resourceGroup, startVaultCloud } from "../testing/vault-cloud.ts";
import { openSecretStore } from "./secret-store.ts";
import { openValueEncryption } from "./value-encryption.ts";

const planted = "planted-value-7f3a9c";

test("a value stands nowhere in the state or in a log, and is there after a restart", async () => {
  const cloud = await startVaultCloud();
  try {
    const vault = await cloud.vault("rest-vault");
    await cloud.secrets(vault).setSecret("by-data-plane", planted);
    await cloud.keyVault.secrets.createOrUpdate(resourceGroup, vault.name, "by-resource-manager", {
      properties: { value: planted },
    });
    const bad = `${cloud.cloud.origin}${vault.id}/secrets/bad?api-version=2024-11-01`;
    await cloud.request(bad, { method: "PUT", body: `{"properties":{"value":${planted}}}` });
    await cloud.request(`${vault.uri}secrets/${planted}_?api-version=7.5`, { token: null });
    const token = await cloud.token("https://vault.azure.net");
    await cloud.cloud.restart();
    const { directory } = cloud.cloud.platform;
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["state.sqlite", "requests.jsonl", "key-vault.key"]),
    );
    for (const { parentPath, name } of files) {
      // A path is logged; whoever puts a value there has given it away.
      const text = readFileSync(join(parentPath, name), "latin1").replaceAll(`/secrets/${planted}_`, "");
      expect({ name, holds: text.includes(planted) }).toEqual({ name, holds: false });
    }
    expect(statSync(join(directory, "key-vault.key")).mode & 0o777).toBe(0o600);
    for (const name of ["by-data-plane", "by-resource-manager"]) {
      const { text } = await cloud.request(`${vault.uri}secrets/${name}?api-version=7.5`, { token });
      expect(JSON.parse(text)).toMatchObject({ value: planted });
    }
  } finally {
    await cloud.close();
  }
});

test("a sealed value opens in its own place only", async () => {
  const { platform, close } = await openTestPlatform();
  try {
    const encryption = openValueEncryption(platform, false);
    const sealed = encryption.seal(planted, "a");
    expect(encryption.open(sealed, "a")).toBe(planted);
    expect(() => encryption.open(sealed, "b")).toThrow();
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    expect(() => encryption.open(changed, "a")).toThrow();
  } finally {
    close();
  }
});

test("without its key kept values are refused, not replaced", async () => {
  const { platform, close } = await openTestPlatform();
  const file = join(platform.directory, "key-vault.key");
  try {
    openSecretStore(platform).add("/vault", "a", planted, { attributes: { enabled: true } });
    rmSync(file);
    expect(() => openSecretStore(platform)).toThrow(
      expect.objectContaining({
        code: "LA-VAULT-KEY",
        message: expect.stringContaining(
          `The key that opens the secrets of this local cloud's vaults is missing: ${file}.`,
        ),
      }),
    );
  } finally {
    close();
  }
});

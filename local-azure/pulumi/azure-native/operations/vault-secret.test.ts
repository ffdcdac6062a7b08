import { beforeEach, expect, test } from "@jest/globals";
import { group, messageOf, request, useProvider } from "../../testing/provider-harness.ts";

const harness = useProvider();
const secret = request("keyvault:Secret");
const vaultId = `${group}/providers/Microsoft.KeyVault/vaults/kv`;
const id = `${vaultId}/secrets/db`;

beforeEach(() => {
  harness.arm.resources.set(vaultId.toLowerCase(), {
    id: vaultId,
    properties: { vaultUri: `${harness.arm.origin}/kv/` },
  });
});

const calls = () =>
  harness.arm.requests
    .filter(({ path }) => !path.endsWith("/token"))
    .map(({ method, path, query }) => `${method} ${path.replace(group, "")}?${query}`);

test("a secret is deleted in its vault, with a token for Key Vault", async () => {
  harness.arm.resources.set("/kv/secrets/db", {});
  await harness.provider.delete(secret, id);
  expect(calls()).toEqual([
    "GET /providers/Microsoft.KeyVault/vaults/kv?api-version=2024-11-01",
    "DELETE /kv/secrets/db?api-version=7.6",
  ]);
  expect(
    harness.arm.requests.flatMap(({ path, body }) =>
      path.endsWith("/token") ? [(body as { scope: string }).scope] : [],
    ),
  ).toContain("https://vault.azure.net/.default");
});

test("a secret or a vault that is gone is no error", async () => {
  harness.arm.script.push({ method: "DELETE", path: "/kv/secrets/db", status: 404 });
  await harness.provider.delete(secret, id);
  harness.arm.resources.clear();
  await harness.provider.delete(secret, id);
});

test("a vault's refusal is shown as resource manager's are", async () => {
  harness.arm.script.push({
    method: "DELETE",
    path: "/kv/secrets/db",
    status: 403,
    body: { error: { code: "Forbidden", message: "Caller is not authorized." } },
  });
  expect(await messageOf(harness.provider.delete(secret, id))).toBe(
    'Status=403 Code="Forbidden" Message="Caller is not authorized."',
  );
});

test("a vault that is not on this machine gets no token", async () => {
  harness.arm.resources.set(vaultId.toLowerCase(), {
    id: vaultId,
    properties: { vaultUri: "https://kv.vault.azure.net/" },
  });
  expect(await messageOf(harness.provider.delete(secret, id))).toMatch(
    /^the local plugins only talk to this machine, but the .* is 'https:\/\/kv\.vault\.azure\.net\/secrets\/db'/,
  );
});

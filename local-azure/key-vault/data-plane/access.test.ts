import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { refusalOf } from "../../arm/testing/refusal.ts";
import {
  resourceGroup,
  startVaultCloud,
  type TestApplication,
  type TestVault,
  type VaultCloud,
  vaultRoles,
} from "../testing/vault-cloud.ts";

let cloud: VaultCloud;
let vault: TestVault;

beforeAll(async () => {
  cloud = await startVaultCloud();
  vault = await cloud.vault("guarded-vault");
  await cloud.secrets(vault).setSecret("orders", "1");
  await cloud.secrets(vault).setSecret("audit", "2");
});
afterAll(() => cloud.close());

describe("without a good token", () => {
  const list = () => `${vault.uri}secrets?api-version=7.5`;
  const challenge = () =>
    `Bearer authorization="${cloud.cloud.origin}/${cloud.cloud.tenantId}", resource="https://vault.azure.net"`;
  const expectRefusal = async (token: string | null, message: unknown) => {
    const answer = await cloud.request(list(), { token });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toEqual({ error: { code: "Unauthorized", message } });
    expect(answer.headers.get("www-authenticate")).toBe(challenge());
  };

  test("none", () => expectRefusal(null, "AKV10000: Request is missing a Bearer or PoP token."));

  test("one for resource manager", async () =>
    expectRefusal(
      await cloud.token("https://management.azure.com"),
      "AKV10022: Invalid audience. Expected https://vault.azure.net. The access token is for the audience https://management.azure.com.",
    ));

  test("one with a changed signature", async () => {
    const [header, payload, signature = ""] = (await cloud.token("https://vault.azure.net")).split(".");
    const changed = signature.replace(/^./, (first) => (first === "A" ? "B" : "A"));
    await expectRefusal(
      `${header}.${payload}.${changed}`,
      "Error validating token: The signature of the access token is not valid.",
    );
  });

  test("one that has ended", async () => {
    const token = await cloud.token("https://vault.azure.net");
    cloud.clock.advance(2 * 3_600_000);
    await expectRefusal(
      token,
      "[TokenExpired] Error validating token: The access token expired at 2026-11-25T09:00:00.000Z.",
    );
    cloud.clock.advance(-2 * 3_600_000);
  });

  test("nobody learns which paths there are", async () => {
    expect((await cloud.request(`${vault.uri}nowhere`, { token: null })).status).toBe(401);
  });
});

describe("a principal's roles", () => {
  const verbs = {
    get: (of: ReturnType<VaultCloud["secrets"]>) => of.getSecret("orders"),
    list: (of: ReturnType<VaultCloud["secrets"]>) => of.listPropertiesOfSecrets().next(),
    versions: (of: ReturnType<VaultCloud["secrets"]>) => of.listPropertiesOfSecretVersions("orders").next(),
    set: (of: ReturnType<VaultCloud["secrets"]>) => of.setSecret("orders", "1"),
    update: (of: ReturnType<VaultCloud["secrets"]>) => of.updateSecretProperties("orders", "", { tags: {} }),
    delete: (of: ReturnType<VaultCloud["secrets"]>) => of.beginDeleteSecret("absent"),
  };
  const statusOf = async (call: PromiseLike<unknown>) => {
    try {
      await call;
      return 200;
    } catch (error) {
      return (error as { statusCode?: number }).statusCode;
    }
  };
  const allowed = async (application: TestApplication) => {
    const secrets = cloud.secrets(vault, application);
    const found: string[] = [];
    for (const [name, call] of Object.entries(verbs)) {
      const status = await statusOf(call(secrets));
      // 404: allowed, and there was nothing to delete.
      if (status === 200 || status === 404) found.push(name);
      else expect(status).toBe(403);
    }
    return found.join(" ");
  };

  test.each([
    ["no role", undefined, ""],
    ["Key Vault Secrets User", vaultRoles.secretsUser, "get list versions"],
    ["Key Vault Reader", vaultRoles.reader, "list versions"],
    ["Key Vault Secrets Officer", vaultRoles.secretsOfficer, "get list versions set update delete"],
    ["Key Vault Administrator", vaultRoles.administrator, "get list versions set update delete"],
    ["Owner, which has no data action", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ""],
  ])("%s", async (name, role, expected) => {
    const application = await cloud.application(name);
    if (role !== undefined) await cloud.assign(application.principalId, role, vault.id);
    expect(await allowed(application)).toBe(expected);
  });

  test("on one secret open that secret alone, and a refusal says what is missing where", async () => {
    const reader = await cloud.application("reader of one");
    await cloud.assign(reader.principalId, vaultRoles.secretsUser, `${vault.id}/secrets/orders`);
    const secrets = cloud.secrets(vault, reader);
    expect((await secrets.getSecret("ORDERS")).value).toBe("1");
    const { principalId, clientId } = reader;
    const message = (action: string, resource: string) =>
      [
        "Caller is not authorized to perform action on resource.",
        "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
        `Caller: appid=${clientId};oid=${principalId};iss=https://sts.windows.net/${cloud.cloud.tenantId}/`,
        `Action: 'Microsoft.KeyVault/vaults/secrets/${action}'`,
        `Resource: '${resource.toLowerCase()}'`,
        "Assignment: (not found)",
        "DenyAssignmentId: null",
        "DecisionReason: 'DeniedWithNoValidRBAC' ",
        "Vault: guarded-vault;location=westeurope",
        "",
      ].join("\r\n");
    expect(await refusalOf(secrets.getSecret("audit"))).toEqual({
      status: 403,
      code: "Forbidden",
      message: message("getSecret/action", `${vault.id}/secrets/audit`),
    });
    const token = await cloud.token("https://vault.azure.net", reader);
    const list = await cloud.request(`${vault.uri}secrets?api-version=7.5`, { token });
    expect([list.status, JSON.parse(list.text)]).toEqual([
      403,
      {
        error: {
          code: "Forbidden",
          message: message("readMetadata/action", vault.id),
          innererror: { code: "ForbiddenByRbac" },
        },
      },
    ]);
    // Whether a secret exists is nobody's business without a right to it.
    expect(await refusalOf(secrets.getSecret("absent"))).toMatchObject({ status: 403 });
  });
});

describe("a vault's network settings", () => {
  const caller = () =>
    `Caller: appid=${cloud.cloud.deployer.clientId};oid=${cloud.cloud.deployer.principalId};iss=https://sts.windows.net/${cloud.cloud.tenantId}/`;

  test("public access off refuses everyone", async () => {
    const closed = await cloud.vault("closed-vault", { publicNetworkAccess: "Disabled" });
    expect(await refusalOf(cloud.secrets(closed).getSecret("a"))).toEqual({
      status: 403,
      code: "Forbidden",
      message: [
        "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
        caller(),
        "Vault: closed-vault;location=westeurope",
      ].join("\r\n"),
    });
  });

  test("rules for addresses are enforced, and changes count at once", async () => {
    const acls = (defaultAction: "Allow" | "Deny", value: string) => ({
      networkAcls: { bypass: "AzureServices" as const, defaultAction, ipRules: [{ value }] },
    });
    const ruled = await cloud.vault("ruled-vault", acls("Deny", "203.0.113.0/24"));
    expect(await refusalOf(cloud.secrets(ruled).getSecret("a"))).toEqual({
      status: 403,
      code: "Forbidden",
      message: expect.stringMatching(
        /^Client address is not authorized and caller is not a trusted service\.\r\nClient address: (127\.0\.0\.1|::1)\r\nCaller: appid=.*\r\nVault: ruled-vault;location=westeurope$/,
      ),
    });
    const answer = await cloud.request(`${ruled.uri}secrets?api-version=7.5`);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { innererror: { code: "ForbiddenByFirewall" } } });
    for (const rules of [acls("Deny", "127.0.0.1"), acls("Allow", "203.0.113.0/24")]) {
      await cloud.keyVault.vaults.update(resourceGroup, "ruled-vault", { properties: rules });
      expect(await refusalOf(cloud.secrets(ruled).getSecret("a"))).toMatchObject({ code: "SecretNotFound" });
    }
  });
});

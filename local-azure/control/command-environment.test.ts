import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { commandEnvironment } from "./command-environment.ts";
import { openStateFolder, type StateFolder } from "./state-folder.ts";

let folder: StateFolder;
beforeEach(() => {
  folder = openStateFolder({ LOCAL_AZURE_HOME: mkdtempSync(join(tmpdir(), "exec-")) });
  writeFileSync(
    folder.deployerFile,
    JSON.stringify({
      clientId: "11111111-1111-4111-8111-111111111111",
      clientSecret: "local-secret",
      principalId: "22222222-2222-4222-8222-222222222222",
    }),
  );
  writeFileSync(
    folder.developerFile,
    JSON.stringify({
      userPrincipalName: "developer@local-azure.example",
      password: "local-password",
      objectId: "55555555-5555-4555-8555-555555555555",
    }),
  );
});
afterEach(() => rmSync(folder.root, { recursive: true, force: true }));

const cloud = {
  pid: 1,
  origin: "https://localhost:20001",
  tenantId: "33333333-3333-4333-8333-333333333333",
  subscriptionId: "44444444-4444-4444-8444-444444444444",
  startedAt: "2026-01-01T00:00:00.000Z",
  controlPort: 1,
  controlToken: "x".repeat(43),
};

test("nothing that chooses a real cloud, identity, backend or proxy passes; the rest does", () => {
  const planted = {
    ARM_CLIENT_SECRET: "real",
    arm_use_oidc: "true",
    AZURE_CLIENT_CERTIFICATE_PATH: "real",
    AZURE_FEDERATED_TOKEN_FILE: "real",
    PULUMI_ACCESS_TOKEN: "real",
    PULUMI_STACK: "prod",
    MSI_ENDPOINT: "real",
    IDENTITY_ENDPOINT: "real",
    SMOKE_PERSON_PASSWORD: "real",
    HTTPS_PROXY: "real",
  };
  const env = commandEnvironment({
    folder,
    cloud,
    binFolders: ["/engine"],
    pulumiHome: "/home/pulumi",
    plugins: "local",
    base: { ...planted, LANG: "C.UTF-8", PATH: "/bin" },
  });
  expect(Object.values(env)).not.toContain("real");
  expect(env.PULUMI_STACK).toBeUndefined();
  expect(env).toMatchObject({
    LANG: "C.UTF-8",
    ARM_METADATA_HOSTNAME: "localhost:20001",
    ARM_CLIENT_SECRET: "local-secret",
    AZURE_CLIENT_SECRET: "local-secret",
    AZURE_AUTHORITY_HOST: "https://localhost:20001",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NODE_EXTRA_CA_CERTS: folder.authorityFile,
    SMOKE_PERSON_USERNAME: "developer@local-azure.example",
    SMOKE_PERSON_PASSWORD: "local-password",
  });
  expect(env.PATH).toMatch(/^\/engine:.*:\/bin$/);
});

test("the passphrase is made once and readable by its owner only", () => {
  const options = { folder, cloud, binFolders: [], pulumiHome: "/h", plugins: "official", base: {} } as const;
  const first = commandEnvironment(options).PULUMI_CONFIG_PASSPHRASE;
  expect(commandEnvironment(options).PULUMI_CONFIG_PASSPHRASE).toBe(first);
  expect(statSync(folder.passphraseFile).mode & 0o777).toBe(0o600);
});

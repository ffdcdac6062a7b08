import { describe, expect, test } from "@jest/globals";
import { readConfiguration } from "./configuration.ts";

const environment = {
  ARM_SUBSCRIPTION_ID: "subscription",
  ARM_TENANT_ID: "tenant",
  ARM_CLIENT_ID: "client",
  ARM_CLIENT_SECRET: "secret",
  ARM_METADATA_HOSTNAME: "localhost:1",
};
const noFile = (path: string): string => {
  throw new Error(`unexpected read of ${path}`);
};

function read(config: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv) {
  const variables = new Map(
    Object.entries(config).map(([key, value]) => [`azure-native:config:${key}`, value]),
  );
  return readConfiguration(variables, env, noFile);
}

describe("readConfiguration", () => {
  test("reads the environment; a configured key wins", () => {
    expect(
      read({ tenantId: "other", location: "westeurope", skipReadOnUpdate: "true" }, environment),
    ).toEqual({
      subscriptionId: "subscription",
      tenantId: "other",
      clientId: "client",
      credential: { kind: "secret", secret: "secret" },
      metadataHost: "localhost:1",
      location: "westeurope",
      skipReadOnUpdate: true,
    });
  });

  test("a federated token from a file is read each time it is used", () => {
    const reads: string[] = [];
    const { credential } = readConfiguration(
      new Map(),
      { ...environment, ARM_CLIENT_SECRET: "", ARM_USE_OIDC: "true", ARM_OIDC_TOKEN_FILE_PATH: "/token" },
      (path) => `token ${reads.push(path)}\n`,
    );
    if (credential.kind !== "assertion") throw new Error(credential.kind);
    expect([credential.assertion(), credential.assertion()]).toEqual(["token 1", "token 2"]);
    expect(reads).toEqual(["/token", "/token"]);
  });

  test.each<[string, NodeJS.ProcessEnv, string]>([
    [
      "no metadata host",
      { ARM_METADATA_HOSTNAME: "" },
      "never talks to public Azure, and ARM_METADATA_HOSTNAME names no local cloud",
    ],
    [
      "no subscription",
      { ARM_SUBSCRIPTION_ID: "" },
      "A Subscription ID must be configured when authenticating",
    ],
    ["no tenant", { ARM_TENANT_ID: "" }, "A Tenant ID must be configured when authenticating"],
    ["no client", { ARM_CLIENT_ID: "" }, "A Client ID must be configured when authenticating"],
    [
      "no secret",
      { ARM_CLIENT_SECRET: "" },
      "A Client Secret must be configured when authenticating as a Service Principal using a Client Secret.",
    ],
    [
      "a managed identity",
      { ARM_USE_MSI: "true" },
      "does not authenticate with a managed identity (ARM_USE_MSI)",
    ],
    [
      "a certificate",
      { ARM_CLIENT_CERTIFICATE_PATH: "/c.pfx" },
      "does not authenticate with a client certificate (ARM_CLIENT_CERTIFICATE_PATH)",
    ],
    [
      "the default chain",
      { ARM_USE_DEFAULT_AZURE_CREDENTIAL: "true" },
      "does not authenticate with the default credential chain",
    ],
  ])("refuses %s", (_, change, message) => {
    expect(() => read({}, { ...environment, ...change })).toThrow(message);
  });
});

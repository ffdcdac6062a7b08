import { describe, expect, test } from "@jest/globals";
import { useAzureAd } from "../testing/azuread-harness.ts";
import { clientId, objectId, tenantId } from "../testing/loopback-arm.ts";
import { messageOf } from "../testing/provider-harness.ts";
import { readConfiguration } from "./configuration.ts";
import { AzureAdProvider } from "./provider.ts";

const environment = {
  ARM_TENANT_ID: "tenant",
  ARM_CLIENT_ID: "client",
  ARM_CLIENT_SECRET: "secret",
  ARM_METADATA_HOSTNAME: "localhost:1",
};

function read(env: NodeJS.ProcessEnv, config: Readonly<Record<string, string>> = {}) {
  const variables = new Map(Object.entries(config).map(([key, value]) => [`azuread:config:${key}`, value]));
  return readConfiguration(variables, { ...environment, ...env }, (path) => `token of ${path}\n`);
}

describe("readConfiguration", () => {
  test("reads the environment; a configured key wins", () => {
    expect(read({}, { tenantId: "other", environment: "usgovernment" })).toEqual({
      tenantId: "other",
      clientId: "client",
      method: { kind: "secret", secret: "secret" },
      metadataHost: "localhost:1",
    });
  });

  test.each<[string, NodeJS.ProcessEnv, unknown]>([
    [
      "an endpoint that gives federated tokens",
      { ARM_USE_OIDC: "true", ACTIONS_ID_TOKEN_REQUEST_URL: "u", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t" },
      { kind: "assertionRequest", url: "u", token: "t" },
    ],
    [
      "a managed identity",
      { ARM_USE_MSI: "true", ARM_MSI_ENDPOINT: "http://localhost:1" },
      { kind: "managedIdentity", endpoint: "http://localhost:1" },
    ],
  ])("takes %s", (_, env, method) => {
    expect(read({ ...env, ARM_CLIENT_SECRET: "" }).method).toEqual(method);
  });

  test("a federated token comes from the variable before the file", async () => {
    const file = { ARM_CLIENT_SECRET: "", ARM_USE_OIDC: "true", ARM_OIDC_TOKEN_FILE_PATH: "/token" };
    const assertion = async (env: NodeJS.ProcessEnv) => {
      const { method } = read(env);
      return method.kind === "assertion" ? method.assertion() : method.kind;
    };
    expect(await assertion(file)).toBe("token of /token");
    expect(await assertion({ ...file, ARM_OIDC_TOKEN: "token" })).toBe("token");
  });

  test.each<[string, NodeJS.ProcessEnv, string]>([
    ["no metadata host", { ARM_METADATA_HOSTNAME: "" }, "ARM_METADATA_HOSTNAME names no local cloud"],
    [
      "a metadata host with a scheme",
      { ARM_METADATA_HOSTNAME: "https://localhost:1" },
      'the metadata host "https://localhost:1" must be a host with a port and no scheme',
    ],
    [
      "an environment of its own name",
      { ARM_ENVIRONMENT: "LocalAzure" },
      'the environment "LocalAzure" is not known to the azuread provider: it must be one of public, global,',
    ],
    ["no tenant", { ARM_TENANT_ID: "" }, "A Tenant ID must be configured when authenticating"],
    ["no client", { ARM_CLIENT_ID: "" }, "A Client ID must be configured when authenticating"],
    [
      "no credential",
      { ARM_CLIENT_SECRET: "" },
      "finds no client secret (ARM_CLIENT_SECRET), federated token (ARM_USE_OIDC) or managed identity (ARM_USE_MSI), " +
        "and does not use the Azure CLI",
    ],
    [
      "a certificate",
      { ARM_CLIENT_CERTIFICATE_PATH: "/c.pfx" },
      "does not authenticate with a client certificate (ARM_CLIENT_CERTIFICATE_PATH)",
    ],
    [
      "an instance metadata service",
      { ARM_CLIENT_SECRET: "", ARM_USE_MSI: "true" },
      "asks no instance metadata service for a managed identity",
    ],
  ])("refuses %s", (_, env, message) => {
    expect(() => read(env)).toThrow(message);
  });
});

describe("tokens", () => {
  const harness = useAzureAd();
  const configured = async (change: NodeJS.ProcessEnv) => {
    const { environment: env } = harness.cloud;
    const provider = new AzureAdProvider(harness.host({ environment: { ...env, ...change } }));
    await provider.configure(new Map());
    return provider;
  };
  const getClientConfig = "azuread:index/getClientConfig:getClientConfig";
  const tokenPath = `/${tenantId}/oauth2/v2.0/token`;

  test("are asked for without discovery, for the Graph of the cloud, once", async () => {
    const provider = await configured({});
    expect(await provider.invoke(getClientConfig, {})).toEqual({
      id: `${tenantId}-${clientId}-${objectId}`,
      tenantId,
      clientId,
      objectId,
    });
    await provider.invoke(getClientConfig, {});
    expect(harness.cloud.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      {
        method: "POST",
        path: tokenPath,
        body: {
          grant_type: "client_credentials",
          client_id: clientId,
          client_secret: "not-a-real-secret",
          scope: `${harness.cloud.origin}/graph/.default`,
        },
      },
    ]);
  });

  test("a federated token is fetched for the audience of the exchange and sent as it is", async () => {
    harness.answer("GET", "/oidc", 200, { value: "the-token" });
    const provider = await configured({
      ARM_CLIENT_SECRET: "",
      ARM_USE_OIDC: "true",
      ARM_OIDC_REQUEST_URL: `${harness.cloud.origin}/oidc?job=1`,
      ARM_OIDC_REQUEST_TOKEN: "job-token",
    });
    await provider.invoke(getClientConfig, {});
    const [asked, exchanged] = harness.cloud.requests;
    expect(asked?.authorization).toBe("Bearer job-token");
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({
      job: "1",
      audience: "api://AzureADTokenExchange",
    });
    expect(exchanged?.body).toMatchObject({ client_assertion: "the-token" });
  });

  test.each([
    ["ARM_MSI_ENDPOINT", { ARM_USE_MSI: "true", ARM_MSI_ENDPOINT: "http://169.254.169.254/token" }],
    [
      "ARM_OIDC_REQUEST_URL",
      {
        ARM_USE_OIDC: "true",
        ARM_OIDC_REQUEST_URL: "https://token.actions.example/",
        ARM_OIDC_REQUEST_TOKEN: "t",
      },
    ],
  ])("no endpoint outside this machine is asked: %s", async (name, change) => {
    const provider = await configured({ ARM_CLIENT_SECRET: "", ...change });
    const message = await messageOf(provider.invoke(getClientConfig, {}));
    expect(message).toContain("the local plugins only talk to this machine");
    expect(message).toContain(name);
  });

  test("the metadata host must be on this machine", async () => {
    expect(await messageOf(configured({ ARM_METADATA_HOSTNAME: "management.azure.com" }))).toContain(
      "the metadata host (ARM_METADATA_HOSTNAME) is 'https://management.azure.com'",
    );
  });
});

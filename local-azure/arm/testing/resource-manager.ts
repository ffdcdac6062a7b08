import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ClientSecretCredential } from "@azure/identity";
import { getRequestListener } from "@hono/node-server";
import { listenHttps } from "../../core/https-listener.ts";
import type { Platform } from "../../core/platform.ts";
import { createCosmosProvider } from "../../cosmos/resource-provider/provider.ts";
import type { Directory } from "../../entra/directory.ts";
import { createEntraSurface, type EntraSurface } from "../../entra/surface.ts";
import { openTestPlatform, type TestPlatform } from "../../testing/test-platform.ts";
import { openResourceStore, type ResourceStore } from "../resource-store.ts";
import { type ArmDependencies, createArmSurface } from "../surface.ts";

/** An application of the directory with its service principal and a secret. */
export interface TestPrincipal {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly principalId: string;
  /** Object id of the application, which is no principal. */
  readonly applicationId: string;
}

/** Resource manager with the token service and Cosmos DB's control plane, over https, without any data plane. */
export interface TestResourceManager extends Pick<TestPlatform, "platform" | "clock" | "requests"> {
  readonly entra: EntraSurface;
  readonly resources: ResourceStore;
  /** `/subscriptions/<id>`. */
  readonly subscription: string;
  /** Options for an SDK client of this resource manager. */
  readonly clientOptions: {
    readonly endpoint: string;
    readonly credentials: { readonly scopes: string[] };
    readonly retryOptions: { readonly maxRetries: number };
  };
  credential(principal?: Pick<TestPrincipal, "clientId" | "clientSecret">): ClientSecretCredential;
  createPrincipal(name: string): TestPrincipal;
  /** A token of the principal (of the deployer by default) for resource manager or the given resource. */
  token(principalId?: string, resource?: string): string;
  /** A request without any SDK, by the deployer unless said otherwise; `body` is sent as JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<TestAnswer>;
  /** Gives `principalId` a control-plane role by its GUID. */
  assign(principalId: string, roleId: string, scope: string): Promise<void>;
  /** Stops and starts again on the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** Null sends no token. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Providers beside Cosmos DB's own. */
type MoreProviders = (platform: Platform, directory: Directory) => ArmDependencies["providers"];

export async function startResourceManager(more: MoreProviders = () => []): Promise<TestResourceManager> {
  let running = await startOnce(await openTestPlatform(), more);
  const { origin, tenantId, subscriptionId, certificates } = running.platform;
  setDefaultCACertificates([...getCACertificates("default"), certificates.caCertificatePem]);
  const token = (
    principalId = running.entra.deployer.principalId,
    resource = "https://management.azure.com",
  ) => {
    const principal = running.entra.directory.find(principalId);
    if (principal === undefined) throw new Error(`no principal ${principalId}`);
    return running.entra.issuer.issueForClient(principal, running.entra.resources.resolve(resource))
      .accessToken;
  };
  const request = async (method: string, path: string, options: RequestOptions = {}): Promise<TestAnswer> => {
    const { body, token: bearer = token(), headers = {} } = options;
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        // A connection that outlived a restart would be reset.
        Connection: "close",
        ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  return {
    get platform() {
      return running.platform;
    },
    get clock() {
      return running.clock;
    },
    get requests() {
      return running.requests;
    },
    get entra() {
      return running.entra;
    },
    get resources() {
      return running.resources;
    },
    subscription: `/subscriptions/${subscriptionId}`,
    clientOptions: {
      endpoint: origin,
      credentials: { scopes: ["https://management.azure.com/.default"] },
      retryOptions: { maxRetries: 0 },
    },
    token,
    request,
    credential: (principal = running.entra.deployer) =>
      new ClientSecretCredential(tenantId, principal.clientId, principal.clientSecret, {
        authorityHost: origin,
        disableInstanceDiscovery: true,
      }),
    createPrincipal(displayName) {
      const { directory } = running.entra;
      const { id, appId = "" } = directory.create({ type: "application", displayName });
      const principal = directory.create({ type: "servicePrincipal", displayName, appId });
      const { secretText } = directory.passwords.add(id, { displayName });
      return {
        clientId: appId,
        clientSecret: secretText,
        principalId: principal.id,
        applicationId: id,
      };
    },
    async assign(principalId, roleId, scope) {
      const name = running.platform.ids.uuid();
      const { status } = await request(
        "PUT",
        `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`,
        {
          body: {
            properties: {
              principalId,
              roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
            },
          },
        },
      );
      if (status !== 201) throw new Error(`the role assignment was answered with ${status}`);
    },
    async restart() {
      await running.stop();
      running = await startOnce(await running.reopen(), more);
    },
    async close() {
      await running.stop();
      running.close();
    },
  };
}

async function startOnce(opened: TestPlatform, more: MoreProviders) {
  const { platform } = opened;
  const resources = openResourceStore(platform.store);
  const entra = createEntraSurface(platform, { isCosmosAccountOrigin: () => false });
  const { verifier, directory } = entra;
  const arm = createArmSurface(platform, {
    verifier,
    directory,
    resources,
    owner: entra.deployer.principalId,
    providers: [
      (services) => createCosmosProvider(platform, services, { directory }),
      ...more(platform, directory),
    ],
  });
  const listener = await listenHttps({
    certificates: platform.certificates,
    port: Number(new URL(platform.origin).port),
    handler: getRequestListener((request) =>
      /^\/+(subscriptions|providers|tenants|metadata)(\/|$)/i.test(new URL(request.url).pathname)
        ? arm.app.fetch(request)
        : entra.app.fetch(request),
    ),
  });
  return { ...opened, resources, entra, stop: () => listener.close() };
}

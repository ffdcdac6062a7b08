import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Container, CosmosClient, type CosmosClientOptions } from "@azure/cosmos";
import { builtInRoles } from "../../rbac/cosmos/built-in-roles.ts";
import { type ArmResource, openResourceStore, type ResourceStore } from "../arm/resource-store.ts";
import { loadCertificates } from "../core/certificates.ts";
import { type ManualClock, manualClock, systemClock } from "../core/clock.ts";
import { openFaults } from "../core/faults.ts";
import { randomIds } from "../core/ids.ts";
import type { Platform } from "../core/platform.ts";
import { openPorts } from "../core/ports.ts";
import type { RequestLogEntry } from "../core/request-log.ts";
import { openStore } from "../core/store.ts";
import { loadTenancy } from "../core/tenancy.ts";
import { type CosmosDataPlane, createCosmosDataPlane } from "../cosmos/data-plane/surface.ts";
import { createEntraSurface, type EntraSurface } from "../entra/surface.ts";
import { keepRequests } from "./request-record.ts";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const accountType = "Microsoft.DocumentDB/databaseAccounts";

export interface ContainerSettings {
  readonly partitionKey?: readonly string[];
  readonly version?: 1 | 2;
  readonly defaultTtl?: number;
  readonly uniqueKeys?: readonly (readonly string[])[];
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed; undefined where there was no body. */
  readonly body: { readonly code?: string; readonly message?: string } & Readonly<Record<string, unknown>>;
}

/** One Cosmos account served over https, with a directory whose principals can be given roles. */
export interface TestCosmos {
  readonly platform: Platform;
  readonly resources: ResourceStore;
  readonly entra: EntraSurface;
  readonly accountId: string;
  readonly endpoint: string;
  /** Begins at the machine's time, because SDKs sign with it, and moves only when told to. */
  readonly clock: ManualClock;
  readonly agent: Agent;
  readonly requests: readonly RequestLogEntry[];
  readonly keys: Readonly<
    Record<
      "primaryMasterKey" | "secondaryMasterKey" | "primaryReadonlyMasterKey" | "secondaryReadonlyMasterKey",
      string
    >
  >;
  /** Makes a container in the database `orders`, as resource manager would. */
  container(id: string, settings?: ContainerSettings): Promise<void>;
  changeContainer(id: string, change: Readonly<Record<string, unknown>>): Promise<void>;
  changeAccount(properties: Readonly<Record<string, unknown>>): Promise<void>;
  /** A managed identity; answers its object id. */
  principal(name: string): string;
  /** Assigns a role, `/dbs/…` scopes relative to the account; `role` is a built-in one or the GUID of a custom one. */
  grant(principalId: string, role: "reader" | "contributor" | string, scope?: string): Promise<string>;
  define(roleId: string, dataActions: readonly string[]): Promise<void>;
  token(principalId: string, resource?: string): string;
  /** An SDK client of the principal, or with the options given. */
  client(principalId: string | Partial<CosmosClientOptions>): CosmosClient;
  /** A contributor's view of a container in `orders`. */
  items(container: string): Container;
  /** One raw request, for what SDKs do not send; `as` is a principal's object id, or the header itself. */
  send(
    method: string,
    path: string,
    options?: { readonly as?: string; readonly headers?: OutgoingHttpHeaders; readonly body?: string },
  ): Promise<RawAnswer>;
  /** Stops and starts the data plane on the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an account with the database `orders` and the container `orders` (partition key `/pk`). */
export async function startTestCosmos(): Promise<TestCosmos> {
  const directory = mkdtempSync(join(tmpdir(), "local-azure-cosmos-"));
  const clock = manualClock(new Date(systemClock.nowSeconds() * 1000));
  const requests: RequestLogEntry[] = [];
  let store = openStore(join(directory, "state.sqlite"));
  const ports = openPorts(store, (below) => randomIds.bytes(4).readUInt32BE() % below);
  const certificates = await loadCertificates(directory, clock, randomIds);
  const tenancy = loadTenancy(store, randomIds);
  const mainPort = await ports.claim("main");
  const accountId = `/subscriptions/${tenancy.subscriptionId}/resourceGroups/rg/providers/${accountType}/shop`;
  const port = await ports.claim(accountId);
  const endpoint = `https://localhost:${port}/`;
  const newKey = () => randomIds.bytes(64).toString("base64");
  const keys = {
    primaryMasterKey: newKey(),
    secondaryMasterKey: newKey(),
    primaryReadonlyMasterKey: newKey(),
    secondaryReadonlyMasterKey: newKey(),
  };
  const open = () => {
    const platform: Platform = {
      directory,
      store,
      clock,
      ids: randomIds,
      certificates,
      ports,
      faults: openFaults(store),
      requestLog: { record: (entry) => requests.push(entry), close: () => {} },
      origin: `https://localhost:${mainPort}`,
      ...tenancy,
    };
    const entra = createEntraSurface(platform, {
      isCosmosAccountOrigin: (origin) => origin === `https://localhost:${port}`,
    });
    const resources = openResourceStore(store);
    const dataPlane = createCosmosDataPlane(platform, { resources, verifier: entra.verifier });
    return { platform, entra, resources, dataPlane };
  };
  let running: ReturnType<typeof open> & { readonly dataPlane: CosmosDataPlane } = open();
  const agent = new Agent({ keepAlive: true, ca: certificates.caCertificatePem });
  const clients: CosmosClient[] = [];

  const put = (type: string, id: string, properties: Readonly<Record<string, unknown>>, internal = {}) => {
    const name = id.slice(id.lastIndexOf("/") + 1);
    const resource: ArmResource = { id, type, name, properties, internal, etag: randomIds.uuid() };
    return running.resources.put(resource);
  };
  const change = async (id: string, next: (resource: ArmResource) => ArmResource["properties"]) => {
    const resource = running.resources.get(id);
    if (resource === undefined) throw new Error(`no resource ${id}`);
    await running.resources.put({ ...resource, properties: next(resource) });
  };
  const databaseId = `${accountId}/sqlDatabases/orders`;
  let contributor: CosmosClient | undefined;

  const cosmos: TestCosmos = {
    get platform() {
      return running.platform;
    },
    get resources() {
      return running.resources;
    },
    get entra() {
      return running.entra;
    },
    accountId,
    endpoint,
    clock,
    agent,
    requests,
    keys,
    container(id, { partitionKey = ["/pk"], version = 2, defaultTtl, uniqueKeys = [] } = {}) {
      const kind = partitionKey.length > 1 ? "MultiHash" : "Hash";
      const resource = {
        id,
        partitionKey: { paths: partitionKey, kind, version },
        ...(defaultTtl === undefined ? {} : { defaultTtl }),
        uniqueKeyPolicy: { uniqueKeys: uniqueKeys.map((paths) => ({ paths })) },
        _ts: clock.nowSeconds(),
      };
      return put(`${accountType}/sqlDatabases/containers`, `${databaseId}/containers/${id}`, { resource });
    },
    changeContainer: (id, changes) =>
      change(`${databaseId}/containers/${id}`, ({ properties }) => ({
        resource: { ...(properties.resource as object), ...changes },
      })),
    changeAccount: (properties) =>
      change(accountId, (resource) => ({ ...resource.properties, ...properties })),
    principal: (name) =>
      running.entra.directory.createManagedIdentity(`${accountId}/identities/${name}`, name).principalId,
    async grant(principalId, role, scope = "") {
      const id = randomIds.uuid();
      const definition =
        role === "reader" || role === "contributor" ? builtInRoles[role].id : role.toLowerCase();
      await put(`${accountType}/sqlRoleAssignments`, `${accountId}/sqlRoleAssignments/${id}`, {
        principalId,
        roleDefinitionId: `${accountId}/sqlRoleDefinitions/${definition}`,
        scope: `${accountId}${scope}`,
      });
      return id;
    },
    define: (roleId, dataActions) =>
      put(`${accountType}/sqlRoleDefinitions`, `${accountId}/sqlRoleDefinitions/${roleId}`, {
        roleName: roleId,
        type: "CustomRole",
        assignableScopes: [accountId],
        permissions: [{ dataActions }],
      }),
    token: (principalId, resource = endpoint.slice(0, -1)) =>
      running.entra.issuer.issueForManagedIdentity(principalId, resource).accessToken,
    client(principalId) {
      const options =
        typeof principalId === "string"
          ? {
              aadCredentials: {
                getToken: async (scopes: string | string[]) => {
                  const resource = String(scopes).replace("/.default", "");
                  const issued = running.entra.issuer.issueForManagedIdentity(principalId, resource);
                  return { token: issued.accessToken, expiresOnTimestamp: issued.expiresOn * 1000 };
                },
              },
            }
          : principalId;
      const client = new CosmosClient({ endpoint, agent, ...options });
      clients.push(client);
      return client;
    },
    items(container) {
      if (contributor === undefined) {
        const principalId = cosmos.principal("contributor");
        void cosmos.grant(principalId, "contributor");
        contributor = cosmos.client(principalId);
      }
      return contributor.database("orders").container(container);
    },
    send(method, path, { as, headers = {}, body } = {}) {
      const authorization =
        as === undefined || !guid.test(as) ? as : `type=aad&ver=1.0&sig=${cosmos.token(as)}`;
      const all = authorization === undefined ? headers : { ...headers, authorization };
      return new Promise((resolve, reject) => {
        const request = httpsRequest(
          { host: "localhost", port, method, path, agent, headers: all },
          (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("end", () => {
              const text = Buffer.concat(chunks).toString();
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                body: text === "" ? undefined : JSON.parse(text),
              });
            });
          },
        );
        request.on("error", reject);
        request.end(body);
      });
    },
    async restart() {
      await running.dataPlane.stop();
      agent.destroy();
      store.close();
      store = openStore(join(directory, "state.sqlite"));
      running = open();
      await running.dataPlane.start();
    },
    async close() {
      for (const client of clients) client.dispose();
      agent.destroy();
      await running.dataPlane.stop();
      store.close();
      keepRequests(basename(directory), requests);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  await put(accountType, accountId, { documentEndpoint: endpoint, disableLocalAuth: false }, { port, keys });
  await put(`${accountType}/sqlDatabases`, databaseId, {
    resource: { id: "orders", _ts: clock.nowSeconds() },
  });
  await cosmos.container("orders");
  await running.dataPlane.start();
  return cosmos;
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { ResourceStore } from "../../arm/resource-store.ts";
import { type HttpsListener, listenHttps } from "../../core/https-listener.ts";
import type { Platform } from "../../core/platform.ts";
import type { TokenVerifier } from "../../entra/tokens/verify.ts";
import { QueryCache } from "../query/cache.ts";
import { openItemDatabase } from "../storage/item-database.ts";
import { openItemStore } from "../storage/item-store.ts";
import { type AccountModel, AccountModels } from "./account-model.ts";
import { readBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { openGrantPropagation } from "./grant-propagation.ts";
import { runExchange } from "./pipeline.ts";
import { QuerySnapshots } from "./query-snapshots.ts";
import type { DataPlaneServices } from "./services.ts";

export { routes } from "./operations.ts";

export interface CosmosDataPlane {
  /** Listens on the port of every account, and from then on of every account that comes. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** How often expired items are deleted from the store; reads leave them out at once. */
const purgeIntervalMs = 60_000;

/**
 * The data plane of all Cosmos accounts, each over https on its own port. It reads accounts, databases, containers and
 * role assignments from `resources` and follows their changes at once; items are in a database of their own.
 */
export function createCosmosDataPlane(
  platform: Platform,
  { resources, verifier }: { readonly resources: ResourceStore; readonly verifier: TokenVerifier },
): CosmosDataPlane {
  const { clock, ids, certificates, requestLog } = platform;
  const database = openItemDatabase(platform.directory);
  const items = openItemStore(database, clock);
  const accounts = new AccountModels({
    resources,
    items,
    clock,
    propagation: openGrantPropagation(platform, resources),
  });
  const services: DataPlaneServices = {
    clock,
    ids,
    resources,
    queries: new QueryCache({ environment: { nowMs: () => clock.nowMs(), random: Math.random } }),
    snapshots: new QuerySnapshots(),
  };
  const listeners = new Map<string, HttpsListener>();
  let started = false;
  let purge: NodeJS.Timeout | undefined;

  const handle = (armId: string, request: IncomingMessage, response: ServerResponse) => {
    const startedAt = performance.now();
    readBody(request, response, (body) => {
      const account = accounts.find(armId);
      if (account === undefined) {
        response.destroy();
        return;
      }
      const exchange = newExchange(account, services, request, body, startedAt);
      runExchange(exchange, request, response, { verifier, requestLog });
    });
  };
  const open = async (armId: string, port: number) => {
    if (listeners.has(armId.toLowerCase())) return;
    const listener = await listenHttps({
      certificates,
      port,
      handler: (request, response) => handle(armId, request, response),
    });
    listeners.set(armId.toLowerCase(), listener);
  };
  const close = async (armId: string) => {
    const listener = listeners.get(armId.toLowerCase());
    listeners.delete(armId.toLowerCase());
    await listener?.close();
  };

  resources.observe(async (change) => {
    accounts.follow(change);
    if (!started) return;
    const { id, type } = change.kind === "put" ? change.after : change.before;
    if (type.toLowerCase() !== "microsoft.documentdb/databaseaccounts") return;
    if (change.kind === "delete") await close(id);
    else if (typeof change.after.internal.port === "number") await open(id, change.after.internal.port);
  });
  return {
    async start() {
      accounts.dropOrphans();
      started = true;
      for (const { armId, port } of accounts.list()) await open(armId, port);
      purge = setInterval(() => items.purgeExpired(), purgeIntervalMs);
      purge.unref();
    },
    async stop() {
      started = false;
      clearInterval(purge);
      await Promise.all([...listeners.keys()].map(close));
      database.close();
    },
  };
}

function newExchange(
  account: AccountModel,
  services: DataPlaneServices,
  request: IncomingMessage,
  body: string,
  startedAt: number,
): Exchange {
  return {
    account,
    services,
    method: request.method ?? "",
    url: request.url ?? "/",
    headers: request.headers,
    body,
    sourceAddress: request.socket.remoteAddress ?? "",
    activityId: services.ids.uuid(),
    startedAt,
    segments: [],
    target: undefined,
    caller: undefined,
    roleAssignmentId: undefined,
    database: undefined,
    container: undefined,
    batch: undefined,
    answer: undefined,
    responseLength: 0,
    refusal: undefined,
  };
}

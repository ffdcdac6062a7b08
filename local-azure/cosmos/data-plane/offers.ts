import { createHash } from "node:crypto";
import type { ArmResource } from "../../arm/resource-store.ts";
import { containerType, databaseType } from "./account-model.ts";
import { metadataAnswer } from "./answers.ts";
import { settingsOf } from "./container-model.ts";
import { badRequest, notFound } from "./errors.ts";
import { type Answer, type Exchange, header } from "./exchange.ts";
import { feed, runQuery } from "./metadata.ts";

const throughputTypes = [databaseType, containerType].map((type) => `${type}/throughputSettings`);
const minimumThroughput = 400;

/** GET of all offers: the throughput settings of databases and containers. */
export function listOffers(exchange: Exchange): Answer {
  return feed("", "Offers", documents(exchange));
}

/** POST of a query over offers. */
export function queryOffers(exchange: Exchange): Answer {
  return feed("", "Offers", runQuery(exchange, documents(exchange)));
}

/** GET of one offer. */
export function readOffer(exchange: Exchange): Answer {
  const document = documentOf(exchange, find(exchange));
  return metadataAnswer(200, document, { etag: document._etag });
}

/** PUT of an offer: changes the throughput. */
export async function replaceOffer(exchange: Exchange): Promise<Answer> {
  const offer = find(exchange);
  const { content } = parseObject(exchange.body) as {
    content?: { offerThroughput?: unknown; offerAutopilotSettings?: { maxThroughput?: unknown } };
  };
  const autoscale = content?.offerAutopilotSettings?.maxThroughput;
  const settings = throughputSettings(
    autoscale === undefined ? content?.offerThroughput : undefined,
    autoscale,
  );
  const { resources, ids } = exchange.services;
  const kept = Object.fromEntries(Object.entries(settingsOf(offer)).filter(([name]) => name.startsWith("_")));
  await resources.put({
    ...offer,
    etag: ids.uuid(),
    properties: { ...offer.properties, resource: { ...settings, ...kept } },
  });
  const document = documentOf(exchange, find(exchange));
  return metadataAnswer(200, document, { etag: document._etag });
}

/**
 * The throughput that the headers of a new database or container ask for. A container of which nobody says otherwise gets
 * 400 RU/s of its own, unless its database has some to share or the account is serverless.
 *
 * @throws CosmosError 400
 */
export function askedThroughput(exchange: Exchange, type: string): Record<string, unknown> | undefined {
  const manual = header(exchange, "x-ms-offer-throughput");
  const autopilot = header(exchange, "x-ms-cosmos-offer-autopilot-settings");
  if (autopilot !== undefined) {
    const { maxThroughput } = parseObject(autopilot);
    return throughputSettings(undefined, maxThroughput);
  }
  if (manual !== undefined) return throughputSettings(Number(manual), undefined);
  return needsOwnThroughput(exchange, type) ? throughputSettings(minimumThroughput, undefined) : undefined;
}

/** Writes the throughput settings of a new database or container. */
export async function writeThroughput(
  exchange: Exchange,
  parentId: string,
  parentType: string,
  settings: Record<string, unknown> | undefined,
): Promise<void> {
  if (settings === undefined) return;
  const { resources, ids } = exchange.services;
  await resources.put({
    id: `${parentId}/throughputSettings/default`,
    type: `${parentType}/throughputSettings`,
    name: "default",
    properties: { resource: settings },
    internal: {},
    etag: ids.uuid(),
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    throw badRequest("The throughput is not valid JSON.");
  }
  throw badRequest("The throughput must be a JSON object.");
}

function needsOwnThroughput({ account, database, services }: Exchange, type: string): boolean {
  if (type !== containerType || database === undefined) return false;
  const capabilities = (account.properties.capabilities ?? []) as { name?: unknown }[];
  if (capabilities.some(({ name }) => name === "EnableServerless")) return false;
  return services.resources.get(`${database.armId}/throughputSettings/default`) === undefined;
}

function throughputSettings(manual: unknown, maximum: unknown): Record<string, unknown> {
  const common = { minimumThroughput: String(minimumThroughput), offerReplacePending: "false" };
  if (manual === undefined && maximum !== undefined) {
    if (!Number.isInteger(maximum) || (maximum as number) < 1000 || (maximum as number) % 1000 !== 0) {
      throw badRequest("The maximum of an autoscaled throughput must be a multiple of 1000.");
    }
    return { throughput: (maximum as number) / 10, autoscaleSettings: { maxThroughput: maximum }, ...common };
  }
  if (!Number.isInteger(manual) || (manual as number) < minimumThroughput || (manual as number) % 100 !== 0) {
    throw badRequest(`The throughput must be a multiple of 100 and at least ${minimumThroughput}.`);
  }
  return { throughput: manual, ...common };
}

function documents(exchange: Exchange) {
  return all(exchange).map((offer) => documentOf(exchange, offer));
}

function all(exchange: Exchange): readonly ArmResource[] {
  return throughputTypes.flatMap((type) => exchange.services.resources.list(type, exchange.account.armId));
}

function find(exchange: Exchange): ArmResource {
  const id = exchange.target?.id?.toLowerCase();
  const offer = all(exchange).find((candidate) => offerId(candidate) === id);
  if (offer === undefined) throw notFound();
  return offer;
}

/** Short, and the same for as long as the database or container has this name. */
function offerId(offer: ArmResource): string {
  return createHash("sha256").update(offer.id.toLowerCase()).digest("hex").slice(0, 8);
}

/** https://learn.microsoft.com/rest/api/cosmos-db/offers */
function documentOf(exchange: Exchange, offer: ArmResource) {
  const { throughput, autoscaleSettings } = settingsOf(offer) as {
    throughput?: number;
    autoscaleSettings?: { maxThroughput?: number };
  };
  const parentId = offer.id.slice(0, offer.id.lastIndexOf("/throughputSettings")).toLowerCase();
  const owner = [...exchange.account.databases.values()]
    .flatMap((database) => [database, ...database.containers.values()])
    .find(({ armId }) => armId.toLowerCase() === parentId);
  const id = offerId(offer);
  const autopilot =
    autoscaleSettings?.maxThroughput === undefined
      ? {}
      : { offerAutopilotSettings: { maxThroughput: autoscaleSettings.maxThroughput } };
  return {
    resource: String(owner?.document._self ?? ""),
    offerType: "Invalid",
    offerResourceId: owner?.rid ?? "",
    offerVersion: "V2",
    content: { offerThroughput: throughput, offerIsRUPerMinuteThroughputEnabled: false, ...autopilot },
    id,
    _rid: id,
    _self: `offers/${id}/`,
    _etag: `"${offer.etag.replaceAll('"', "")}"`,
    _ts: Number(settingsOf(offer)._ts ?? 0),
  };
}

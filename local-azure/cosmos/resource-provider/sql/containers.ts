import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { parentResourceId } from "../../../arm/arm-id.ts";
import { readModel, tagsSchema } from "../../../arm/read-model.ts";
import { resourceBody } from "../../../arm/resource-body.ts";
import type { ArmAnswer, ArmCall, ServiceTypeRow } from "../../../arm/resource-provider.ts";
import type { ArmResource } from "../../../arm/resource-store.ts";
import { readContainerDefinition } from "../../data-plane/container-definition.ts";
import { containerRidBytes, encodeRid } from "../../data-plane/container-model.ts";
import { asArmError, badRequest, cosmosRefusal, notFound } from "../errors.ts";
import type { CosmosServices } from "../services.ts";
import { containerPath, containerType, cosmosApiVersions } from "../types.ts";
import { checkId, isServerlessAccount, missing, refuseServerless } from "./rules.ts";
import {
  checkModeKept,
  manualThroughput,
  optionsSchema,
  readThroughput,
  type ThroughputResource,
  throughputId,
  throughputOf,
  writeThroughput,
} from "./throughput.ts";

const ignored = z.unknown().optional();
const unsupportedHere = "is not supported by this local cloud";
const absent = z.null(unsupportedHere).optional();

const containerSchema = z.object({
  location: ignored,
  tags: tagsSchema.nullish(),
  properties: z.object({
    resource: z.strictObject({
      id: z.string(),
      partitionKey: z
        .strictObject({
          paths: z.array(z.string()),
          kind: z.enum(["Hash", "MultiHash"], `other than Hash and MultiHash ${unsupportedHere}`).nullish(),
          version: z.union([z.literal(1), z.literal(2)]).nullish(),
          systemKey: ignored,
        })
        .optional(),
      indexingPolicy: z.record(z.string(), z.unknown()).nullish(),
      uniqueKeyPolicy: z
        .strictObject({ uniqueKeys: z.array(z.strictObject({ paths: z.array(z.string()) })).nullish() })
        .nullish(),
      defaultTtl: z.int().nullish(),
      conflictResolutionPolicy: z.record(z.string(), z.unknown()).nullish(),
      geospatialConfig: z.record(z.string(), z.unknown()).nullish(),
      createMode: z.literal("Default", unsupportedHere).nullish(),
      analyticalStorageTtl: z.literal(0, unsupportedHere).nullish(),
      computedProperties: z.tuple([], unsupportedHere).nullish(),
      restoreParameters: absent,
      clientEncryptionPolicy: absent,
      vectorEmbeddingPolicy: absent,
      fullTextPolicy: absent,
      materializedViewDefinition: absent,
      materializedViews: z.tuple([], unsupportedHere).nullish(),
      dataMaskingPolicy: absent,
      changeFeedPolicy: absent,
      _rid: ignored,
      _ts: ignored,
      _etag: ignored,
      _self: ignored,
    }),
    options: optionsSchema,
  }),
});

type Definition = Readonly<Record<string, unknown>>;

/** `sqlDatabases/containers`. */
export const sqlContainers: ServiceTypeRow<CosmosServices> = {
  type: containerType,
  path: containerPath,
  apiVersions: cosmosApiVersions,
  get: (call) => {
    if (call.existing === undefined) throw notFound(call, missing);
    return { status: 200, body: resourceBody(call.existing) };
  },
  list: (call, { resources }) => ({
    status: 200,
    body: {
      value: resources.list(containerType, call.id.slice(0, call.id.lastIndexOf("/"))).map(resourceBody),
    },
  }),
  put: putContainer,
  delete: (call, { resources, beginOperation }) => {
    const { existing } = call;
    if (existing === undefined) return { status: 204 };
    const work = () => resources.delete(existing.id);
    return beginOperation(call, work, { status: 202, body: { status: "Enqueued" } });
  },
};

function putContainer(call: ArmCall, services: CosmosServices): ArmAnswer {
  const { existing } = call;
  const { resources, beginOperation } = services;
  const { properties, tags } = readModel(containerSchema, call.body);
  checkId(call, existing, properties.resource.id, call.parameters.containerName ?? "");
  const definition = readDefinition(call, properties.resource);
  if (existing !== undefined) checkChange(call, existing, definition);
  const wanted = readThroughput(call, properties.options);
  if (wanted !== undefined) refuseServerless(call, services);
  const work = async () => {
    const throughput = nextThroughput(call, wanted, services);
    const container = build(call, definition, tags ?? undefined, services);
    await resources.put(container);
    if (throughput !== undefined) await writeThroughput(container, throughput, services);
    return resourceBody(container);
  };
  return beginOperation(call, work, { status: 202, body: { status: "Enqueued" } });
}

function readDefinition(
  call: ArmCall,
  resource: z.infer<typeof containerSchema>["properties"]["resource"],
): Definition {
  const given = Object.fromEntries(
    Object.entries(resource).filter(([name, value]) => value !== null && definitionMembers.has(name)),
  );
  const { partitionKey } = resource;
  if (partitionKey?.version === 1 && (partitionKey.kind === "MultiHash" || partitionKey.paths.length > 1)) {
    throw badRequest(call, "A hierarchical partition key (MultiHash) has version 2.");
  }
  const uniqueKeyPolicy = { uniqueKeys: resource.uniqueKeyPolicy?.uniqueKeys ?? [] };
  return asArmError(call, () => readContainerDefinition({ ...given, uniqueKeyPolicy }));
}

const definitionMembers = new Set([
  "partitionKey",
  "indexingPolicy",
  "defaultTtl",
  "conflictResolutionPolicy",
  "geospatialConfig",
]);

/** Partition key and unique keys are for good (https://github.com/pulumi/pulumi-azure-native/issues/562). */
function checkChange(call: ArmCall, { properties }: ArmResource, after: Definition): void {
  const before = properties.resource as Definition;
  if (!isDeepStrictEqual(withoutSystemKey(before.partitionKey), withoutSystemKey(after.partitionKey))) {
    throw badRequest(call, "Document collection partition key cannot be changed.");
  }
  if (!isDeepStrictEqual(before.uniqueKeyPolicy, after.uniqueKeyPolicy)) {
    throw cosmosRefusal(
      call,
      403,
      "Forbidden",
      "The unique index cannot be modified. To change the unique index, remove the collection and re-create a new one.",
    );
  }
}

function withoutSystemKey(partitionKey: unknown): unknown {
  const { paths, kind, version } = partitionKey as Definition;
  return { paths, kind, version };
}

/** A container gets its own 400 RU/s where nobody says otherwise: not asked for, not shared, not serverless. */
function nextThroughput(
  call: ArmCall,
  wanted: ThroughputResource | undefined,
  services: CosmosServices,
): ThroughputResource | undefined {
  const { resources } = services;
  if (call.existing === undefined) {
    const shared = resources.get(throughputId(parentResourceId(call.id) ?? "")) !== undefined;
    return wanted ?? (shared || isServerlessAccount(call.id, services) ? undefined : manualThroughput(400));
  }
  if (wanted === undefined) return undefined;
  const throughput = throughputOf(resources.get(throughputId(call.id)));
  if (throughput === undefined) {
    throw badRequest(call, "Throughput cannot be set on a container that shares its database's.");
  }
  checkModeKept(call, throughput, wanted);
  return wanted;
}

function build(
  call: ArmCall,
  definition: Definition,
  tags: Readonly<Record<string, string>> | undefined,
  { platform, resources }: CosmosServices,
): ArmResource {
  const { ids, clock } = platform;
  const { existing } = call;
  const database = resources.get(parentResourceId(call.id) ?? "");
  const databaseRid = String((database?.properties.resource as Definition | undefined)?._rid);
  const kept = existing?.properties.resource as Definition | undefined;
  const rid = String(kept?._rid ?? encodeRid(containerRidBytes(databaseRid, ids.bytes(4))));
  const etag = ids.uuid();
  const name = call.parameters.containerName ?? "";
  return {
    id: existing?.id ?? call.id,
    name,
    type: containerType,
    ...(tags === undefined ? {} : { tags }),
    properties: {
      resource: {
        id: name,
        ...definition,
        _rid: rid,
        _self: `dbs/${databaseRid}/colls/${rid}/`,
        _etag: `"${etag}"`,
        _ts: clock.nowSeconds(),
      },
    },
    internal: {},
    etag,
  };
}

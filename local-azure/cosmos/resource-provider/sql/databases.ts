import { z } from "zod";
import { readModel, tagsSchema } from "../../../arm/read-model.ts";
import { resourceBody } from "../../../arm/resource-body.ts";
import type { ArmAnswer, ArmCall, ServiceTypeRow } from "../../../arm/resource-provider.ts";
import type { ArmResource } from "../../../arm/resource-store.ts";
import { encodeRid } from "../../data-plane/container-model.ts";
import { badRequest, notFound } from "../errors.ts";
import type { CosmosServices } from "../services.ts";
import { cosmosApiVersions, databasePath, databaseType } from "../types.ts";
import { checkId, missing, ownerAccount, refuseServerless } from "./rules.ts";
import {
  checkModeKept,
  optionsSchema,
  readThroughput,
  throughputId,
  throughputOf,
  writeThroughput,
} from "./throughput.ts";

const ignored = z.unknown().optional();

const databaseSchema = z.object({
  location: ignored,
  tags: tagsSchema.nullish(),
  properties: z.object({
    resource: z.strictObject({
      id: z.string(),
      createMode: z.literal("Default", "is not supported by this local cloud").nullish(),
      restoreParameters: z.null("is not supported by this local cloud").optional(),
      _rid: ignored,
      _ts: ignored,
      _etag: ignored,
      _self: ignored,
      _colls: ignored,
      _users: ignored,
    }),
    options: optionsSchema,
  }),
});

/** `databaseAccounts/sqlDatabases`. */
export const sqlDatabases: ServiceTypeRow<CosmosServices> = {
  type: databaseType,
  path: databasePath,
  apiVersions: cosmosApiVersions,
  get: (call) => {
    if (call.existing === undefined) throw notFound(call, missing);
    return { status: 200, body: resourceBody(call.existing) };
  },
  list: (call, { resources }) => ({
    status: 200,
    body: { value: resources.list(databaseType, ownerAccount(call.id)).map(resourceBody) },
  }),
  put: putDatabase,
  delete: ({ existing, ...call }, { resources, beginOperation }) => {
    if (existing === undefined) return { status: 204 };
    const work = () => resources.delete(existing.id);
    return beginOperation({ existing, ...call }, work, { status: 202, body: { status: "Enqueued" } });
  },
};

function putDatabase(call: ArmCall, services: CosmosServices): ArmAnswer {
  const { existing } = call;
  const { resources, beginOperation } = services;
  const { properties, tags } = readModel(databaseSchema, call.body);
  checkId(call, existing, properties.resource.id, call.parameters.databaseName ?? "");
  const wanted = readThroughput(call, properties.options);
  if (wanted !== undefined) refuseServerless(call, services);
  const work = async () => {
    const throughput = throughputOf(resources.get(throughputId(call.id)));
    if (existing !== undefined && wanted !== undefined) {
      if (throughput === undefined) {
        throw badRequest(call, "Throughput cannot be set on a database that was made without it.");
      }
      checkModeKept(call, throughput, wanted);
    }
    const database = build(call, existing, tags ?? undefined, services);
    await resources.put(database);
    if (wanted !== undefined) await writeThroughput(database, wanted, services);
    return resourceBody(resources.get(database.id) ?? database);
  };
  return beginOperation(call, work, { status: 202, body: { status: "Enqueued" } });
}

function build(
  call: ArmCall,
  existing: ArmResource | undefined,
  tags: Readonly<Record<string, string>> | undefined,
  { platform }: CosmosServices,
): ArmResource {
  const { ids, clock } = platform;
  const name = call.parameters.databaseName ?? "";
  const etag = ids.uuid();
  const kept = existing?.properties.resource as Readonly<Record<string, unknown>> | undefined;
  const rid = String(kept?._rid ?? encodeRid(ids.bytes(4)));
  return {
    id: existing?.id ?? call.id,
    name: existing?.name ?? name,
    type: databaseType,
    ...(tags === undefined ? {} : { tags }),
    properties: {
      resource: {
        id: name,
        _rid: rid,
        _self: `dbs/${rid}/`,
        _etag: `"${etag}"`,
        _colls: "colls/",
        _users: "users/",
        _ts: clock.nowSeconds(),
      },
    },
    internal: {},
    etag,
  };
}

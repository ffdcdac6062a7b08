import { z } from "zod";
import { parentResourceId } from "../../../arm/arm-id.ts";
import { readModel } from "../../../arm/read-model.ts";
import { resourceBody } from "../../../arm/resource-body.ts";
import type { ArmAnswer, ArmCall, ServiceTypeRow } from "../../../arm/resource-provider.ts";
import type { ArmResource } from "../../../arm/resource-store.ts";
import { badRequest, notFound } from "../errors.ts";
import type { CosmosServices } from "../services.ts";
import { containerPath, containerType, cosmosApiVersions, databasePath, databaseType } from "../types.ts";
import {
  autoscaleThroughput,
  checkModeKept,
  manualThroughput,
  optionsSchema,
  readThroughput,
  type ThroughputResource,
  throughputOf,
  writeThroughput,
} from "./throughput.ts";

const ignored = z.unknown().optional();
const updateSchema = z.object({
  properties: z.object({
    resource: z
      .object({
        ...optionsSchema.unwrap().unwrap().shape,
        minimumThroughput: ignored,
        offerReplacePending: ignored,
      })
      .transform(({ throughput, autoscaleSettings }) =>
        autoscaleSettings === undefined ? { throughput } : { autoscaleSettings },
      ),
  }),
});

function throughputSettings(ownerType: string, ownerPath: string): ServiceTypeRow<CosmosServices> {
  const type = `${ownerType}/throughputSettings`;
  return {
    type,
    path: `${ownerPath}/throughputSettings/default`,
    apiVersions: cosmosApiVersions,
    get: (call) => ({ status: 200, body: resourceBody(requireThroughput(call)) }),
    put: (call, services) => {
      const { properties } = readModel(updateSchema, call.body);
      const after = readThroughput(call, properties.resource);
      if (after === undefined) throw badRequest(call, "The throughput to set is missing.");
      return change(call, services, ownerType, (before) => {
        checkModeKept(call, before, after);
        return after;
      });
    },
    actions: [
      {
        method: "POST",
        suffix: "migrateToAutoscale",
        action: `${type}/migrateToAutoscale/action`,
        handler: (call, services) => change(call, services, ownerType, (before) => toAutoscale(call, before)),
      },
      {
        method: "POST",
        suffix: "migrateToManualThroughput",
        action: `${type}/migrateToManualThroughput/action`,
        handler: (call, services) => change(call, services, ownerType, (before) => toManual(call, before)),
      },
    ],
  };
}

/** `throughputSettings/default` of databases and of containers. */
export const databaseThroughput = throughputSettings(databaseType, databasePath);
export const containerThroughput = throughputSettings(containerType, containerPath);

/** An account without keys of its own throughput (serverless, or shared by the database) has no such settings. */
function requireThroughput(call: ArmCall): ArmResource {
  if (call.existing !== undefined) return call.existing;
  throw notFound(call, "The requested throughput settings do not exist: no throughput is set here itself.");
}

function change(
  call: ArmCall,
  services: CosmosServices,
  ownerType: string,
  make: (before: ThroughputResource) => ThroughputResource,
): ArmAnswer {
  const settings = requireThroughput(call);
  const owner = { id: parentResourceId(settings.id) ?? "", type: ownerType };
  const work = async () => {
    const before = throughputOf(settings);
    if (before === undefined) return undefined;
    return resourceBody(await writeThroughput(owner, make(before), services));
  };
  return services.beginOperation(call, work, { status: 202, body: { status: "Enqueued" } });
}

/** The maximum begins at the manual throughput, in steps of 1,000. */
function toAutoscale(
  call: ArmCall,
  { throughput, autoscaleSettings }: ThroughputResource,
): ThroughputResource {
  if (autoscaleSettings !== undefined) throw badRequest(call, "The throughput is autoscaled already.");
  return autoscaleThroughput(Math.max(1000, Math.ceil(throughput / 1000) * 1000));
}

/** Manual throughput begins at the autoscale maximum. */
function toManual(call: ArmCall, { autoscaleSettings }: ThroughputResource): ThroughputResource {
  if (autoscaleSettings === undefined) throw badRequest(call, "The throughput is manual already.");
  return manualThroughput(autoscaleSettings.maxThroughput);
}

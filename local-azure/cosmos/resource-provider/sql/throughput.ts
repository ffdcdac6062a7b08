import { z } from "zod";
import type { ArmCall } from "../../../arm/resource-provider.ts";
import type { ArmResource } from "../../../arm/resource-store.ts";
import { badRequest } from "../errors.ts";
import type { CosmosServices } from "../services.ts";

const minimumManual = 400;
const maximum = 1_000_000;

const autoscaleSchema = z.strictObject({
  maxThroughput: z.int(),
  autoUpgradePolicy: z.undefined("is not supported by this local cloud").optional(),
  targetMaxThroughput: z.unknown().optional(),
});

/** `options` of a database or container; request units per second. */
export const optionsSchema = z
  .strictObject({ throughput: z.int().optional(), autoscaleSettings: autoscaleSchema.optional() })
  .nullish();

export type ThroughputOptions = z.infer<typeof optionsSchema>;

/** `properties.resource` of throughput settings. */
export interface ThroughputResource {
  readonly throughput: number;
  readonly autoscaleSettings?: { readonly maxThroughput: number };
  readonly minimumThroughput: string;
  readonly offerReplacePending: string;
}

export function manualThroughput(throughput: number): ThroughputResource {
  return { throughput, minimumThroughput: String(minimumManual), offerReplacePending: "false" };
}

/** Autoscale idles at a tenth of its maximum. */
export function autoscaleThroughput(maxThroughput: number): ThroughputResource {
  return {
    throughput: maxThroughput / 10,
    autoscaleSettings: { maxThroughput },
    minimumThroughput: "1000",
    offerReplacePending: "false",
  };
}

/** Reads options; undefined when they set nothing. @throws ArmError 400 BadRequest. */
export function readThroughput(call: ArmCall, options: ThroughputOptions): ThroughputResource | undefined {
  const manual = options?.throughput;
  const autoscale = options?.autoscaleSettings?.maxThroughput;
  if (manual !== undefined && autoscale !== undefined) {
    throw badRequest(call, "Either throughput or autoscaleSettings may be set, not both.");
  }
  if (autoscale !== undefined) {
    if (autoscale < 1000 || autoscale > maximum || autoscale % 1000 !== 0) {
      throw badRequest(
        call,
        `The offer should have a valid autoscale maxThroughput between 1000 and ${maximum} inclusive in increments of 1000.`,
      );
    }
    return autoscaleThroughput(autoscale);
  }
  if (manual === undefined) return undefined;
  if (manual < minimumManual || manual > maximum || manual % 100 !== 0) {
    throw badRequest(
      call,
      `The offer should have valid throughput values between ${minimumManual} and ${maximum} inclusive in increments of 100.`,
    );
  }
  return manualThroughput(manual);
}

/**
 * Refuses a switch between manual and autoscale, which only the migrate actions make
 * (https://github.com/pulumi/pulumi-azure-native/issues/4189).
 *
 * @throws ArmError 400 BadRequest.
 */
export function checkModeKept(call: ArmCall, before: ThroughputResource, after: ThroughputResource): void {
  const wasAutoscale = before.autoscaleSettings !== undefined;
  if (wasAutoscale === (after.autoscaleSettings !== undefined)) return;
  throw badRequest(
    call,
    `Updating offer to ${wasAutoscale ? "manually provisioned" : "autoscale"} throughput is not allowed. Please invoke migration API to migrate this offer.`,
  );
}

export function throughputId(ownerId: string): string {
  return `${ownerId}/throughputSettings/default`;
}

export function throughputOf(settings: ArmResource | undefined): ThroughputResource | undefined {
  return settings?.properties.resource as ThroughputResource | undefined;
}

/** Writes the throughput settings of `owner`, a database or container. */
export async function writeThroughput(
  owner: Pick<ArmResource, "id" | "type">,
  throughput: ThroughputResource,
  { resources, platform }: CosmosServices,
): Promise<ArmResource> {
  const etag = platform.ids.uuid();
  const settings: ArmResource = {
    id: throughputId(owner.id),
    name: "default",
    type: `${owner.type}/throughputSettings`,
    properties: {
      resource: {
        ...throughput,
        _rid: platform.ids.bytes(3).toString("base64"),
        _etag: `"${etag}"`,
        _ts: platform.clock.nowSeconds(),
      },
    },
    internal: {},
    etag,
  };
  await resources.put(settings);
  return settings;
}

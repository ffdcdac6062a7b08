import { z } from "zod";
import { tagsSchema } from "../../arm/read-model.ts";
import type { UnsupportedMember } from "./request-body.ts";
import { off } from "./request-body.ts";

const skuSchema = z.looseObject({
  name: z.string().min(1),
  tier: z.string().optional(),
  size: z.string().optional(),
  family: z.string().optional(),
  capacity: z.int().min(0).max(30).optional(),
});

const propertiesSchema = z.looseObject({
  reserved: z.boolean().optional(),
  perSiteScaling: z.boolean().optional(),
  zoneRedundant: z.boolean().optional(),
});

/** The body of a PUT of a plan. */
export const planSchema = z.looseObject({
  location: z.string().min(1),
  kind: z.string().optional(),
  tags: tagsSchema.optional(),
  sku: skuSchema.optional(),
  properties: propertiesSchema.default({}),
});

/** The body of a PATCH of a plan, which changes only what it names. */
export const planPatchSchema = planSchema.partial({ location: true });

/** A pricing tier: https://learn.microsoft.com/azure/app-service/overview-hosting-plans */
export interface PricingTier {
  readonly tier: string;
  readonly family: string;
  readonly maximumWorkers: number;
  /** Free and Shared plans unload idle sites. */
  readonly alwaysOn: boolean;
}

const tiers: readonly (readonly [RegExp, PricingTier])[] = [
  [/^F1$/, { tier: "Free", family: "F", maximumWorkers: 1, alwaysOn: false }],
  [/^B[123]$/, { tier: "Basic", family: "B", maximumWorkers: 3, alwaysOn: true }],
  [/^S[123]$/, { tier: "Standard", family: "S", maximumWorkers: 10, alwaysOn: true }],
  [/^P[123]V2$/, { tier: "PremiumV2", family: "Pv2", maximumWorkers: 30, alwaysOn: true }],
  [/^P(0|[1-5]M?)V3$/, { tier: "PremiumV3", family: "Pv3", maximumWorkers: 30, alwaysOn: true }],
  [/^P(0|[1-5]M?)V4$/, { tier: "PremiumV4", family: "Pv4", maximumWorkers: 30, alwaysOn: true }],
];

/** The tier of a SKU name; undefined for one that the local cloud does not offer. */
export function pricingTier(skuName: string): PricingTier | undefined {
  return tiers.find(([pattern]) => pattern.test(skuName.toUpperCase()))?.[1];
}

export const offeredSkus = "F1, B1-B3, S1-S3, P1v2-P3v2, P0v3-P3v3, P1mv3-P5mv3, P0v4-P3v4, P1mv4-P5mv4";

/** What a plan may ask for that nothing here does. */
export const unsupportedPlanMembers: readonly UnsupportedMember[] = [
  { name: "isXenon", isOff: off.unlessTrue },
  { name: "hyperV", isOff: off.unlessTrue },
  { name: "isSpot", isOff: off.unlessTrue },
  { name: "isCustomMode", isOff: off.unlessTrue },
  { name: "elasticScaleEnabled", isOff: off.unlessTrue },
  { name: "hostingEnvironmentProfile", isOff: off.empty },
  { name: "kubeEnvironmentProfile", isOff: off.empty },
];

import { z } from "zod";
import { LOCATION_KEY } from "../reading/raw.ts";
import { principal, role, workload } from "./access-schema.ts";
import { addressRangeBreach } from "./addresses.ts";
import { autoscaleBreach, manualBreach, partitionKeyPathBreach } from "./cosmos-rules.ts";
import { application, group, identity } from "./identity-schema.ts";
import { shortNameBreach } from "./names.ts";
import { choice, date, obeying, sentence } from "./schema-rules.ts";

const MAX_ENVIRONMENT_NAME = 20;

const throughput = z.strictObject({
  autoscaleMax: obeying(z.int(), autoscaleBreach)
    .meta({ examples: [1000] })
    .optional(),
  manual: obeying(z.int(), manualBreach)
    .meta({ examples: [400] })
    .optional(),
});

const partitionKey = obeying(
  z.array(obeying(z.string(), partitionKeyPathBreach).meta({ examples: ["/tenantId"] })),
  (paths) => {
    if (paths.length < 1 || paths.length > 3) {
      return {
        problem: `has ${paths.length} levels`,
        fix: "list one path, or two or three for a hierarchical key",
      };
    }
    const repeated = paths.find((path, index) => paths.indexOf(path) !== index);
    return repeated === undefined
      ? undefined
      : { problem: `names ${repeated} twice`, fix: "name each level once" };
  },
).meta({ examples: ["[/tenantId]"] });

const container = z.strictObject({ partitionKey, throughput: throughput.optional() });

const database = z.strictObject({
  throughput: throughput.optional(),
  containers: z
    .record(z.string(), container)
    .meta({ examples: ["{ orders: { partitionKey: [/tenantId] } }"] }),
});

/** Cosmos DB backs up continuously in both tiers; the name says how far back a restore can go. */
export const BACKUP_TIERS = ["continuous7Days", "continuous30Days"] as const;

/**
 * The shape of `Pulumi.<environment>.yaml`: one member for each `keyless-cosmos:*` key, and the region under the provider's key. Names, and what needs more than one value to judge, stand in `checks/cross-checks.ts`.
 */
export const settingsSchema = z.strictObject({
  [LOCATION_KEY]: sentence("westeurope"),
  environment: obeying(z.string(), (name) => shortNameBreach(name, MAX_ENVIRONMENT_NAME)).meta({
    examples: ["dev"],
  }),
  dataLoss: choice(["refused", "allowed"]).default("refused"),
  allowedAddresses: z
    .array(obeying(z.string(), addressRangeBreach).meta({ examples: ["203.0.113.0/24"] }))
    .default([]),
  cosmos: z.strictObject({
    capacity: choice(["provisioned", "serverless"]).default("provisioned"),
    backup: choice(BACKUP_TIERS).default("continuous7Days"),
    databases: z
      .record(z.string(), database)
      .meta({ examples: ["{ orders: { containers: { orders: { partitionKey: [/tenantId] } } } }"] }),
  }),
  example: z
    .boolean()
    .meta({ examples: [true] })
    .default(false),
  today: date("2026-11-25").optional(),
  workloads: z.record(z.string(), workload).default({}),
  principals: z.record(z.string(), principal).default({}),
  applications: z.record(z.string(), application).default({}),
  identities: z.record(z.string(), identity).default({}),
  groups: z.record(z.string(), group).default({}),
  developers: group.optional(),
  roles: z.record(z.string(), role).default({}),
});

/** The settings as written, with defaults filled in. */
export type WrittenSettings = z.output<typeof settingsSchema>;
/** A throughput as written. */
export type WrittenThroughput = z.output<typeof throughput>;

import { z } from "zod";
import { addressRangeBreach } from "./addresses.ts";
import { autoscaleBreach, type Breach, manualBreach, partitionKeyPathBreach } from "./cosmos-rules.ts";
import { shortNameBreach } from "./names.ts";
import { LOCATION_KEY } from "./raw.ts";
import { parseReviewDate } from "./review-date.ts";

/** How a workload may reach Cosmos DB. The ones that are not built yet are known, so that the refusal can say so. */
export const ACCESS_MODES = [
  "managedIdentity",
  "signedInUser",
  "keyVaultReference",
  "connectionString",
  "accountKeys",
  "clientSecret",
  "resourceTokens",
] as const;
const SUPPORTED_ACCESS = "managedIdentity";

/** Where a workload may run. */
export const HOSTS = ["appService", "virtualMachine"] as const;
const SUPPORTED_HOST = "appService";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_ENVIRONMENT_NAME = 20;

/** Adds a rule to a schema; what the rule says becomes the fault. */
function obeying<Schema extends z.ZodType>(
  schema: Schema,
  rule: (value: z.output<Schema>) => Breach | undefined,
): Schema {
  return schema.check((context) => {
    const breach = rule(context.value);
    if (breach === undefined) return;
    context.issues.push({
      code: "custom",
      message: breach.problem,
      params: { fix: breach.fix },
      input: context.value,
      // So that the rules after this one still run: every fault is reported at once.
      continue: true,
    });
  });
}

/** A text that says something: not empty, not only spaces. */
function sentence(example: string) {
  return obeying(z.string(), (text) =>
    text.trim() === "" ? { problem: "is empty", fix: `write for example: ${example}` } : undefined,
  ).meta({ examples: [example] });
}

function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values).meta({ examples: [values[0]] });
}

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

const grant = z.strictObject({
  role: z.string().meta({ examples: ["reader"] }),
  scope: z.string().meta({ examples: ["orders/orders"] }),
  justification: sentence("Writes orders placed in the shop"),
  owner: sentence("team-orders"),
  reviewBy: obeying(z.string(), (text) =>
    parseReviewDate(text) === undefined
      ? { problem: `"${text}" is not a date`, fix: "write a real date as YYYY-MM-DD, e.g. 2027-02-20" }
      : undefined,
  ).meta({ examples: ["2027-02-20"] }),
});

const workload = z.strictObject({
  host: obeying(choice(HOSTS), (host) =>
    host === SUPPORTED_HOST
      ? undefined
      : { problem: `host ${host} is not supported yet`, fix: `use ${SUPPORTED_HOST}, the only host for now` },
  ),
  access: obeying(choice(ACCESS_MODES), (access) =>
    access === SUPPORTED_ACCESS
      ? undefined
      : {
          problem: `access by ${access} is not supported yet`,
          fix: `use ${SUPPORTED_ACCESS}, the only access for now`,
        },
  ),
  grants: z.array(grant).meta({ examples: ["[]"] }),
});

const principal = z.strictObject({
  objectId: obeying(z.string(), (id) =>
    GUID.test(id)
      ? undefined
      : {
          problem: `"${id}" is no object id`,
          fix: "write the GUID of the user, group or service principal (not of the app registration): az ad sp show --id <appId> --query id",
        },
  )
    .meta({ examples: ["00000000-0000-0000-0000-000000000000"] })
    .optional(),
  deployer: z
    .literal(true)
    .meta({ examples: [true] })
    .optional(),
  grants: z.array(grant).meta({ examples: ["[]"] }),
});

const role = z.strictObject({
  dataActions: obeying(z.array(z.string()), (actions) =>
    actions.length === 0
      ? { problem: "lists no data action", fix: "list what the role may do, or remove the role" }
      : undefined,
  ).meta({ examples: ["[Microsoft.DocumentDB/databaseAccounts/readMetadata]"] }),
});

/** Cosmos DB backs up continuously in both tiers; the name says how far back a restore can go. */
export const BACKUP_TIERS = ["continuous7Days", "continuous30Days"] as const;

/**
 * The shape of `Pulumi.<environment>.yaml`: one member for each `keyless-cosmos:*` key, and the region under the provider's key. Names, and what needs more than one value to judge, stand in `cross-checks.ts`.
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
  workloads: z.record(z.string(), workload).default({}),
  principals: z.record(z.string(), principal).default({}),
  roles: z.record(z.string(), role).default({}),
});

/** The settings as written, with defaults filled in. */
export type WrittenSettings = z.output<typeof settingsSchema>;
/** A grant as written. */
export type WrittenGrant = z.output<typeof grant>;
/** A throughput as written. */
export type WrittenThroughput = z.output<typeof throughput>;

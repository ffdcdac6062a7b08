import { z } from "zod";
import { choice, date, guid, obeying, sentence } from "./schema-rules.ts";

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
/** The ways in that are built. */
export const SUPPORTED_ACCESS = ["managedIdentity", "clientSecret"] as const;

/** Where a workload may run. */
export const HOSTS = ["appService", "virtualMachine"] as const;
const SUPPORTED_HOST = "appService";

const grant = z.strictObject({
  role: z.string().meta({ examples: ["reader"] }),
  scope: z.string().meta({ examples: ["orders/orders"] }),
  justification: sentence("Writes orders placed in the shop"),
  owner: sentence("team-orders"),
  reviewBy: date("2027-02-20"),
});

/** What a holder is granted. */
export const grants = z.array(grant).meta({ examples: ["[]"] });

export const workload = z.strictObject({
  host: obeying(choice(HOSTS), (host) =>
    host === SUPPORTED_HOST
      ? undefined
      : { problem: `host ${host} is not supported yet`, fix: `use ${SUPPORTED_HOST}, the only host for now` },
  ),
  access: obeying(choice(ACCESS_MODES), (access) =>
    SUPPORTED_ACCESS.some((supported) => supported === access)
      ? undefined
      : {
          problem: `access by ${access} is not supported yet`,
          fix: "use managedIdentity, or clientSecret while you migrate from one",
        },
  ),
  migrationEnds: date("2027-01-31").optional(),
  callers: z.array(z.string().meta({ examples: ["deployer"] })).default([]),
  grants,
});

export const principal = z.strictObject({
  objectId: guid(
    "object id",
    "write the GUID of the group or service principal (not of the app registration): az ad sp show --id <appId> --query id",
  ).optional(),
  deployer: z
    .literal(true)
    .meta({ examples: [true] })
    .optional(),
  kind: choice(["principal", "group"]).default("principal"),
  grants,
});

export const role = z.strictObject({
  dataActions: obeying(z.array(z.string()), (actions) =>
    actions.length === 0
      ? { problem: "lists no data action", fix: "list what the role may do, or remove the role" }
      : undefined,
  ).meta({ examples: ["[Microsoft.DocumentDB/databaseAccounts/readMetadata]"] }),
});

/** A grant as written. */
export type WrittenGrant = z.output<typeof grant>;

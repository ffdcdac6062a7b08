import { z } from "zod";
import { grants } from "./access-schema.ts";
import { federatedCredentials } from "./federated-credential-schema.ts";
import { memberBreach } from "./people.ts";
import { choice, guid, obeying, sentence, text } from "./schema-rules.ts";

/** Azure Cosmos DB as an API that an application calls on behalf of who signs in. */
export const COSMOS_API = "azureCosmosDb";

const appRole = z.strictObject({
  description: sentence("May export orders"),
  allowedFor: obeying(z.array(choice(["applications", "users"])), (kinds) =>
    kinds.length === 0
      ? { problem: "lists nobody who may get the role", fix: "write [applications], [users] or both" }
      : undefined,
  ).meta({ examples: ["[applications]"] }),
});

const scope = z.strictObject({
  description: sentence("Read orders on behalf of who signs in"),
  consent: choice(["admin", "user"]).default("admin"),
});

export const application = z.strictObject({
  owners: z
    .array(
      guid(
        "object id",
        "write the GUID of a user or service principal: az ad user show --id <upn> --query id",
      ),
    )
    .default([]),
  appRoles: z.record(z.string(), appRole).default({}),
  scopes: z.record(z.string(), scope).default({}),
  access: z.array(z.string().meta({ examples: [COSMOS_API] })).default([]),
  federatedCredentials: federatedCredentials.default({}),
  grants,
});

export const identity = z.strictObject({
  federatedCredentials: federatedCredentials.default({}),
  grants,
});

export const group = z.strictObject({
  members: z.array(text(memberBreach, "ana@shop.org")).meta({ examples: ["[ana@shop.org]"] }),
  grants,
});

/** An application as written. */
export type WrittenApplication = z.output<typeof application>;
/** A group as written. */
export type WrittenGroup = z.output<typeof group>;

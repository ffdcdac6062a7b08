import { z } from "zod";

const guid = z.guid();
const url = z.url({ protocol: /^https$/ });
const resourceId = z.string().startsWith("/subscriptions/");

/** A container as it was declared and made. */
const container = z.object({
  database: z.string(),
  name: z.string(),
  partitionKey: z.array(z.string()).min(1),
});

/** Somebody who may call a workload. */
const caller = z.object({
  /** As the settings name it. */
  name: z.string(),
  objectId: guid,
  /** A group is recognized by the `groups` of a token, anybody else by its `oid`. */
  kind: z.enum(["principal", "group"]),
});

/** A client secret of a workload that still needs one: where it lies, whose it is and until when. Never its value. */
const clientSecret = z.object({
  /** `https://host[:port]/`. */
  vaultUri: url,
  /** Name of the secret in the vault. */
  name: z.string(),
  /** Of the registration that the secret proves. */
  clientId: guid,
  /** Object id of that registration's service principal, which holds the grants. */
  principalId: guid,
  /** The day on which the current secret ends, `YYYY-MM-DD`. */
  endsOn: z.iso.date(),
  /** The day by which the workload is to do without, `YYYY-MM-DD`. */
  migrationEnds: z.iso.date(),
});

/** A deployed workload. */
const workload = z.object({
  host: z.literal("appService"),
  siteName: z.string(),
  siteId: resourceId,
  /** Where it answers, `https://host[:port]`. */
  url,
  /** Where packages are published, `https://host[:port]`. */
  scmUrl: url,
  /** Object id of the service principal behind its identity. */
  principalId: guid,
  access: z.enum(["managedIdentity", "clientSecret"]),
  /** Of the workload's own registration: the audience of its callers' tokens. Absent in a stack deployed before there was one. */
  clientId: guid.optional(),
  callers: z.array(caller).default([]),
  /** With access by client secret only. */
  secret: clientSecret.optional(),
});

/** Whose tokens are taken for the holder's. */
const federatedCredential = z.object({
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audience: z.string(),
});

/** An app registration with its service principal. */
const application = z.object({
  clientId: guid,
  /** Of the registration; no grant takes it. */
  objectId: guid,
  /** Of the service principal: what grants name. */
  principalId: guid,
  federatedCredentials: z.array(federatedCredential),
});

/** A user-assigned managed identity. */
const identity = z.object({
  clientId: guid,
  principalId: guid,
  federatedCredentials: z.array(federatedCredential),
});

/** A security group and who is in it. */
const group = z.object({
  objectId: guid,
  /** By user principal name or object id, as the settings name them. */
  members: z.array(z.object({ name: z.string(), objectId: guid })),
});

/** A grant with its reason: what an auditor asks for. */
const grant = z.object({
  /** Name of the role assignment. */
  id: guid,
  /** The workload, principal, application, identity or group, as the settings name it. */
  principal: z.string(),
  /** Object id of the service principal, user or group. */
  principalId: guid,
  role: z.string(),
  roleDefinitionId: resourceId,
  dataActions: z.array(z.string()).min(1),
  /** `account`, `<database>` or `<database>/<container>`. */
  scope: z.string(),
  /** The scope as Cosmos DB stores it: the account's id and `/dbs/…/colls/…`. */
  resourceScope: resourceId,
  justification: z.string(),
  owner: z.string(),
  /** `YYYY-MM-DD`. */
  reviewBy: z.iso.date(),
});

/** What a deployment tells: read by the smoke tests, the audit, publishing and people. */
export const stackOutputsSchema = z.object({
  environment: z.string(),
  subscriptionId: guid,
  tenantId: guid,
  resourceGroup: z.string(),
  account: z.object({ name: z.string(), id: resourceId, endpoint: url }),
  containers: z.array(container),
  workloads: z.record(z.string(), workload),
  grants: z.array(grant),
  applications: z.record(z.string(), application).default({}),
  identities: z.record(z.string(), identity).default({}),
  /** The people of a development environment are the group `developers`. */
  groups: z.record(z.string(), group).default({}),
});

/** The outputs of a stack, checked with `stackOutputsSchema`. */
export type StackOutputs = z.output<typeof stackOutputsSchema>;
/** One member of the output `grants`. */
export type GrantOutput = z.output<typeof grant>;
/** One member of the output `workloads`. */
export type WorkloadOutput = z.output<typeof workload>;
/** One member of the output `containers`. */
export type ContainerOutput = z.output<typeof container>;
/** One member of the output `applications`. */
export type ApplicationOutput = z.output<typeof application>;
/** One member of the output `identities`. */
export type IdentityOutput = z.output<typeof identity>;
/** One member of the output `groups`. */
export type GroupOutput = z.output<typeof group>;
/** One caller of a workload. */
export type CallerOutput = z.output<typeof caller>;
/** One federated credential of an application or identity. */
export type FederatedCredentialOutput = z.output<typeof federatedCredential>;

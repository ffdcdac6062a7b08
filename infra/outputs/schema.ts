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
  access: z.literal("managedIdentity"),
});

/** A grant with its reason: what an auditor asks for. */
const grant = z.object({
  /** Name of the role assignment. */
  id: guid,
  /** The workload or principal, as the settings name it. */
  principal: z.string(),
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
});

/** The outputs of a stack, checked with `stackOutputsSchema`. */
export type StackOutputs = z.output<typeof stackOutputsSchema>;
/** One member of the output `grants`. */
export type GrantOutput = z.output<typeof grant>;
/** One member of the output `workloads`. */
export type WorkloadOutput = z.output<typeof workload>;
/** One member of the output `containers`. */
export type ContainerOutput = z.output<typeof container>;

import type { Breach } from "../../settings/faults/breach.ts";
import { type ExpectedToken, exchangeAudience } from "./expected-token.ts";

/**
 * A service connection of Azure Pipelines. With `tenantId` and `serviceConnectionId` its tokens come from Entra; with
 * `organization`, `project` and `serviceConnection` from Azure DevOps, which ends on 2027-07-01.
 */
export interface AzurePipelines {
  readonly organizationId: string;
  readonly tenantId?: string | undefined;
  readonly serviceConnectionId?: string | undefined;
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly serviceConnection?: string | undefined;
  readonly audience?: string | undefined;
}

/** Azure DevOps as an application of Entra: 499b84ac-1321-427f-aa17-267ca6975798. */
const azureDevOps = encodedGuid("499b84ac-1321-427f-aa17-267ca6975798");

/**
 * What the tokens of such a connection say.
 * Source: https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity; the Entra prefix,
 * with tenant and application as base64url of their bytes, as service connections show it.
 *
 * @throws when neither form is complete; `pipelinesFormBreach` finds that first.
 */
export function azurePipelinesToken(connection: AzurePipelines): ExpectedToken {
  const { organizationId, tenantId, serviceConnectionId, organization, project, serviceConnection } =
    connection;
  const audience = connection.audience ?? exchangeAudience;
  if (tenantId !== undefined && serviceConnectionId !== undefined) {
    return {
      issuer: `https://login.microsoftonline.com/${tenantId.toLowerCase()}/v2.0`,
      subject: `/eid1/c/pub/t/${encodedGuid(tenantId)}/a/${azureDevOps}/sc/${organizationId.toLowerCase()}/${serviceConnectionId.toLowerCase()}`,
      audience,
    };
  }
  if (organization === undefined || project === undefined || serviceConnection === undefined) {
    throw new Error("a service connection without a form passed the checks");
  }
  return {
    issuer: `https://vstoken.dev.azure.com/${organizationId.toLowerCase()}`,
    subject: `sc://${organization}/${project}/${serviceConnection}`,
    audience,
  };
}

/** A GUID as Entra writes it in subjects of its own: base64url of the bytes, the first three groups little-endian. */
function encodedGuid(guid: string): string {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes.toString("base64url");
}

const ENTRA_FORM = ["tenantId", "serviceConnectionId"] as const;
const DEVOPS_FORM = ["organization", "project", "serviceConnection"] as const;

/** Exactly one of the two forms must be there, and whole. */
export function pipelinesFormBreach(connection: Readonly<Record<string, unknown>>): Breach | undefined {
  const count = (form: readonly string[]) => form.filter((key) => connection[key] !== undefined).length;
  const [entra, devOps] = [count(ENTRA_FORM), count(DEVOPS_FORM)];
  if ((entra === ENTRA_FORM.length && devOps === 0) || (devOps === DEVOPS_FORM.length && entra === 0)) {
    return undefined;
  }
  return {
    problem:
      entra > 0 && devOps > 0 ? "mixes the two forms of a connection" : "says only part of a connection",
    fix: `beside organizationId write ${ENTRA_FORM.join(" and ")} when its issuer is login.microsoftonline.com, or ${DEVOPS_FORM.join(", ")} when it is vstoken.dev.azure.com`,
  };
}

/** A name of Azure DevOps as it stands in a subject: a slash would part it. */
export function devOpsNameBreach(name: string): Breach | undefined {
  if (/^[^\s/*](?:[^/*\r\n]{0,253}[^\s/*])?$/.test(name)) return undefined;
  return {
    problem: `"${name}" is no name of Azure DevOps`,
    fix: "write it as the service connection's subject has it: sc://<organization>/<project>/<serviceConnection>",
  };
}

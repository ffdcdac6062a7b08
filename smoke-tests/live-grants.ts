import { z } from "zod";
import type { AzureCloud } from "../connection/azure-cloud.ts";
import { listAzure, ServiceRefusal } from "../connection/azure-request.ts";
import type { StackOutputs } from "../infra/outputs/schema.ts";

const apiVersion = "2025-10-15";

const assignmentSchema = z.object({
  name: z.string(),
  properties: z.object({ principalId: z.string(), scope: z.string() }),
});

/** A role assignment that the account has and the stack does not declare. */
export interface UndeclaredAssignment {
  readonly id: string;
  readonly principalId: string;
  /** `/`, `/dbs/<database>` or `/dbs/<database>/colls/<container>`. */
  readonly scope: string;
}

/** How the account's role assignments differ from the declared grants. */
export interface LiveGrants {
  /** Ids of declared grants that the account does not have. */
  readonly missing: ReadonlySet<string>;
  readonly undeclared: readonly UndeclaredAssignment[];
}

/**
 * Compares the account's role assignments with the declared grants. A runner who may not list them learns nothing here:
 * then no grant is called missing and none undeclared.
 */
export async function readLiveGrants(cloud: AzureCloud, outputs: StackOutputs): Promise<LiveGrants> {
  const path = `${outputs.account.id}/sqlRoleAssignments?api-version=${apiVersion}`;
  let live: UndeclaredAssignment[];
  try {
    const assignments = await listAzure(cloud, "resourceManager", path, assignmentSchema);
    live = assignments.map(({ name, properties: { principalId, scope } }) => ({
      id: name.toLowerCase(),
      principalId,
      scope: scope.slice(outputs.account.id.length) || "/",
    }));
  } catch (error) {
    if (!(error instanceof ServiceRefusal)) throw error;
    return { missing: new Set(), undeclared: [] };
  }
  const liveIds = new Set(live.map(({ id }) => id));
  const declaredIds = new Set(outputs.grants.map(({ id }) => id.toLowerCase()));
  return {
    missing: new Set(outputs.grants.map(({ id }) => id).filter((id) => !liveIds.has(id.toLowerCase()))),
    undeclared: live.filter(({ id }) => !declaredIds.has(id)),
  };
}

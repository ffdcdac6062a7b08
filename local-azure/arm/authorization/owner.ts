import type { Platform } from "../../core/platform.ts";
import type { ResourceStore } from "../resource-store.ts";
import { assignmentId } from "./role-assignments.ts";
import { roleAssignmentType, roleDefinitionType } from "./types.ts";

const ownerRole = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/**
 * Makes `principalId` Owner of the subscription, once: a role assignment like any other, which may be taken away and does
 * not come back.
 */
export function grantOwner(platform: Platform, resources: ResourceStore, principalId: string): Promise<void> {
  return platform.store.transaction(async () => {
    const { store, subscriptionId, clock, ids } = platform;
    store.addSchema("CREATE TABLE IF NOT EXISTS arm_owners (principal_id TEXT PRIMARY KEY) STRICT");
    const insert = store.database.prepare("INSERT OR IGNORE INTO arm_owners (principal_id) VALUES (?)");
    if (Number(insert.run(principalId).changes) === 0) return;
    const scope = `/subscriptions/${subscriptionId}`;
    const name = ids.uuid();
    const now = clock.now().toISOString();
    await resources.put({
      id: assignmentId(scope, name),
      name,
      type: roleAssignmentType,
      properties: {
        roleDefinitionId: `${scope}/providers/${roleDefinitionType}/${ownerRole}`,
        principalId,
        principalType: "ServicePrincipal",
        scope,
        condition: null,
        conditionVersion: null,
        createdOn: now,
        updatedOn: now,
        createdBy: principalId,
        updatedBy: principalId,
        delegatedManagedIdentityResourceId: null,
      },
      internal: {},
      etag: ids.uuid(),
    });
  });
}

import { roleAssignments } from "./role-assignments.ts";
import { roleDefinitions } from "./role-definitions.ts";

/** The types of Microsoft.Authorization. */
export const authorizationTypes = [roleAssignments, roleDefinitions] as const;

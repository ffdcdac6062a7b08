import { builtInRoles } from "../../../rbac/cosmos/built-in-roles.ts";
import {
  actionsMatching,
  allDataActions,
  containerWildcard,
  itemWildcard,
} from "../../../rbac/cosmos/data-actions.ts";
import { maximumRoleDefinitions } from "../../../rbac/cosmos/role-definition.ts";
import { suggest } from "../faults/nearest.ts";
import { type Fault, settingPath } from "../faults.ts";
import { asList, asMap, type RawMap } from "../reading/raw.ts";

/** Finds roles that hide a built-in one, hold what is not a data action, or are too many. */
export function roleFaults(roles: RawMap): Fault[] {
  const faults = Object.entries(roles).flatMap(([name, role]) => [
    ...hiddenRoleFault(name),
    ...asList(asMap(role).dataActions).flatMap((action, index) =>
      typeof action === "string" ? actionFault(name, index, action) : [],
    ),
  ]);
  const count = Object.keys(roles).length;
  if (count > maximumRoleDefinitions) {
    faults.push({
      path: settingPath(["roles"]),
      problem: `${count} roles are defined, and a Cosmos DB account holds ${maximumRoleDefinitions}`,
      fix: "share roles between grants",
    });
  }
  return faults;
}

function hiddenRoleFault(name: string): Fault[] {
  if (!Object.keys(builtInRoles).includes(name)) return [];
  const path = settingPath(["roles", name]);
  return [{ path, problem: `"${name}" is a built-in role`, fix: "give the role another name" }];
}

function actionFault(role: string, index: number, action: string): Fault[] {
  if (actionsMatching(action).length > 0) return [];
  const path = settingPath(["roles", role, "dataActions", index]);
  if (action.includes("*")) {
    return [
      {
        path,
        problem: `"${action}" is not a wildcard that a role may hold`,
        fix: `use ${containerWildcard} or ${itemWildcard}, or list the actions`,
      },
    ];
  }
  return [
    {
      path,
      problem: `"${action}" is not a data action`,
      fix: suggest(action, allDataActions, "data action"),
    },
  ];
}

import { builtInRoles } from "../../../rbac/cosmos/built-in-roles.ts";
import { maximumRoleAssignments } from "../../../rbac/cosmos/role-definition.ts";
import type { DataScope } from "../../../rbac/cosmos/scope.ts";
import { suggest } from "../faults/nearest.ts";
import { type Fault, settingPath } from "../faults.ts";
import { formatGrantScope, parseGrantScope } from "../reading/grant-scope.ts";
import { writtenHolders } from "../reading/holders.ts";
import { asList, asMap, type RawMap } from "../reading/raw.ts";

/** Finds grants with an unknown role, a scope that is not declared, or the same role and scope as another. */
export function grantFaults(settings: RawMap): Fault[] {
  const scopes = declaredScopes(settings);
  const roles = [...Object.keys(builtInRoles), ...Object.keys(asMap(settings.roles))];
  const faults: Fault[] = [];
  let count = 0;
  for (const holder of writtenHolders(settings)) {
    const seen = new Map<string, number>();
    for (const [index, grant] of asList(holder.value.grants).entries()) {
      const path = [...holder.path, "grants", index];
      const { role, scope } = asMap(grant);
      count += 1;
      if (typeof role === "string" && !roles.includes(role)) {
        faults.push({
          path: settingPath([...path, "role"]),
          problem: `"${role}" is not a role`,
          fix: `${suggest(role, roles, "role")}; or define it under keyless-cosmos:roles`,
        });
      }
      if (typeof scope === "string")
        faults.push(...scopeFault(settingPath([...path, "scope"]), scope, scopes));
      if (typeof role === "string" && typeof scope === "string") {
        const first = seen.get(`${role} ${scope}`);
        if (first === undefined) seen.set(`${role} ${scope}`, index);
        else {
          faults.push({
            path: settingPath(path),
            problem: `grants ${role} on ${scope} again, as grants[${first}] does`,
            fix: "remove one of the two",
          });
        }
      }
    }
  }
  if (count > maximumRoleAssignments) {
    faults.push({
      path: settingPath(["workloads"]),
      problem: `${count} grants are declared, and a Cosmos DB account holds ${maximumRoleAssignments} role assignments`,
      fix: "grant to groups (keyless-cosmos:groups), or on wider scopes",
    });
  }
  return faults;
}

function declaredScopes(settings: RawMap): readonly DataScope[] {
  const databases = Object.entries(asMap(asMap(settings.cosmos).databases));
  return [
    {},
    ...databases.flatMap(([database, value]) => [
      { database },
      ...Object.keys(asMap(asMap(value).containers)).map((container) => ({ database, container })),
    ]),
  ];
}

function scopeFault(path: string, written: string, declared: readonly DataScope[]): Fault[] {
  const known = declared.map(formatGrantScope);
  if (known.includes(written)) return [];
  const resourceManagerForm =
    /(?:^|\/)(?:dbs|sqlDatabases)\/([^/]+)(?:\/(?:colls|containers)\/([^/]+))?$/.exec(written);
  const [, database, container] = resourceManagerForm ?? [];
  if (database !== undefined) {
    const form = formatGrantScope(container === undefined ? { database } : { database, container });
    return [{ path, problem: `"${written}" is not how a scope is written here`, fix: `write ${form}` }];
  }
  if (parseGrantScope(written) === undefined) {
    return [
      {
        path,
        problem: `"${written}" is not a scope`,
        fix: "write account, <database> or <database>/<container>, e.g. orders/orders",
      },
    ];
  }
  return [
    {
      path,
      problem: `"${written}" is not declared under keyless-cosmos:cosmos.databases`,
      fix: suggest(written, known, "scope"),
    },
  ];
}

import { type Fault, settingPath } from "./faults.ts";
import { BUILT_IN_ROLE_NAMES } from "./grant-checks.ts";
import type { RawMap } from "./raw.ts";

/** Cosmos DB's limit: https://learn.microsoft.com/azure/cosmos-db/concepts-limits#role-based-access-control. */
const MAX_DEFINITIONS = 100;

/** Finds roles that hide a built-in one, or hold what is not a data action. */
export function roleFaults(roles: RawMap): Fault[] {
  const names = Object.keys(roles);
  const faults: Fault[] = names
    .filter((name) => (BUILT_IN_ROLE_NAMES as readonly string[]).includes(name))
    .map((name) => ({
      path: settingPath(["roles", name]),
      problem: `"${name}" is a built-in role`,
      fix: "give the role another name",
    }));
  if (names.length > MAX_DEFINITIONS) {
    faults.push({
      path: settingPath(["roles"]),
      problem: `${names.length} roles are defined, and a Cosmos DB account holds ${MAX_DEFINITIONS}`,
      fix: "share roles between grants",
    });
  }
  return faults;
}

import { suggest } from "../faults/nearest.ts";
import { type Fault, type PathSegment, settingPath } from "../faults.ts";
import { DEVELOPERS } from "../reading/holders.ts";
import { asList, asMap, type RawMap } from "../reading/raw.ts";
import { COSMOS_API } from "../schema/identity-schema.ts";
import { memberKey } from "../schema/people.ts";

/** https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps: no spaces, 120 characters, not a dot first. */
const CLAIM_VALUE = /^(?!\.)[\w!#$%&'()*+,\-./:;=?@[\]^`{|}~]{1,120}$/;

/** Finds what is wrong among applications, groups and developers beyond single values. */
export function identityFaults(settings: RawMap): Fault[] {
  const apis = [COSMOS_API, ...Object.keys(asMap(settings.workloads))];
  return [
    ...Object.entries(asMap(settings.applications)).flatMap(([name, value]) =>
      applicationFaults(["applications", name], asMap(value), apis),
    ),
    ...Object.entries(asMap(settings.groups)).flatMap(([name, value]) =>
      repeatedFaults(["groups", name, "members"], asMap(value).members),
    ),
    ...repeatedFaults([DEVELOPERS, "members"], asMap(settings.developers).members),
  ];
}

function applicationFaults(
  path: readonly PathSegment[],
  application: RawMap,
  apis: readonly string[],
): Fault[] {
  const appRoles = Object.keys(asMap(application.appRoles));
  const scopes = Object.keys(asMap(application.scopes));
  const accesses = asList(application.access);
  return [
    ...repeatedFaults([...path, "owners"], application.owners),
    ...repeatedFaults([...path, "access"], application.access),
    ...appRoles.flatMap((value) => claimFault([...path, "appRoles", value], value)),
    ...scopes.flatMap((value) => claimFault([...path, "scopes", value], value)),
    ...scopes
      .filter((value) => appRoles.includes(value))
      .map((value) => ({
        path: settingPath([...path, "scopes", value]),
        problem: `"${value}" is an app role too`,
        fix: "name the scope otherwise: Entra keeps both in one list",
      })),
    ...accesses.flatMap((api, index) =>
      typeof api !== "string" || apis.includes(api)
        ? []
        : [
            {
              path: settingPath([...path, "access", index]),
              problem: `"${api}" is no API that is known here`,
              fix: suggest(api, apis, "API"),
            },
          ],
    ),
  ];
}

function claimFault(path: readonly PathSegment[], value: string): Fault[] {
  if (CLAIM_VALUE.test(value)) return [];
  return [
    {
      path: settingPath(path),
      problem: `"${value}" cannot stand in a token`,
      fix: "use letters, digits and dots without spaces, e.g. Orders.Read, at most 120 characters",
    },
  ];
}

function repeatedFaults(path: readonly PathSegment[], list: unknown): Fault[] {
  const seen = new Set<string>();
  return asList(list).flatMap((entry, index) => {
    if (typeof entry !== "string") return [];
    if (!seen.has(memberKey(entry))) {
      seen.add(memberKey(entry));
      return [];
    }
    return [
      { path: settingPath([...path, index]), problem: `"${entry}" is listed already`, fix: "remove it here" },
    ];
  });
}

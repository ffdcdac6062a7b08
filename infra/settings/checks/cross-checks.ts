import { type Fault, type PathSegment, settingPath } from "../faults.ts";
import { sharedNameFaults } from "../reading/holders.ts";
import { asMap, isMap, type RawMap } from "../reading/raw.ts";
import { nameFaults } from "../schema/names.ts";
import { callerFaults } from "./caller-checks.ts";
import { environmentFaults, migrationFaults } from "./environment-checks.ts";
import { federationFaults } from "./federation-checks.ts";
import { grantFaults } from "./grant-checks.ts";
import { identityFaults } from "./identity-checks.ts";
import { roleFaults } from "./role-checks.ts";

/**
 * Finds what only several values together show: scopes that are not declared, unknown roles, throughput that does not
 * fit, principals that are described twice, callers that nobody declares. Reads leniently, so that it can run beside the faults of the schema; a
 * value of the wrong type is the schema's to report and is passed over here.
 */
export function crossCheck(settings: RawMap): Fault[] {
  return [
    ...nameFaults(settings),
    ...throughputFaults(settings),
    ...principalFaults(settings),
    ...roleFaults(asMap(settings.roles)),
    ...grantFaults(settings),
    ...sharedNameFaults(settings),
    ...federationFaults(settings),
    ...identityFaults(settings),
    ...callerFaults(settings),
    ...environmentFaults(settings),
    ...migrationFaults(settings),
  ];
}

function throughputFaults(settings: RawMap): Fault[] {
  const cosmos = asMap(settings.cosmos);
  const serverless = cosmos.capacity === "serverless";
  return Object.entries(asMap(cosmos.databases)).flatMap(([database, value]) => {
    const path = ["cosmos", "databases", database];
    const containers = Object.entries(asMap(asMap(value).containers)).flatMap(([container, described]) =>
      throughputFault(serverless, [...path, "containers", container], asMap(described).throughput),
    );
    return [...throughputFault(serverless, path, asMap(value).throughput), ...containers];
  });
}

function throughputFault(serverless: boolean, owner: readonly PathSegment[], throughput: unknown): Fault[] {
  if (throughput === undefined) return [];
  const path = settingPath([...owner, "throughput"]);
  if (serverless) {
    return [
      {
        path,
        problem: "a serverless account has no throughput to set",
        fix: "remove throughput, or set keyless-cosmos:cosmos.capacity to provisioned",
      },
    ];
  }
  const { autoscaleMax, manual, ...unknown } = asMap(throughput);
  if ((autoscaleMax === undefined) !== (manual === undefined)) return [];
  if (autoscaleMax === undefined && (Object.keys(unknown).length > 0 || !isMap(throughput))) return [];
  return [
    {
      path,
      problem: autoscaleMax === undefined ? "says no throughput" : "says both autoscaleMax and manual",
      fix: "write either { autoscaleMax: 1000 } or { manual: 400 }",
    },
  ];
}

function principalFaults(settings: RawMap): Fault[] {
  const seen = new Map<string, string>();
  return Object.entries(asMap(settings.principals)).flatMap(([name, value]) => {
    const faults: Fault[] = [];
    const path = settingPath(["principals", name]);
    const { objectId, deployer, kind } = asMap(value);
    if ((objectId === undefined) === (deployer === undefined)) {
      faults.push({
        path,
        problem:
          objectId === undefined ? "says neither objectId nor deployer" : "says both objectId and deployer",
        fix: "write either objectId: <GUID> or deployer: true (whoever runs the deployment)",
      });
    }
    if (deployer !== undefined && kind === "group") {
      faults.push({
        path: settingPath(["principals", name, "kind"]),
        problem: "whoever runs the deployment is no group",
        fix: "remove kind, or write the group's objectId in place of deployer",
      });
    }
    const identity =
      typeof objectId === "string" ? objectId.toLowerCase() : deployer === true ? "the deployer" : undefined;
    const other = identity === undefined ? undefined : seen.get(identity);
    if (other !== undefined) {
      faults.push({
        path,
        problem: `is the same principal as "${other}"`,
        fix: `move its grants to keyless-cosmos:principals.${other}`,
      });
    }
    if (identity !== undefined && other === undefined) seen.set(identity, name);
    return faults;
  });
}

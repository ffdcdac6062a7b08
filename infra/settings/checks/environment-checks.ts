import { type Fault, settingPath } from "../faults.ts";
import { DEVELOPERS } from "../reading/holders.ts";
import { asMap, type RawMap } from "../reading/raw.ts";

/** The one environment in which people hold grants, and in which examples may stand. */
const DEVELOPMENT = "dev";

/** Finds what is allowed in development only: people, and settings that are an example's. */
export function environmentFaults(settings: RawMap): Fault[] {
  const { environment, developers, example } = settings;
  if (typeof environment !== "string" || environment === DEVELOPMENT) return [];
  return [
    ...(developers === undefined
      ? []
      : [
          {
            path: settingPath([DEVELOPERS]),
            problem: `developers hold grants in ${DEVELOPMENT} only, and this is ${environment}`,
            fix: "remove keyless-cosmos:developers; grant to a workload or a pipeline's application instead",
          },
        ]),
    ...(example === true
      ? [
          {
            path: settingPath(["example"]),
            problem: `an example stands in ${DEVELOPMENT} only, and this is ${environment}`,
            fix: "remove keyless-cosmos:example, and write real issuers and subjects",
          },
        ]
      : []),
  ];
}

/** Finds client secrets without an end of their migration, and ends without a client secret. */
export function migrationFaults(settings: RawMap): Fault[] {
  return Object.entries(asMap(settings.workloads)).flatMap(([name, value]): Fault[] => {
    const { access, migrationEnds } = asMap(value);
    const path = settingPath(["workloads", name, "migrationEnds"]);
    if (access === "clientSecret" && migrationEnds === undefined) {
      return [
        {
          path,
          problem: "is missing, and a client secret is for a migration only",
          fix: 'say when it ends, e.g. migrationEnds: "2027-01-31", or use access: managedIdentity',
        },
      ];
    }
    if (access !== "clientSecret" && typeof access === "string" && migrationEnds !== undefined) {
      return [{ path, problem: `access by ${access} migrates from nothing`, fix: "remove migrationEnds" }];
    }
    return [];
  });
}

import { suggest } from "../faults/nearest.ts";
import { type Fault, settingPath } from "../faults.ts";
import { DEVELOPERS, holderNames } from "../reading/holders.ts";
import { asList, asMap, type RawMap } from "../reading/raw.ts";

/** Finds callers that nothing declares, or that are listed twice. */
export function callerFaults(settings: RawMap): Fault[] {
  const known = holderNames(settings);
  return Object.entries(asMap(settings.workloads)).flatMap(([workload, value]) => {
    const seen = new Set<string>();
    return asList(asMap(value).callers).flatMap((caller, index): Fault[] => {
      if (typeof caller !== "string") return [];
      const path = settingPath(["workloads", workload, "callers", index]);
      if (seen.has(caller))
        return [{ path, problem: `"${caller}" is listed already`, fix: "remove it here" }];
      seen.add(caller);
      if (known.includes(caller)) return [];
      if (caller === DEVELOPERS) {
        return [
          {
            path,
            problem: "there are no developers here",
            fix: "declare keyless-cosmos:developers (in dev only), or remove the caller",
          },
        ];
      }
      return [{ path, problem: `"${caller}" is declared nowhere`, fix: suggest(caller, known, "caller") }];
    });
  });
}

import type { Breach } from "../faults/breach.ts";

const MAX_ID_LENGTH = 255;

/**
 * Holds a database or container id against Cosmos DB's rules.
 * Source: https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-account-limits and the `Resource` remarks of
 * the SDKs: no `/`, `\`, `?`, `#`, no trailing space, at most 255 characters.
 */
export function idBreach(id: string): Breach | undefined {
  if (id === "") return { problem: "an id may not be empty", fix: "give it a name, e.g. orders" };
  const forbidden = [...new Set(id.match(/[/\\?#]/g) ?? [])];
  if (forbidden.length > 0) {
    return {
      problem: `"${id}" holds ${forbidden.join(" ")}, which Cosmos DB allows in no id`,
      fix: "use letters, digits, hyphens and underscores",
    };
  }
  if (id.endsWith(" ")) return { problem: `"${id}" ends with a space`, fix: "remove the space" };
  if (id.length > MAX_ID_LENGTH) {
    return { problem: `the id has ${id.length} characters`, fix: `use at most ${MAX_ID_LENGTH}` };
  }
  return undefined;
}

/**
 * Holds one path of a partition key against Cosmos DB's rules: names of letters, digits and `_` after slashes.
 * Source: https://learn.microsoft.com/azure/cosmos-db/partitioning-overview#choose-a-partition-key.
 */
export function partitionKeyPathBreach(path: string): Breach | undefined {
  if (!path.startsWith("/")) {
    return { problem: `"${path}" does not start with /`, fix: `write /${path}` };
  }
  if (!/^(?:\/\w+)+$/.test(path)) {
    return {
      problem: `"${path}" is not a path to a property`,
      fix: "write names of letters, digits and _ after slashes, e.g. /tenantId or /address/city",
    };
  }
  return undefined;
}

/** Autoscale maximum in RU/s: https://learn.microsoft.com/azure/cosmos-db/provision-throughput-autoscale. */
export function autoscaleBreach(maximum: number): Breach | undefined {
  if (maximum % 1000 === 0 && maximum >= 1000 && maximum <= 1_000_000) return undefined;
  return {
    problem: `${maximum} RU/s is no autoscale maximum`,
    fix: "use a multiple of 1000 from 1000 to 1000000",
  };
}

/** Manual throughput in RU/s: https://learn.microsoft.com/azure/cosmos-db/set-throughput. */
export function manualBreach(throughput: number): Breach | undefined {
  if (throughput % 100 === 0 && throughput >= 400) return undefined;
  return { problem: `${throughput} RU/s is no manual throughput`, fix: "use a multiple of 100 from 400 up" };
}

import { parsePropertyPath } from "../storage/partition-key.ts";
import { badRequest } from "./errors.ts";

const maximumPaths = 3;

/**
 * Checks the body of a container that a key holder creates or replaces, and fills in the service's defaults.
 *
 * @throws CosmosError 400
 */
export function readContainerDefinition(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { defaultTtl, uniqueKeyPolicy } = body;
  if (defaultTtl !== undefined && !isTimeToLive(defaultTtl)) {
    throw badRequest(`The defaultTtl ${JSON.stringify(defaultTtl)} must be -1 or a positive whole number.`);
  }
  return {
    indexingPolicy: body.indexingPolicy ?? {
      indexingMode: "consistent",
      automatic: true,
      includedPaths: [{ path: "/*" }],
      excludedPaths: [{ path: '/"_etag"/?' }],
    },
    partitionKey: readPartitionKey(body.partitionKey),
    ...(defaultTtl === undefined ? {} : { defaultTtl }),
    uniqueKeyPolicy: readUniqueKeys(uniqueKeyPolicy),
    conflictResolutionPolicy: body.conflictResolutionPolicy ?? {
      mode: "LastWriterWins",
      conflictResolutionPath: "/_ts",
      conflictResolutionProcedure: "",
    },
    geospatialConfig: body.geospatialConfig ?? { type: "Geography" },
    ...(body.computedProperties === undefined ? {} : { computedProperties: body.computedProperties }),
  };
}

function isTimeToLive(value: unknown): boolean {
  return (
    Number.isInteger(value) && (value === -1 || ((value as number) > 0 && (value as number) <= 0x7fff_ffff))
  );
}

function readPartitionKey(value: unknown): Readonly<Record<string, unknown>> {
  const { paths, kind, version } = (value ?? {}) as { paths?: unknown; kind?: unknown; version?: unknown };
  if (!Array.isArray(paths) || paths.length === 0 || paths.length > maximumPaths) {
    throw badRequest(`A container needs a partition key of 1 to ${maximumPaths} paths.`);
  }
  for (const path of paths as unknown[]) {
    if (typeof path !== "string" || !path.startsWith("/") || parsePropertyPath(path).includes("")) {
      throw badRequest(`The partition key path ${JSON.stringify(path)} is invalid.`);
    }
  }
  const known = kind ?? (paths.length > 1 ? "MultiHash" : "Hash");
  if (known !== "Hash" && known !== "MultiHash") {
    throw badRequest(`The partition key kind ${JSON.stringify(kind)} is not supported.`);
  }
  if (known === "Hash" && paths.length > 1) throw badRequest("A partition key of kind Hash has one path.");
  return { paths, kind: known, version: version === 1 ? 1 : 2 };
}

function readUniqueKeys(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return { uniqueKeys: [] };
  const { uniqueKeys = [] } = value as { uniqueKeys?: unknown };
  if (!Array.isArray(uniqueKeys)) throw badRequest("uniqueKeys must be a list.");
  for (const key of uniqueKeys as { paths?: unknown }[]) {
    const paths = Array.isArray(key?.paths) ? (key.paths as unknown[]) : [];
    if (paths.length === 0 || !paths.every((path) => typeof path === "string" && path.startsWith("/"))) {
      throw badRequest("Each unique key needs paths that begin with '/'.");
    }
  }
  return { uniqueKeys };
}

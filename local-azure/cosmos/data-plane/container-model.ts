import { createHash } from "node:crypto";
import type { ArmResource } from "../../arm/resource-store.ts";
import type { ContainerItems } from "../storage/container-items.ts";
import type { ItemStore } from "../storage/item-store.ts";
import { type PartitionKeyDefinition, PartitionKeyReader } from "../storage/partition-key.ts";
import type { UniqueKeyPolicy } from "../storage/unique-keys.ts";

/** A database as the data plane sees it. */
export interface DatabaseModel {
  readonly armId: string;
  readonly id: string;
  readonly rid: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly containers: ReadonlyMap<string, ContainerModel>;
}

/** A container as the data plane sees it. */
export interface ContainerModel {
  readonly armId: string;
  readonly id: string;
  readonly rid: string;
  /** `dbs/<database>/colls/<container>`, percent-encoded: the header x-ms-alt-content-path. */
  readonly encodedPath: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly etag: string;
  readonly partitionKey: PartitionKeyReader;
  readonly defaultTtl: number | undefined;
  /** Opened at first use. */
  readonly items: ContainerItems;
}

/** The data plane's form of a `sqlDatabases` resource. */
export function databaseModel(
  resource: ArmResource,
  containers: ReadonlyMap<string, ContainerModel>,
): DatabaseModel {
  const settings = settingsOf(resource);
  const id = idOf(resource);
  const rid = ridOf(resource, 4);
  const document = {
    id,
    ...systemProperties(settings, resource, rid, `dbs/${rid}/`),
    _colls: "colls/",
    _users: "users/",
  };
  return { armId: resource.id, id, rid, document, containers };
}

/** The data plane's form of a `sqlDatabases/containers` resource. */
export function containerModel(
  resource: ArmResource,
  database: ArmResource,
  openItems: ItemStore["open"],
): ContainerModel {
  const settings = settingsOf(resource);
  const id = idOf(resource);
  const rid = ridOf(resource, 8, ridOf(database, 4));
  const databaseRid = ridOf(database, 4);
  const partitionKey = partitionKeyOf(settings.partitionKey);
  const defaultTtl = defaultTtlOf(settings);
  const uniqueKeys = uniqueKeysOf(settings.uniqueKeyPolicy);
  const system = systemProperties(settings, resource, rid, `dbs/${databaseRid}/colls/${rid}/`);
  const shown = Object.fromEntries(
    Object.entries(settings).filter(([name]) => !name.startsWith("_") && !armOnly.has(name)),
  );
  const document = {
    ...shown,
    id,
    partitionKey,
    ...system,
    _docs: "docs/",
    _sprocs: "sprocs/",
    _triggers: "triggers/",
    _udfs: "udfs/",
    _conflicts: "conflicts/",
  };
  let opened: ContainerItems | undefined;
  return {
    armId: resource.id,
    id,
    rid,
    encodedPath: encodeURI(`dbs/${idOf(database)}/colls/${id}`),
    document,
    etag: system._etag,
    partitionKey: new PartitionKeyReader(partitionKey),
    defaultTtl,
    get items() {
      opened ??= openItems({ armId: resource.id, databaseRid, containerRid: rid, uniqueKeys, defaultTtl });
      return opened;
    },
  };
}

/** What resource manager keeps with a container and the data plane does not show. */
const armOnly = new Set(["createMode", "restoreParameters", "options"]);

type Settings = Readonly<Record<string, unknown>>;

/** The `properties.resource` of an ARM resource. */
export function settingsOf(resource: ArmResource): Settings {
  const { resource: settings } = resource.properties;
  return typeof settings === "object" && settings !== null ? (settings as Settings) : {};
}

/** Cosmos ids keep their case; ARM ids do not have one. */
function idOf(resource: ArmResource): string {
  const { id } = settingsOf(resource);
  return typeof id === "string" ? id : resource.name;
}

/** Seconds; undefined where time to live is off. */
export function defaultTtlOf(settings: Settings): number | undefined {
  const { defaultTtl } = settings;
  return typeof defaultTtl === "number" && defaultTtl !== 0 ? defaultTtl : undefined;
}

/** The resource id, from resource manager where it is well formed, else from the ARM id and its creation. */
function ridOf(resource: ArmResource, bytes: 4 | 8, parent?: string): string {
  const settings = settingsOf(resource);
  const given = settings._rid;
  if (typeof given === "string" && Buffer.from(given.replaceAll("-", "/"), "base64").length === bytes) {
    return given;
  }
  const digest = createHash("sha256")
    .update(`${resource.id.toLowerCase()}\n${String(settings._ts)}`)
    .digest();
  return encodeRid(parent === undefined ? digest.subarray(0, 4) : containerRidBytes(parent, digest));
}

/** base64 with `-` for `/`, as resource ids are written. */
export function encodeRid(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("/", "-");
}

/** A container's 8 bytes: its database's 4, then 4 of its own whose first bit tells it from a user. */
export function containerRidBytes(databaseRid: string, own: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  Buffer.from(databaseRid.replaceAll("-", "/"), "base64").copy(bytes, 0, 0, 4);
  own.copy(bytes, 4, 0, 4);
  bytes[4] = (bytes[4] ?? 0) | 0x80;
  return bytes;
}

function systemProperties(settings: Settings, resource: ArmResource, rid: string, self: string) {
  const etag = typeof settings._etag === "string" ? settings._etag : `"${resource.etag.replaceAll('"', "")}"`;
  return { _rid: rid, _self: self, _etag: etag, _ts: Number(settings._ts ?? 0) };
}

function partitionKeyOf(value: unknown): PartitionKeyDefinition {
  const given = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const paths = Array.isArray(given.paths) ? given.paths.map(String) : ["/_partitionKey"];
  const kind = given.kind === "MultiHash" || paths.length > 1 ? "MultiHash" : "Hash";
  return { paths, kind, version: given.version === 1 ? 1 : 2 };
}

function uniqueKeysOf(value: unknown): UniqueKeyPolicy {
  const keys = (value as { uniqueKeys?: { paths?: unknown }[] } | undefined)?.uniqueKeys ?? [];
  return keys.flatMap(({ paths }) => (Array.isArray(paths) ? [paths.map(String)] : []));
}

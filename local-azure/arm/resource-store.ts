import type { Store } from "../core/store.ts";

/** The `identity` block of a resource, as resource manager shows it. */
export interface ManagedIdentityBlock {
  readonly type: string;
  readonly principalId?: string;
  readonly tenantId?: string;
  readonly userAssignedIdentities?: Readonly<Record<string, { principalId: string; clientId: string }>>;
}

/** One resource as it is kept. All but `internal` is what resource manager answers. */
export interface ArmResource {
  /** Full ARM id in the spelling of its first PUT; ids compare without case. */
  readonly id: string;
  /** Canonical case, for example `Microsoft.DocumentDB/databaseAccounts`. */
  readonly type: string;
  readonly name: string;
  readonly location?: string;
  readonly kind?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: ManagedIdentityBlock;
  readonly sku?: unknown;
  readonly plan?: unknown;
  readonly managedBy?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly systemData?: Readonly<Record<string, unknown>>;
  /** What the surface keeps beside the resource and never sends: keys, ports, app settings. */
  readonly internal: Readonly<Record<string, unknown>>;
  readonly etag: string;
}

export type ResourceChange =
  | { readonly kind: "put"; readonly before: ArmResource | undefined; readonly after: ArmResource }
  | { readonly kind: "delete"; readonly before: ArmResource };

export type ResourceObserver = (change: ResourceChange) => void | Promise<void>;

/** The truth about all resources; data planes read it and follow it by `observe`. */
export interface ResourceStore {
  get(id: string): ArmResource | undefined;
  /** All resources of `type`; with `parentId` only those anywhere below it. Ordered by id. */
  list(type: string, parentId?: string): readonly ArmResource[];
  /** All resources below `parentId`, of any type, deepest first. */
  listBelow(parentId: string): readonly ArmResource[];
  /** Writes the resource durably, then awaits every observer. */
  put(resource: ArmResource): Promise<void>;
  /** Deletes the resource and, deepest first, everything below it, awaiting every observer. */
  delete(id: string): Promise<void>;
  observe(observer: ResourceObserver): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS arm_resources (
  id_key TEXT PRIMARY KEY,
  type_key TEXT NOT NULL,
  resource TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS arm_resources_by_type ON arm_resources (type_key, id_key);
`;

export function openResourceStore(store: Store): ResourceStore {
  store.addSchema(schema);
  const { database } = store;
  const select = database.prepare("SELECT resource FROM arm_resources WHERE id_key = ?");
  const selectByType = database.prepare(
    "SELECT resource FROM arm_resources WHERE type_key = ? ORDER BY id_key",
  );
  const selectByTypeBelow = database.prepare(
    "SELECT resource FROM arm_resources WHERE type_key = ? AND id_key > ? AND id_key < ? ORDER BY id_key",
  );
  const selectBelow = database.prepare(
    "SELECT resource FROM arm_resources WHERE id_key > ? AND id_key < ? ORDER BY length(id_key) DESC, id_key",
  );
  const upsert = database.prepare(
    "INSERT INTO arm_resources (id_key, type_key, resource) VALUES (?, ?, ?) ON CONFLICT (id_key) DO UPDATE SET resource = excluded.resource",
  );
  const remove = database.prepare("DELETE FROM arm_resources WHERE id_key = ?");
  const observers: ResourceObserver[] = [];
  const notify = async (change: ResourceChange) => {
    for (const observer of observers) await observer(change);
  };
  const get = (id: string) => read(select.get(resourceKey(id)));
  const listBelow = (parentId: string) =>
    selectBelow.all(...childRange(parentId)).flatMap((row) => read(row) ?? []);
  return {
    get,
    list(type, parentId) {
      const rows =
        parentId === undefined
          ? selectByType.all(type.toLowerCase())
          : selectByTypeBelow.all(type.toLowerCase(), ...childRange(parentId));
      return rows.flatMap((row) => read(row) ?? []);
    },
    listBelow,
    async put(resource) {
      const before = get(resource.id);
      upsert.run(resourceKey(resource.id), resource.type.toLowerCase(), JSON.stringify(resource));
      await notify({ kind: "put", before, after: resource });
    },
    async delete(id) {
      const doomed = [...listBelow(id), get(id)].filter((resource) => resource !== undefined);
      for (const resource of doomed) {
        remove.run(resourceKey(resource.id));
        await notify({ kind: "delete", before: resource });
      }
    },
    observe(observer) {
      observers.push(observer);
    },
  };
}

/** The form in which ids compare: lower case, no trailing slash. */
export function resourceKey(id: string): string {
  return id.replace(/\/+$/, "").toLowerCase();
}

/** Keys of children sort between `parent/` and `parent0`, because `0` follows `/` in ASCII. */
function childRange(parentId: string): [string, string] {
  const key = resourceKey(parentId);
  return [`${key}/`, `${key}0`];
}

function read(row: Record<string, unknown> | undefined): ArmResource | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.resource)) as ArmResource);
}

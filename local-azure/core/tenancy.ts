import type { IdSource } from "./ids.ts";
import type { Store } from "./store.ts";

/** The domain of the tenant's user principal names; `.example` belongs to nobody (RFC 2606). */
export const tenantDomain = "local-azure.example";

/** The one tenant and the one subscription of a local cloud, made at first start and kept. */
export interface Tenancy {
  readonly tenantId: string;
  readonly subscriptionId: string;
}

export function loadTenancy(store: Store, ids: IdSource): Tenancy {
  store.addSchema("CREATE TABLE IF NOT EXISTS tenancy (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT");
  const insert = store.database.prepare("INSERT OR IGNORE INTO tenancy (key, value) VALUES (?, ?)");
  const select = store.database.prepare("SELECT value FROM tenancy WHERE key = ?");
  const keep = (key: string) => {
    insert.run(key, ids.uuid());
    return String(select.get(key)?.value);
  };
  return { tenantId: keep("tenantId"), subscriptionId: keep("subscriptionId") };
}

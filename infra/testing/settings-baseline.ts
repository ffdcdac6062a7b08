import { type Fault, SettingsError } from "../settings/faults.ts";
import { parseSettings } from "../settings/parse.ts";

export const grant = {
  role: "reader",
  scope: "orders/orders",
  justification: "Reads orders for the report",
  owner: "team-report",
  reviewBy: "2027-02-20",
};
export const workload = { host: "appService", access: "managedIdentity", grants: [grant] };

/** Good settings; each case changes one thing in a copy. */
export function baseline() {
  return {
    "azure-native:location": "westeurope",
    "keyless-cosmos:environment": "dev",
    "keyless-cosmos:cosmos": {
      databases: { orders: { containers: { orders: { partitionKey: ["/tenantId", "/orderId"] } } } },
    },
    "keyless-cosmos:workloads": { "orders-api": workload },
  };
}

/** The faults that settings give, none for good ones. */
export function faultsOf(configuration: Readonly<Record<string, unknown>>): readonly Fault[] {
  try {
    parseSettings(configuration);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

/** Changes the one workload. */
export const withWorkload = (changes: object) => ({
  "keyless-cosmos:workloads": { "orders-api": { ...workload, ...changes } },
});
/** Changes the one grant. */
export const withGrant = (changes: object) => withWorkload({ grants: [{ ...grant, ...changes }] });
/** Changes the one container. */
export const withContainer = (changes: object) => ({
  "keyless-cosmos:cosmos": {
    databases: { orders: { containers: { orders: { partitionKey: ["/tenantId"], ...changes } } } },
  },
});
/** Declares other databases, and no workload. */
export const withDatabases = (databases: object) => ({
  "keyless-cosmos:cosmos": { databases },
  "keyless-cosmos:workloads": {},
});
/** Declares a principal. */
export const principal = (changes: object) => ({
  "keyless-cosmos:principals": { ana: { grants: [], ...changes } },
});
/** Declares a role. */
export const role = (name: string, dataActions: unknown) => ({
  "keyless-cosmos:roles": { [name]: { dataActions } },
});

export const ID = "0a1b2c3d-0000-4000-8000-000000000001";
export const GRANT = "keyless-cosmos:workloads.orders-api.grants[0]";
export const CONTAINER = "keyless-cosmos:cosmos.databases.orders.containers.orders";
export const SHORT_NAME_FIX = "use lower-case letters, digits and single hyphens, a letter first, at most";
export const PREFIX = "Microsoft.DocumentDB/databaseAccounts";

/** A case: what is wrong, the change that brings it about, and the one fault that it must give. */
export type FaultCase = readonly [what: string, change: object, path: string, problem: string, fix: string];

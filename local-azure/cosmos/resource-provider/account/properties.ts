import { locationDisplayName, normalizeLocation } from "../../../arm/locations.ts";
import type { AccountSettings } from "./settings.ts";

/** What Azure gives an account whose creator does not say otherwise. */
export const defaultSettings: Omit<AccountSettings, "locations"> = {
  consistencyPolicy: { defaultConsistencyLevel: "Session", maxIntervalInSeconds: 5, maxStalenessPrefix: 100 },
  ipRules: [],
  isVirtualNetworkFilterEnabled: false,
  virtualNetworkRules: [],
  enableAutomaticFailover: false,
  enableMultipleWriteLocations: false,
  capabilities: [],
  disableKeyBasedMetadataWriteAccess: false,
  disableLocalAuth: false,
  publicNetworkAccess: "Enabled",
  enableFreeTier: false,
  defaultIdentity: "FirstPartyIdentity",
  backupPolicy: {
    type: "Periodic",
    periodicModeProperties: {
      backupIntervalInMinutes: 240,
      backupRetentionIntervalInHours: 8,
      backupStorageRedundancy: "Geo",
    },
  },
  cors: [],
  networkAclBypass: "None",
  networkAclBypassResourceIds: [],
  capacity: { totalThroughputLimit: -1 },
  enablePartitionMerge: false,
  enableBurstCapacity: false,
  minimalTlsVersion: "Tls12",
  enablePriorityBasedExecution: false,
  defaultPriorityLevel: "High",
  enablePerRegionPerPartitionAutoscale: false,
  analyticalStorageConfiguration: { schemaType: "WellDefined" },
};

/** What the service itself adds to an account's settings. */
export interface AccountFacts {
  readonly name: string;
  readonly port: number;
  readonly instanceId: string;
  readonly provisioningState: string;
  readonly keysMetadata: Readonly<Record<string, unknown>>;
}

/** An account's `properties` as resource manager shows them. */
export function accountProperties(
  settings: AccountSettings,
  { name, port, instanceId, provisioningState, keysMetadata }: AccountFacts,
): Readonly<Record<string, unknown>> {
  const documentEndpoint = `https://localhost:${port}/`;
  const locations = settings.locations
    .toSorted((a, b) => a.failoverPriority - b.failoverPriority)
    .map(({ locationName, failoverPriority, isZoneRedundant }) => ({
      id: `${name}-${normalizeLocation(locationName)}`,
      locationName: locationDisplayName(locationName),
      documentEndpoint,
      provisioningState: "Succeeded",
      failoverPriority,
      isZoneRedundant,
    }));
  const { consistencyPolicy } = settings;
  return {
    provisioningState,
    documentEndpoint,
    databaseAccountOfferType: "Standard",
    EnabledApiTypes: "Sql",
    instanceId,
    ...settings,
    consistencyPolicy: { ...defaultSettings.consistencyPolicy, ...consistencyPolicy },
    enableAnalyticalStorage: false,
    customerManagedKeyStatus: "",
    configurationOverrides: {},
    locations,
    readLocations: locations,
    writeLocations: settings.enableMultipleWriteLocations ? locations : locations.slice(0, 1),
    failoverPolicies: locations.map(({ id, locationName, failoverPriority }) => ({
      id,
      locationName,
      failoverPriority,
    })),
    keysMetadata,
  };
}

import { z } from "zod";

const ignored = z.unknown().optional();

const locationSchema = z.strictObject({
  locationName: z.string().min(1),
  failoverPriority: z.int().min(0).default(0),
  isZoneRedundant: z.boolean().default(false),
  id: ignored,
  documentEndpoint: ignored,
  provisioningState: ignored,
});

const consistencySchema = z.strictObject({
  defaultConsistencyLevel: z.enum(["Eventual", "Session", "BoundedStaleness", "Strong", "ConsistentPrefix"]),
  maxStalenessPrefix: z.int().min(1).max(2_147_483_647).optional(),
  maxIntervalInSeconds: z.int().min(5).max(86_400).optional(),
});

const backupSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("Periodic"),
    periodicModeProperties: z
      .strictObject({
        backupIntervalInMinutes: z.int().min(60).max(1440).default(240),
        backupRetentionIntervalInHours: z.int().min(8).max(720).default(8),
        backupStorageRedundancy: z.enum(["Geo", "Local", "Zone"]).default("Geo"),
      })
      .prefault({}),
    migrationState: ignored,
  }),
  z.strictObject({
    type: z.literal("Continuous"),
    continuousModeProperties: z
      .strictObject({ tier: z.enum(["Continuous7Days", "Continuous30Days"]).default("Continuous30Days") })
      .prefault({}),
    migrationState: ignored,
  }),
]);

/** What a caller may set on an account, in Azure's names. */
const settable = {
  locations: z.array(locationSchema).min(1),
  consistencyPolicy: consistencySchema,
  ipRules: z.array(z.strictObject({ ipAddressOrRange: z.string().min(1) })),
  isVirtualNetworkFilterEnabled: z.boolean(),
  virtualNetworkRules: z.array(
    z.strictObject({ id: z.string(), ignoreMissingVNetServiceEndpoint: z.boolean().optional() }),
  ),
  enableAutomaticFailover: z.boolean(),
  enableMultipleWriteLocations: z.boolean(),
  capabilities: z.array(z.strictObject({ name: z.string() })),
  disableKeyBasedMetadataWriteAccess: z.boolean(),
  disableLocalAuth: z.boolean(),
  publicNetworkAccess: z.enum(["Enabled", "Disabled"]),
  enableFreeTier: z.boolean(),
  defaultIdentity: z.string(),
  backupPolicy: backupSchema,
  cors: z.array(z.record(z.string(), z.unknown())),
  networkAclBypass: z.enum(["None", "AzureServices"]),
  networkAclBypassResourceIds: z.array(z.string()),
  capacity: z.strictObject({ totalThroughputLimit: z.int().min(-1) }),
  enablePartitionMerge: z.boolean(),
  enableBurstCapacity: z.boolean(),
  minimalTlsVersion: z.literal("Tls12", "must be 'Tls12': this local cloud speaks no older TLS"),
  enablePriorityBasedExecution: z.boolean(),
  defaultPriorityLevel: z.enum(["High", "Low"]),
  enablePerRegionPerPartitionAutoscale: z.boolean(),
  analyticalStorageConfiguration: z.strictObject({ schemaType: z.enum(["WellDefined", "FullFidelity"]) }),
};

const unsupportedHere = "is not supported by this local cloud";

/** What exists on Azure and is taken here in its neutral value only. */
const neutral = {
  enableAnalyticalStorage: z.literal(false, unsupportedHere).optional(),
  enableCassandraConnector: z.literal(false, unsupportedHere).optional(),
  enforceHierarchicalPartitionKeyIdLastLevel: z.literal(false, unsupportedHere).optional(),
  createMode: z.literal("Default", `other than 'Default' ${unsupportedHere}`).optional(),
  apiProperties: z.strictObject({}, unsupportedHere).optional(),
  keyVaultKeyUri: z.undefined(unsupportedHere).optional(),
  connectorOffer: z.undefined(unsupportedHere).optional(),
  restoreParameters: z.undefined(unsupportedHere).optional(),
};

/** What Azure shows and ignores when it is sent back. */
const readOnly = {
  provisioningState: ignored,
  documentEndpoint: ignored,
  readLocations: ignored,
  writeLocations: ignored,
  failoverPolicies: ignored,
  privateEndpointConnections: ignored,
  keysMetadata: ignored,
  instanceId: ignored,
  customerManagedKeyStatus: ignored,
  EnabledApiTypes: ignored,
  configurationOverrides: ignored,
};

const settableSchema = z.object(settable);

/** The settable properties of an account, complete. */
export type AccountSettings = z.infer<typeof settableSchema>;

const identitySchema = z.object({
  type: z.string(),
  principalId: ignored,
  tenantId: ignored,
  userAssignedIdentities: z.record(z.string(), z.unknown()).optional(),
});

const top = {
  location: z.string().optional(),
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
  kind: z.string().optional(),
  identity: identitySchema.optional(),
};

/** Body of a PUT. Nulls are taken as absent, as Azure takes them. */
export const putSchema = z.preprocess(
  withoutNulls,
  z.object({
    ...top,
    properties: z.strictObject({
      ...z.object(settable).partial().shape,
      locations: settable.locations,
      databaseAccountOfferType: z.literal("Standard"),
      ...neutral,
      ...readOnly,
    }),
  }),
);

/** Body of a PATCH. */
export const patchSchema = z.preprocess(
  withoutNulls,
  z.object({
    ...top,
    properties: z
      .strictObject({
        ...z.object(settable).partial().shape,
        databaseAccountOfferType: ignored,
        ...neutral,
        ...readOnly,
      })
      .default({}),
  }),
);

export type AccountBody = z.infer<typeof putSchema> | z.infer<typeof patchSchema>;

/** The settable ones among `properties`. */
export function pickSettings(properties: Readonly<Record<string, unknown>>): Partial<AccountSettings> {
  return Object.fromEntries(
    Object.keys(settable).flatMap((name) =>
      properties[name] === undefined ? [] : [[name, properties[name]]],
    ),
  );
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === null ? [] : [[name, withoutNulls(member)]],
    ),
  );
}

import { z } from "zod";
import { tagsSchema } from "../../arm/read-model.ts";
import { isAddressOrRange } from "../../core/address-list.ts";

const ignored = z.unknown().optional();

/** A value that Azure takes in any case and shows as `values` spells it. */
function spelled<const Value extends string>(...values: readonly Value[]) {
  return z.string().transform((text, context): Value => {
    const known = values.find((value) => value.toLowerCase() === text.toLowerCase());
    if (known !== undefined) return known;
    context.addIssue({ code: "custom", message: `must be one of ${values.join(", ")}` });
    return z.NEVER;
  });
}

const networkAclsSchema = z.strictObject({
  bypass: spelled("AzureServices", "None").default("AzureServices"),
  defaultAction: spelled("Allow", "Deny").default("Allow"),
  ipRules: z
    .array(
      z.strictObject({
        value: z.string().refine(isAddressOrRange, "must be an IP address or a CIDR range"),
      }),
    )
    .default([]),
  virtualNetworkRules: z
    .array(
      z.strictObject({ id: z.string().min(1), ignoreMissingVnetServiceEndpoint: z.boolean().optional() }),
    )
    .default([]),
});

/** What a vault's body may set. */
const settable = {
  sku: z.strictObject({ family: spelled("A"), name: spelled("standard", "premium") }),
  tenantId: z.guid(),
  accessPolicies: z.array(z.unknown()),
  enabledForDeployment: z.boolean(),
  enabledForDiskEncryption: z.boolean(),
  enabledForTemplateDeployment: z.boolean(),
  enableSoftDelete: z.boolean(),
  softDeleteRetentionInDays: z.int(),
  enableRbacAuthorization: z.boolean(),
  enablePurgeProtection: z.boolean(),
  networkAcls: networkAclsSchema,
  publicNetworkAccess: spelled("Enabled", "Disabled"),
  createMode: spelled("default", "recover"),
};

/** What Azure shows and ignores when it is sent back. */
const readOnly = {
  vaultUri: ignored,
  provisioningState: ignored,
  hsmPoolResourceId: ignored,
  privateEndpointConnections: ignored,
};

const settings = z.object(settable).partial().shape;

/** Body of a PUT. Nulls are taken as absent. */
export const putSchema = z.preprocess(
  withoutNulls,
  z.object({
    location: z.string(),
    tags: tagsSchema.optional(),
    properties: z.strictObject({
      ...settings,
      sku: settable.sku,
      tenantId: settable.tenantId,
      ...readOnly,
    }),
  }),
);

/** Body of a PATCH. */
export const patchSchema = z.preprocess(
  withoutNulls,
  z.object({
    tags: tagsSchema.optional(),
    properties: z.strictObject({ ...settings, ...readOnly }).default({}),
  }),
);

/** The settings of a body, each of them optional. */
export type VaultSettings = z.infer<ReturnType<typeof z.object<typeof settings>>>;

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === null ? [] : [[name, withoutNulls(member)]],
    ),
  );
}

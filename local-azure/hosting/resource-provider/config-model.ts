import { z } from "zod";
import { type AccessRule, normalizeRanges } from "../access/restrictions.ts";
import { isSupportedStack, supportedStack } from "../stack.ts";
import { off, type UnsupportedMember } from "./request-body.ts";

const ruleSchema = z
  .looseObject({
    name: z.string().max(32).optional(),
    description: z.string().max(150).optional(),
    action: z.enum(["Allow", "Deny"]).default("Allow"),
    priority: z.int().min(1).max(2_147_483_647).default(65_000),
    ipAddress: z.string().optional(),
    subnetMask: z.string().optional(),
    tag: z.string().default("Default"),
    vnetSubnetResourceId: z.string().optional(),
    headers: z.record(z.string(), z.array(z.string())).optional(),
  })
  .transform((rule, context) => {
    const refuse = (message: string) => {
      context.issues.push({ code: "custom", message, input: rule });
      return z.NEVER;
    };
    if (rule.tag !== "Default") return refuse(`the tag ${rule.tag} is not supported by the local cloud`);
    if (rule.vnetSubnetResourceId) return refuse("virtual networks are not supported by the local cloud");
    if (rule.headers && Object.keys(rule.headers).length > 0) {
      return refuse("header conditions are not supported by the local cloud");
    }
    if (rule.subnetMask) return refuse("write the mask into ipAddress, as in 10.0.0.0/8");
    const { name, description, action, priority, ipAddress = "" } = rule;
    const ranges = ipAddress === "Any" ? "Any" : normalizeRanges(ipAddress);
    if (ranges === undefined) {
      return refuse(`ipAddress '${ipAddress}' is not an address, nor up to eight CIDR ranges`);
    }
    const kept: AccessRule = {
      action,
      priority,
      ipAddress: ranges,
      tag: "Default",
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
    };
    return kept;
  });

/** The rules as they are kept: the one for every address, which clients read and send back, is the default action. */
const rulesSchema = z
  .array(ruleSchema)
  .transform((rules) => rules.filter(({ ipAddress }) => ipAddress !== "Any"));

const tlsVersion = z.enum(["1.0", "1.1", "1.2", "1.3"]);
const defaultAction = z.enum(["Allow", "Deny"]);

/** App setting names become environment variables of a Linux container. */
const settingName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_.]*$/,
    "the name of an app setting has letters, digits, periods and underscores only and does not begin with a digit",
  );

/** Values of settings: a NUL cannot stand in an environment. */
const settingValue = z
  .string()
  .refine((value) => !value.includes("\0"), "a value must not hold a NUL character");

export const settingsSchema = z.record(settingName, settingValue);

export const connectionStringTypes = [
  "MySql",
  "SQLServer",
  "SQLAzure",
  "Custom",
  "NotificationHub",
  "ServiceBus",
  "EventHub",
  "ApiHub",
  "DocDb",
  "RedisCache",
  "PostgreSQL",
] as const;

const connectionStringType = z.enum(connectionStringTypes);

export const connectionStringsSchema = z.record(
  settingName,
  z.object({ value: settingValue, type: connectionStringType }),
);

const stack = z
  .string()
  .regex(/^$|^[A-Za-z0-9_.-]+\|[A-Za-z0-9_.:/@-]+$/, "The parameter LinuxFxVersion has an invalid value.")
  .refine(
    (value) => value === "" || isSupportedStack(value),
    `the local cloud runs the stack ${supportedStack} only`,
  );

/** `siteConfig` of a site, and the properties of `config/web`. Members without a rule are kept as they come. */
export const siteConfigSchema = z.looseObject({
  linuxFxVersion: stack.optional(),
  appCommandLine: z.string().max(4096).optional(),
  alwaysOn: z.boolean().optional(),
  http20Enabled: z.boolean().optional(),
  healthCheckPath: z
    .string()
    .regex(/^$|^\/\S*$/, "a path that begins with / and has no spaces")
    .optional(),
  ftpsState: z.enum(["AllAllowed", "FtpsOnly", "Disabled"]).optional(),
  minTlsVersion: tlsVersion.optional(),
  scmMinTlsVersion: tlsVersion.optional(),
  ipSecurityRestrictions: rulesSchema.optional(),
  ipSecurityRestrictionsDefaultAction: defaultAction.optional(),
  scmIpSecurityRestrictions: rulesSchema.optional(),
  scmIpSecurityRestrictionsDefaultAction: defaultAction.optional(),
  scmIpSecurityRestrictionsUseMain: z.boolean().optional(),
  appSettings: z
    .array(z.looseObject({ name: settingName, value: settingValue.default("") }))
    .refine(hasUniqueNames, "a name appears twice")
    .optional(),
  connectionStrings: z
    .array(z.looseObject({ name: settingName, connectionString: settingValue, type: connectionStringType }))
    .refine(hasUniqueNames, "a name appears twice")
    .optional(),
  metadata: z.array(z.looseObject({ name: z.string().min(1), value: z.string().default("") })).optional(),
});

export type SiteConfigRequest = z.infer<typeof siteConfigSchema>;

function hasUniqueNames(items: readonly { readonly name: string }[]): boolean {
  return new Set(items.map(({ name }) => name)).size === items.length;
}

/** What a configuration may ask for that nothing here does. */
export const unsupportedConfigMembers: readonly UnsupportedMember[] = [
  { name: "windowsFxVersion", isOff: off.empty },
  { name: "remoteDebuggingEnabled", isOff: off.unlessTrue },
  { name: "webSocketsEnabled", isOff: off.unlessTrue },
  { name: "autoHealEnabled", isOff: off.unlessTrue },
  { name: "acrUseManagedIdentityCreds", isOff: off.unlessTrue },
  { name: "localMySqlEnabled", isOff: off.unlessTrue },
  { name: "autoSwapSlotName", isOff: off.empty },
  { name: "vnetName", isOff: off.empty },
  { name: "azureStorageAccounts", isOff: off.empty },
  { name: "handlerMappings", isOff: off.empty },
  { name: "cors", isOff: (cors) => off.empty(cors) || off.empty(member(cors, "allowedOrigins") ?? "") },
  { name: "push", isOff: (push) => off.unlessTrue(member(push, "isPushEnabled")) },
  { name: "experiments", isOff: (experiments) => off.empty(member(experiments, "rampUpRules") ?? "") },
];

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

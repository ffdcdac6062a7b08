/** Azure's rule for the names of one resource type. */
export interface NamingRule {
  /** What the name begins with, from Microsoft's list of abbreviations. */
  readonly abbreviation: string;
  /** Characters, at least. */
  readonly minimum: number;
  /** Characters, at most. */
  readonly maximum: number;
  /** What a whole name must match; length aside. */
  readonly pattern: RegExp;
  /** Where no two resources may share a name. */
  readonly unique: "globally" | "in the subscription" | "in the resource group";
}

/**
 * The types that the program names, by their resource manager type.
 * Lengths and characters: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules.
 * Abbreviations: https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-abbreviations.
 */
const RULES = {
  "Microsoft.Resources/resourceGroups": {
    abbreviation: "rg",
    minimum: 1,
    maximum: 90,
    pattern: /^[A-Za-z0-9._()-]*[A-Za-z0-9_()-]$/,
    unique: "in the subscription",
  },
  "Microsoft.DocumentDB/databaseAccounts": {
    abbreviation: "cosmos",
    minimum: 3,
    maximum: 44,
    pattern: /^[a-z0-9][a-z0-9-]*$/,
    unique: "globally",
  },
  "Microsoft.Web/serverfarms": {
    abbreviation: "asp",
    minimum: 1,
    maximum: 60,
    pattern: /^[A-Za-z0-9-]+$/,
    unique: "in the resource group",
  },
  "Microsoft.Web/sites": {
    abbreviation: "app",
    minimum: 2,
    maximum: 60,
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]$/,
    unique: "globally",
  },
  "Microsoft.ManagedIdentity/userAssignedIdentities": {
    abbreviation: "id",
    minimum: 3,
    maximum: 128,
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    unique: "in the resource group",
  },
  "Microsoft.KeyVault/vaults": {
    abbreviation: "kv",
    minimum: 3,
    maximum: 24,
    pattern: /^[A-Za-z](?:-?[A-Za-z0-9])+$/,
    unique: "globally",
  },
} as const satisfies Readonly<Record<string, NamingRule>>;

/** A resource type whose naming rule is known. */
export type NamedType = keyof typeof RULES;

/** Every type with a rule. */
export const NAMED_TYPES = Object.keys(RULES) as readonly NamedType[];

/** A name cannot be made, or does not fit Azure's rule. */
export class NamingError extends Error {
  override readonly name = "NamingError";
}

/**
 * The rule for a type.
 *
 * @throws {NamingError} for a type that is not in the table, so that none is ever named by guesswork.
 */
export function namingRule(type: string): NamingRule {
  const rule = Object.entries(RULES).find(([listed]) => listed === type)?.[1];
  if (rule === undefined) {
    throw new NamingError(
      `No naming rule for ${type}. Add its rule to the table; it has ${NAMED_TYPES.join(", ")}.`,
    );
  }
  return rule;
}

import { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import * as pulumi from "@pulumi/pulumi";

/** What a vault is made from. */
export interface KeyVaultArgs {
  readonly vaultName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tenantId: string;
  /** Whether a deployment may delete it. */
  readonly protect: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Azure's longest: https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview. */
const RETENTION_DAYS = 90;

/**
 * A vault that Azure roles alone open, without access policies. What is deleted stays recoverable for 90 days, and
 * nobody can purge it sooner.
 */
export class KeyVault extends pulumi.ComponentResource {
  /** Resource manager id. */
  readonly vaultId: pulumi.Output<string>;
  readonly vaultName: pulumi.Output<string>;
  /** Where it answers, as Azure says. */
  readonly vaultUri: pulumi.Output<string>;

  constructor(name: string, args: KeyVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:vault:KeyVault", name, {}, opts);
    const vault = new Vault(
      name,
      {
        vaultName: args.vaultName,
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        tags: args.tags,
        properties: {
          tenantId: args.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: RETENTION_DAYS,
          enablePurgeProtection: true,
          publicNetworkAccess: "Enabled",
        },
      },
      { parent: this, protect: args.protect },
    );
    this.vaultId = vault.id;
    this.vaultName = vault.name;
    this.vaultUri = vault.properties.apply(({ vaultUri }) => {
      if (!vaultUri) {
        throw new Error(
          `Vault ${args.vaultName} came back without its address; run pulumi refresh, then pulumi up.`,
        );
      }
      return vaultUri;
    });
    this.registerOutputs({ vaultId: this.vaultId, vaultUri: this.vaultUri });
  }
}

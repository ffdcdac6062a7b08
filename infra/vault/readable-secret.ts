import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { Secret } from "@pulumi/azure-native/keyvault/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { guidFrom } from "../access/guid.ts";

/** What a secret and its reader are made from. */
export interface ReadableSecretArgs {
  readonly vaultId: pulumi.Output<string>;
  readonly vaultName: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly subscriptionId: string;
  readonly secretName: string;
  readonly value: pulumi.Input<string>;
  /** What it is, for people: it is shown beside the name. */
  readonly contentType: string;
  /** The day at whose beginning it ends, `YYYY-MM-DD`. */
  readonly endsOn: string;
  /** Object id of the service principal that may read it. */
  readonly readerId: pulumi.Output<string>;
}

/** Key Vault Secrets User: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security. */
const SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";

/**
 * A secret in a vault, and the one identity that may read it: this secret and no other.
 */
export class ReadableSecret extends pulumi.ComponentResource {
  constructor(name: string, args: ReadableSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:vault:ReadableSecret", name, {}, opts);
    const secret = new Secret(
      name,
      {
        vaultName: args.vaultName,
        resourceGroupName: args.resourceGroupName,
        secretName: args.secretName,
        properties: {
          value: args.value,
          contentType: args.contentType,
          attributes: { enabled: true, expires: Date.parse(args.endsOn) / 1000 },
        },
      },
      // The plugin deletes a secret with rights on the vault's data, which whoever deploys need not have. What stays is
      // worth nothing once its registration is gone, and would stay recoverable for 90 days anyway.
      { parent: this, retainOnDelete: true },
    );
    const scope = args.vaultId.apply((vault) => `${vault}/secrets/${args.secretName}`);
    new RoleAssignment(
      `${name}-reader`,
      {
        roleAssignmentName: pulumi
          .all([scope, args.readerId])
          .apply(([on, reader]) => guidFrom(["secret-reader", on.toLowerCase(), reader.toLowerCase()])),
        scope,
        roleDefinitionId: `/subscriptions/${args.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${SECRETS_USER}`,
        principalId: args.readerId,
        // Said, so that resource manager does not look for a principal that has not reached it yet.
        principalType: "ServicePrincipal",
      },
      // Another reader or secret gives another name, so both can stand side by side.
      { parent: this, dependsOn: [secret], deleteBeforeReplace: false },
    );
    this.registerOutputs({});
  }
}

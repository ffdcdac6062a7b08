import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import type { FederatedCredentialSettings } from "../settings/settings.ts";

/** What a user-assigned identity is made from. */
export interface ManagedIdentityArgs {
  readonly identityName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly credentials: readonly FederatedCredentialSettings[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A user-assigned managed identity and the outside tokens that are taken for its own. Writes of its credentials exclude
 * each other (409), so they form a chain:
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#concurrent-updates-arent-supported-user-assigned-managed-identities.
 */
export class ManagedIdentity extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** Object id of its service principal. */
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: ManagedIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:identity:ManagedIdentity", name, {}, opts);
    const { resourceGroupName, location, tags } = args;
    const identity = new UserAssignedIdentity(
      name,
      { resourceName: args.identityName, resourceGroupName, location, tags },
      { parent: this },
    );
    let last: pulumi.Resource = identity;
    for (const { name: credential, issuer, subject, audience } of args.credentials) {
      last = new FederatedIdentityCredential(
        `${name}/${credential}`,
        {
          federatedIdentityCredentialResourceName: credential,
          resourceName: identity.name,
          resourceGroupName,
          issuer,
          subject,
          audiences: [audience],
        },
        { parent: this, dependsOn: [last] },
      );
    }
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId });
  }
}

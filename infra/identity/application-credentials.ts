import { ApplicationFederatedIdentityCredential } from "@pulumi/azuread/applicationFederatedIdentityCredential.js";
import * as pulumi from "@pulumi/pulumi";
import type { FederatedCredentialSettings } from "../settings/settings.ts";

/** What the federated credentials of an application are made from. */
export interface ApplicationCredentialsArgs {
  /** The application, as the provider refers to it. */
  readonly applicationId: pulumi.Input<string>;
  readonly credentials: readonly FederatedCredentialSettings[];
}

/** The outside tokens that are taken for an application's own: nothing is stored that could leak. */
export class ApplicationCredentials extends pulumi.ComponentResource {
  constructor(name: string, args: ApplicationCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:identity:ApplicationCredentials", name, {}, opts);
    for (const { name: credential, issuer, subject, audience } of args.credentials) {
      new ApplicationFederatedIdentityCredential(
        `${name}/${credential}`,
        {
          applicationId: args.applicationId,
          displayName: credential,
          issuer,
          subject,
          audiences: [audience],
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

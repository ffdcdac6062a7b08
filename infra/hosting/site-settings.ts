import { WebAppApplicationSettings } from "@pulumi/azure-native/web/webAppApplicationSettings.js";
import * as pulumi from "@pulumi/pulumi";

/** A container as the workload is told about it. */
export interface ReachableContainer {
  readonly database: string;
  readonly name: string;
  readonly partitionKey: readonly string[];
}

/** Somebody who may call the workload. */
export interface Caller {
  readonly name: string;
  /** Of a service principal, user or group. */
  readonly objectId: pulumi.Input<string>;
  readonly kind: "principal" | "group";
}

/** Whose tokens the workload takes. */
export interface CallerPolicy {
  /** Client id of the workload's own registration: the audience of its callers' tokens. */
  readonly clientId: pulumi.Input<string>;
  readonly callers: readonly Caller[];
}

/** Where the workload finds the client secret that it still needs. */
export interface ClientSecretLocation {
  /** Of the registration that the secret proves. */
  readonly clientId: pulumi.Input<string>;
  readonly vaultUri: pulumi.Input<string>;
  /** In the vault. */
  readonly name: string;
}

/** What a site's settings are made from. */
export interface SiteSettingsArgs {
  readonly siteName: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Where the account answers. */
  readonly endpoint: pulumi.Input<string>;
  readonly containers: readonly ReachableContainer[];
  readonly tenantId: string;
  /** Base URL of the token service, without a trailing slash. */
  readonly authority: string;
  readonly policy: CallerPolicy;
  /** Absent: the site's identity reaches the account. */
  readonly secret?: ClientSecretLocation | undefined;
}

/** https://learn.microsoft.com/azure/cosmos-db/nosql/security/how-to-grant-data-plane-role-based-access: the audience of every account. */
const COSMOS_SCOPE = "https://cosmos.azure.com/.default";

/**
 * The whole set of a site's application settings: where Cosmos DB is and who may call, never a secret. Writing it
 * replaces every setting, so nothing else may write settings of this site.
 */
export class SiteSettings extends pulumi.ComponentResource {
  constructor(name: string, args: SiteSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:hosting:SiteSettings", name, {}, opts);
    const { authority, tenantId, policy, secret } = args;
    new WebAppApplicationSettings(
      name,
      {
        name: args.siteName,
        resourceGroupName: args.resourceGroupName,
        properties: {
          AZURE_COSMOS_RESOURCEENDPOINT: args.endpoint,
          AZURE_COSMOS_SCOPE: COSMOS_SCOPE,
          COSMOS_CONTAINERS: JSON.stringify(args.containers),
          CALLER_ISSUER: `${authority}/${tenantId}/v2.0`,
          CALLER_AUDIENCE: policy.clientId,
          CALLER_PRINCIPALS: pulumi.jsonStringify(policy.callers),
          ...(secret === undefined
            ? {}
            : {
                AZURE_COSMOS_CLIENTID: secret.clientId,
                AZURE_COSMOS_TENANTID: tenantId,
                AZURE_COSMOS_AUTHORITY: authority,
                AZURE_KEYVAULT_RESOURCEENDPOINT: secret.vaultUri,
                COSMOS_CLIENT_SECRET_NAME: secret.name,
              }),
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

import { WebAppApplicationSettings } from "@pulumi/azure-native/web/webAppApplicationSettings.js";
import * as pulumi from "@pulumi/pulumi";

/** A container as the workload is told about it. */
export interface ReachableContainer {
  readonly database: string;
  readonly name: string;
  readonly partitionKey: readonly string[];
}

/** What a site's settings are made from. */
export interface SiteSettingsArgs {
  readonly siteName: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Where the account answers. */
  readonly endpoint: pulumi.Input<string>;
  readonly containers: readonly ReachableContainer[];
}

/** https://learn.microsoft.com/azure/cosmos-db/nosql/security/how-to-grant-data-plane-role-based-access: the audience of every account. */
const COSMOS_SCOPE = "https://cosmos.azure.com/.default";

/**
 * The whole set of a site's application settings: where Cosmos DB is, never a secret. Writing it replaces every
 * setting, so nothing else may write settings of this site.
 */
export class SiteSettings extends pulumi.ComponentResource {
  constructor(name: string, args: SiteSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:hosting:SiteSettings", name, {}, opts);
    new WebAppApplicationSettings(
      name,
      {
        name: args.siteName,
        resourceGroupName: args.resourceGroupName,
        properties: {
          AZURE_COSMOS_RESOURCEENDPOINT: args.endpoint,
          AZURE_COSMOS_SCOPE: COSMOS_SCOPE,
          COSMOS_CONTAINERS: JSON.stringify(args.containers),
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

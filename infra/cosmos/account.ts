import { DatabaseAccount } from "@pulumi/azure-native/cosmosdb/databaseAccount.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

/** What an account is made from. */
export interface CosmosAccountArgs {
  readonly accountName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly capacity: Settings["capacity"];
  readonly backup: Settings["backup"];
  /** Whether a deployment may delete it. */
  readonly protect: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

const BACKUP_TIER = {
  continuous7Days: "Continuous7Days",
  continuous30Days: "Continuous30Days",
} as const satisfies Record<Settings["backup"], string>;

/**
 * A Cosmos DB for NoSQL account that only identities can open: keys open nothing (neither data nor, by the metadata
 * switch, the account's structure), TLS 1.2 or newer, continuous backup from the start (turning it on later cannot be
 * combined with other changes), session consistency, one region.
 */
export class CosmosAccount extends pulumi.ComponentResource {
  /** Resource manager id. */
  readonly accountId: pulumi.Output<string>;
  readonly accountName: pulumi.Output<string>;
  /** Where clients connect, as Azure answers it. */
  readonly endpoint: pulumi.Output<string>;

  constructor(name: string, args: CosmosAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:cosmos:CosmosAccount", name, {}, opts);
    const account = new DatabaseAccount(
      name,
      {
        accountName: args.accountName,
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        tags: args.tags,
        kind: "GlobalDocumentDB",
        databaseAccountOfferType: "Standard",
        locations: [{ locationName: args.location, failoverPriority: 0, isZoneRedundant: false }],
        consistencyPolicy: { defaultConsistencyLevel: "Session" },
        backupPolicy: {
          type: "Continuous",
          continuousModeProperties: { tier: BACKUP_TIER[args.backup] },
        },
        ...(args.capacity === "serverless" ? { capabilities: [{ name: "EnableServerless" }] } : {}),
        disableLocalAuth: true,
        disableKeyBasedMetadataWriteAccess: true,
        minimalTlsVersion: "Tls12",
        publicNetworkAccess: "Enabled",
      },
      {
        parent: this,
        protect: args.protect,
        // Azure refuses to move an account; as an update the change would only fail later.
        replaceOnChanges: ["location", "kind"],
        deleteBeforeReplace: true,
      },
    );
    this.accountId = account.id;
    this.accountName = account.name;
    this.endpoint = account.documentEndpoint;
    this.registerOutputs({ accountId: this.accountId, endpoint: this.endpoint });
  }
}

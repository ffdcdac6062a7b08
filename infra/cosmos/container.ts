import { SqlResourceSqlContainer } from "@pulumi/azure-native/cosmosdb/sqlResourceSqlContainer.js";
import * as pulumi from "@pulumi/pulumi";
import type { Throughput } from "../settings/settings.ts";
import type { ChangeAdvice } from "./change-advice.ts";
import { throughputOptions } from "./throughput.ts";

/** What a container is made from. */
export interface CosmosContainerArgs {
  readonly accountName: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly databaseName: pulumi.Input<string>;
  /** The database's name as the settings have it, for messages. */
  readonly declaredDatabase: string;
  readonly containerName: string;
  /** One path, or two to three for a hierarchical key. */
  readonly partitionKey: readonly string[];
  readonly throughput?: Throughput | undefined;
  readonly protect: boolean;
}

/**
 * A container. Its partition key is for good: a changed key is shown as a replacement, which the protection stops, and
 * the advice says how to migrate. The component's own inputs repeat key and throughput because the advice compares
 * them with those of the last deployment.
 */
export class CosmosContainer extends pulumi.ComponentResource {
  readonly containerName: pulumi.Output<string>;

  constructor(
    name: string,
    args: CosmosContainerArgs,
    advice: ChangeAdvice,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(
      "keyless-cosmos:cosmos:CosmosContainer",
      name,
      {
        database: args.declaredDatabase,
        container: args.containerName,
        partitionKey: args.partitionKey,
        throughput: args.throughput,
        protect: args.protect,
      },
      { ...opts, hooks: { beforeUpdate: [advice.hook] } },
    );
    const options = throughputOptions(args.throughput);
    const container = new SqlResourceSqlContainer(
      name,
      {
        accountName: args.accountName,
        resourceGroupName: args.resourceGroupName,
        databaseName: args.databaseName,
        containerName: args.containerName,
        resource: { id: args.containerName, partitionKey: partitionKeyDefinition(args.partitionKey) },
        ...(options === undefined ? {} : { options }),
      },
      {
        parent: this,
        protect: args.protect,
        // The plugin plans an update, which Cosmos DB refuses. Both generations have one name, so the old one goes first.
        replaceOnChanges: ["resource.partitionKey"],
        deleteBeforeReplace: true,
      },
    );
    this.containerName = container.name;
    this.registerOutputs({ containerName: this.containerName });
  }
}

/** https://learn.microsoft.com/azure/cosmos-db/hierarchical-partition-keys: `MultiHash` exists in version 2 only. */
function partitionKeyDefinition(paths: readonly string[]): {
  kind: string;
  paths: string[];
  version: number;
} {
  return { kind: paths.length > 1 ? "MultiHash" : "Hash", paths: [...paths], version: 2 };
}

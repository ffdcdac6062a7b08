import * as pulumi from "@pulumi/pulumi";
import type { DatabaseSettings } from "../settings/settings.ts";
import { ChangeAdvice } from "./change-advice.ts";
import { CosmosContainer } from "./container.ts";
import { CosmosDatabase } from "./database.ts";

/** What the stores of an account are made from. */
export interface CosmosStoresArgs {
  readonly accountName: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly databases: readonly DatabaseSettings[];
  readonly protect: boolean;
}

/** A container as it was declared. */
export interface DeclaredContainer {
  readonly database: string;
  readonly name: string;
  readonly partitionKey: readonly string[];
}

/** The databases of an account and their containers. */
export class CosmosStores extends pulumi.ComponentResource {
  /** In the order of the settings. */
  readonly declared: readonly DeclaredContainer[];

  constructor(name: string, args: CosmosStoresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:cosmos:CosmosStores", name, {}, opts);
    const { accountName, resourceGroupName, protect } = args;
    const advice = new ChangeAdvice();
    for (const { name: database, throughput, containers } of args.databases) {
      const parent = new CosmosDatabase(
        database,
        { accountName, resourceGroupName, databaseName: database, throughput, protect },
        advice,
        { parent: this },
      );
      for (const container of containers) {
        new CosmosContainer(
          `${database}/${container.name}`,
          {
            accountName,
            resourceGroupName,
            databaseName: parent.databaseName,
            declaredDatabase: database,
            containerName: container.name,
            partitionKey: container.partitionKey,
            throughput: container.throughput,
            protect,
          },
          advice,
          { parent },
        );
      }
    }
    this.declared = args.databases.flatMap(({ name: database, containers }) =>
      containers.map(({ name: container, partitionKey }) => ({ database, name: container, partitionKey })),
    );
    this.registerOutputs({});
  }
}

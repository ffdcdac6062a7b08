import { SqlResourceSqlDatabase } from "@pulumi/azure-native/cosmosdb/sqlResourceSqlDatabase.js";
import * as pulumi from "@pulumi/pulumi";
import type { Throughput } from "../settings/settings.ts";
import type { ChangeAdvice } from "./change-advice.ts";
import { throughputOptions } from "./throughput.ts";

/** What a database is made from. */
export interface CosmosDatabaseArgs {
  readonly accountName: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly databaseName: string;
  /** Shared by the containers without their own. */
  readonly throughput?: Throughput | undefined;
  readonly protect: boolean;
}

/** A database of an account. */
export class CosmosDatabase extends pulumi.ComponentResource {
  /** The database's id, known once it exists. */
  readonly databaseName: pulumi.Output<string>;

  constructor(
    name: string,
    args: CosmosDatabaseArgs,
    advice: ChangeAdvice,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(
      "keyless-cosmos:cosmos:CosmosDatabase",
      name,
      { database: args.databaseName, throughput: args.throughput },
      { ...opts, hooks: { beforeUpdate: [advice.hook] } },
    );
    const options = throughputOptions(args.throughput);
    const database = new SqlResourceSqlDatabase(
      name,
      {
        accountName: args.accountName,
        resourceGroupName: args.resourceGroupName,
        databaseName: args.databaseName,
        resource: { id: args.databaseName },
        ...(options === undefined ? {} : { options }),
      },
      { parent: this, protect: args.protect, deleteBeforeReplace: true },
    );
    this.databaseName = database.name;
    this.registerOutputs({ databaseName: this.databaseName });
  }
}

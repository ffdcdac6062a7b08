import type { SqlContainerResource } from "@azure/arm-cosmosdb";
import type { CosmosManager } from "./cosmos-manager.ts";

/** Request units per second. */
export interface ThroughputOptions {
  readonly throughput?: number;
  readonly autoscaleSettings?: { readonly maxThroughput: number };
}

type Sql = CosmosManager["sql"];

/** Writes a container, by `/tenantId` unless `resource` says otherwise. */
export type PutContainer = (
  id: string,
  resource?: Partial<SqlContainerResource>,
  options?: ThroughputOptions,
  account?: string,
  database?: string,
) => ReturnType<Sql["createUpdateSqlContainer"]>;

export function putContainer(sql: Sql): PutContainer {
  return (id, resource = {}, options = undefined, account = "server", database = "db") =>
    sql.createUpdateSqlContainer("rg", account, database, id, {
      resource: { id, partitionKey: { paths: ["/tenantId"], kind: "Hash" }, ...resource },
      ...(options === undefined ? {} : { options }),
    });
}

import { type Container, CosmosClient } from "@azure/cosmos";
import { ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import type { DeclaredContainer, WorkloadSettings } from "./settings.ts";

/** The workload's one way to Cosmos DB: its identity, one client for the life of the process, no key anywhere. */
export interface Store {
  readonly credential: TokenCredential;
  readonly client: CosmosClient;
  container(declared: DeclaredContainer): Container;
}

export function openStore(settings: WorkloadSettings): Store {
  const credential = new ManagedIdentityCredential();
  const client = new CosmosClient({
    endpoint: settings.endpoint,
    aadCredentials: credential,
    userAgentSuffix: "keyless-cosmos-workload",
  });
  return {
    credential,
    client,
    container: ({ database, name }) => client.database(database).container(name),
  };
}

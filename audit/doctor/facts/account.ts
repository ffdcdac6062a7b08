import { z } from "zod";
import type { AzureCloud } from "../../../connection/azure-cloud.ts";
import { askAzure, listAzure } from "../../../connection/azure-request.ts";
import type { DataScope } from "../../../rbac/cosmos/scope.ts";
import type { Seen } from "../check.ts";
import { look, unlessMissing } from "./look.ts";

const cosmosVersion = "2025-10-15";
const subscriptionsVersion = "2022-12-01";
const readAccount =
  "Microsoft.DocumentDB/databaseAccounts/read on the account (Cosmos DB Account Reader Role has it)";

const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({
    documentEndpoint: z.url(),
    disableLocalAuth: z.boolean().nullish(),
    publicNetworkAccess: z.string().nullish(),
    ipRules: z.array(z.object({ ipAddressOrRange: z.string() })).nullish(),
    isVirtualNetworkFilterEnabled: z.boolean().nullish(),
  }),
});

const containerSchema = z.object({
  properties: z.object({
    resource: z.object({ partitionKey: z.object({ paths: z.array(z.string()) }).nullish() }),
  }),
});

/** An account as resource manager describes it. */
export interface Account {
  /** ARM id. */
  readonly id: string;
  readonly name: string;
  /** `https://host[:port]/`. */
  readonly endpoint: string;
  readonly localAuthDisabled: boolean;
  readonly publicNetworkAccess: boolean;
  /** Addresses and ranges that the firewall admits; with none and no network rules, it admits all. */
  readonly addresses: readonly string[];
  readonly networkFilter: boolean;
}

/** How an account is named: by its ARM id, or by its endpoint alone. */
export type AccountName = { readonly id: string } | { readonly endpoint: string };

/**
 * The account, or undefined where resource manager says that there is none. An endpoint is looked for in every
 * subscription that may be listed; not to find it there tells nothing.
 */
export async function findAccount(cloud: AzureCloud, name: AccountName): Promise<Seen<Account | undefined>> {
  if ("id" in name) {
    return look(readAccount, () =>
      unlessMissing(async () =>
        toAccount(
          accountSchema.parse(
            await askAzure(cloud, "resourceManager", "GET", `${name.id}?api-version=${cosmosVersion}`),
          ),
        ),
      ),
    );
  }
  const { origin } = new URL(name.endpoint);
  const found = await look(readAccount, async () => {
    const subscriptions = await listAzure(
      cloud,
      "resourceManager",
      `/subscriptions?api-version=${subscriptionsVersion}`,
      z.object({ id: z.string() }),
    );
    for (const { id } of subscriptions) {
      const accounts = await look(readAccount, () => listAccounts(cloud, id));
      // A subscription that may be seen and whose accounts may not holds up no other.
      const match = (accounts.seen ? accounts.value : []).find(
        ({ properties }) => new URL(properties.documentEndpoint).origin === origin,
      );
      if (match !== undefined) return toAccount(match);
    }
    return undefined;
  });
  return found.seen && found.value === undefined
    ? { seen: false, why: `no account that you may read has the endpoint ${origin}`, needs: readAccount }
    : found;
}

function listAccounts(cloud: AzureCloud, subscriptionId: string): Promise<z.infer<typeof accountSchema>[]> {
  const path = `${subscriptionId}/providers/Microsoft.DocumentDB/databaseAccounts?api-version=${cosmosVersion}`;
  return listAzure(cloud, "resourceManager", path, accountSchema);
}

function toAccount({ id, name, properties }: z.infer<typeof accountSchema>): Account {
  return {
    id,
    name,
    endpoint: properties.documentEndpoint,
    localAuthDisabled: properties.disableLocalAuth === true,
    publicNetworkAccess: properties.publicNetworkAccess !== "Disabled",
    addresses: (properties.ipRules ?? []).map(({ ipAddressOrRange }) => ipAddressOrRange),
    networkFilter: properties.isVirtualNetworkFilterEnabled === true,
  };
}

/** A database or container that exists; `partitionKey` holds the paths of a container's. */
export interface Store {
  readonly partitionKey: readonly string[];
}

/** The database or container of the target, or undefined where it does not exist. */
export function findStore(
  cloud: AzureCloud,
  accountId: string,
  { database, container }: DataScope,
): Promise<Seen<Store | undefined>> {
  const path =
    container === undefined
      ? `${accountId}/sqlDatabases/${encodeURIComponent(database ?? "")}`
      : `${accountId}/sqlDatabases/${encodeURIComponent(database ?? "")}/containers/${encodeURIComponent(container)}`;
  return look(readAccount, () =>
    unlessMissing(async () => {
      const answer = await askAzure(cloud, "resourceManager", "GET", `${path}?api-version=${cosmosVersion}`);
      const { resource } = containerSchema.parse(answer).properties;
      return { partitionKey: resource.partitionKey?.paths ?? [] };
    }),
  );
}

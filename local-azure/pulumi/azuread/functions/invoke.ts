import type { Values } from "../../provider/values.ts";
import { NotInCatalog } from "../schema/catalog.ts";
import { getApplication } from "./application.ts";
import { getClientConfig } from "./client-config.ts";
import type { FunctionContext, ProviderFunction } from "./function.ts";
import { getGroup } from "./group.ts";
import { getApplicationPublishedAppIds } from "./published-app-ids.ts";
import { getServicePrincipal } from "./service-principal.ts";
import { getUser, getUsers } from "./user.ts";

const functions: Readonly<Record<string, ProviderFunction>> = {
  getApplication,
  getApplicationPublishedAppIds,
  getClientConfig,
  getGroup,
  getServicePrincipal,
  getUser,
  getUsers,
};

function tokenOf(name: string): string {
  return `azuread:index/${name}:${name}`;
}

/**
 * Calls a function of the provider.
 * @throws {NotInCatalog} for a function that the local plugin does not have
 */
export async function invoke(context: FunctionContext, token: string, args: Values): Promise<Values> {
  const name = token.split(":").at(-1) ?? "";
  const called = tokenOf(name) === token ? functions[name] : undefined;
  if (called === undefined) {
    throw new NotInCatalog("function", token, Object.keys(functions).map(tokenOf));
  }
  return called(context, args);
}

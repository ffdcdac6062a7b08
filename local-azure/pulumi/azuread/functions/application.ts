import type { Values } from "../../provider/values.ts";
import { application, applicationToken } from "../resources/application.ts";
import { type Reading, textOf } from "../resources/operation.ts";
import { resourceType } from "../schema/catalog.ts";
import {
  asList,
  equals,
  type FunctionContext,
  findOne,
  givenKey,
  type ProviderFunction,
} from "./function.ts";

const keys = [
  ["clientId", "appId"],
  ["displayName", "displayName"],
  ["identifierUri", "identifierUris"],
  ["objectId", "id"],
] as const;

async function objectIdOf(context: FunctionContext, args: Values): Promise<string> {
  const [property, value] = givenKey(args, keys);
  if (property === "id") return value;
  const filter =
    property === "identifierUris"
      ? `identifierUris/any(s: s eq '${value.replaceAll("'", "''")}')`
      : equals(property, value);
  return textOf((await findOne(context, "application", { path: "/applications" }, filter)).id);
}

export const getApplication: ProviderFunction = async (context, args) => {
  const objectId = await objectIdOf(context, args);
  const id = `/applications/${objectId}`;
  const operation: Reading = {
    graph: context.graph,
    resource: resourceType(applicationToken),
  };
  const found = await application.read(operation, id, {});
  if (found === undefined) throw new Error(`Application with object ID "${objectId}" was not found`);
  const { api, web, optionalClaims, publicClient, singlePageApplication, ...others } = found;
  return {
    ...others,
    id,
    identifierUri: args.identifierUri ?? "",
    apis: asList(api),
    webs: asList(web),
    optionalClaims: asList(optionalClaims),
    publicClients: asList(publicClient),
    singlePageApplications: asList(singlePageApplication),
  };
};

import { isArray, isObject, type Value, type Values } from "../../provider/values.ts";
import { ordered } from "../convert.ts";
import { groupToken, readGroup } from "../resources/group.ts";
import { textOf } from "../resources/operation.ts";
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
  ["displayName", "displayName"],
  ["mailNickname", "mailNickname"],
  ["objectId", "id"],
] as const;

async function objectIdOf(context: FunctionContext, args: Values): Promise<string> {
  const [property, value] = givenKey(args, keys);
  if (property === "id") return value;
  const filter = [equals(property, value)];
  for (const flag of ["mailEnabled", "securityEnabled"] as const) {
    if (typeof args[flag] === "boolean") filter.push(`${flag} eq ${args[flag]}`);
  }
  const request = { path: "/groups", version: "beta" } as const;
  return textOf((await findOne(context, "group", request, filter.join(" and "))).id);
}

async function transitiveMembers({ graph }: FunctionContext, objectId: string): Promise<readonly Value[]> {
  const members = await graph.list(`Could not retrieve members of group "${objectId}"`, {
    path: `/groups/${objectId}/transitiveMembers`,
    version: "beta",
  });
  return ordered(members.map(({ id }) => textOf(id)));
}

export const getGroup: ProviderFunction = async (context, args) => {
  const objectId = await objectIdOf(context, args);
  const resource = resourceType(groupToken);
  const found = await readGroup({ graph: context.graph, resource }, objectId);
  if (found === undefined) throw new Error(`Group with object ID "${objectId}" was not found`);
  const { dynamicMembership, ...others } = found;
  const members =
    args.includeTransitiveMembers === true ? await transitiveMembers(context, objectId) : found.members;
  return {
    ...others,
    id: `/groups/${objectId}`,
    includeTransitiveMembers: args.includeTransitiveMembers === true,
    members: isArray(members) ? members : [],
    dynamicMemberships: isObject(dynamicMembership) ? asList(dynamicMembership) : [],
  };
};

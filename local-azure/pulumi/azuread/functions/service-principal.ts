import { textOf } from "../resources/operation.ts";
import { readServicePrincipal, servicePrincipalToken } from "../resources/service-principal.ts";
import { resourceType } from "../schema/catalog.ts";
import { asList, equals, findOne, givenKey, type ProviderFunction } from "./function.ts";

const keys = [
  ["clientId", "appId"],
  ["displayName", "displayName"],
  ["objectId", "id"],
] as const;

export const getServicePrincipal: ProviderFunction = async (context, args) => {
  const [property, value] = givenKey(args, keys);
  const objectId =
    property === "id"
      ? value
      : textOf(
          (
            await findOne(
              context,
              "service principal",
              { path: "/servicePrincipals" },
              equals(property, value),
            )
          ).id,
        );
  const resource = resourceType(servicePrincipalToken);
  const found = await readServicePrincipal({ graph: context.graph, resource }, objectId);
  if (found === undefined) throw new Error(`Service principal with object ID "${objectId}" was not found`);
  const { samlSingleSignOn, owners: _, ...others } = found;
  return {
    ...others,
    id: `/servicePrincipals/${objectId}`,
    samlSingleSignOns: asList(samlSingleSignOn),
  };
};

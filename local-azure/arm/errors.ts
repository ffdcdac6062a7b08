import { lastSegment, parseArmPath } from "./arm-id.ts";
import { type ArmCall, ArmError } from "./resource-provider.ts";
import type { ArmResource } from "./resource-store.ts";

/** The stored resource of a call, for verbs that need one. @throws ArmError 404 ResourceNotFound. */
export function requireExisting(call: ArmCall): ArmResource {
  if (call.existing === undefined) throw resourceNotFound(call.id);
  return call.existing;
}

export function resourceNotFound(id: string): ArmError {
  const { namespace, types, names, resourceGroupName } = parseArmPath(id);
  const path = [namespace, ...types.flatMap((type, index) => [type, names[index]])]
    .filter((part) => part !== undefined)
    .join("/");
  const where = resourceGroupName === undefined ? "" : ` under resource group '${resourceGroupName}'`;
  return new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${path}'${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function resourceGroupNotFound(name: string): ArmError {
  return new ArmError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
}

export function parentResourceNotFound(parentId: string): ArmError {
  return new ArmError(
    404,
    "ParentResourceNotFound",
    `Can not perform requested operation on nested resource. Parent resource '${lastSegment(parentId)}' not found.`,
  );
}

export function subscriptionNotFound(subscriptionId: string): ArmError {
  return new ArmError(
    404,
    "SubscriptionNotFound",
    `The subscription '${subscriptionId}' could not be found.`,
  );
}

export function missingSubscription(): ArmError {
  return new ArmError(
    404,
    "MissingSubscription",
    "The request did not have a subscription or a valid tenant level resource provider.",
  );
}

/** The refusal of a body that cannot be read. @param fault what is wrong with it, without a final period. */
export function invalidRequestContent(fault: string): ArmError {
  return new ArmError(
    400,
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: '${fault}'.`,
  );
}

export function invalidResourceName(name: string, type: string, rule: string): ArmError {
  return new ArmError(
    400,
    "InvalidResourceName",
    `Resource name ${name} is invalid for a resource of type '${type}'. ${rule}`,
  );
}

export interface DeniedCall {
  /** Client id of the caller; its object id where the token has none. */
  readonly client: string;
  readonly objectId: string;
  readonly action: string;
  readonly scope: string;
}

export function authorizationFailed({ client, objectId, action, scope }: DeniedCall): ArmError {
  return new ArmError(
    403,
    "AuthorizationFailed",
    `The client '${client}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

import { answerCreated, answerList, answerOne, noContent } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest, type GraphError, notFound } from "../graph-error.ts";
import { addressed, repeatedKeys } from "../objects.ts";
import { readBound } from "../odata/reference.ts";
import { merge, type Properties, readProperties, type Shape } from "../properties.ts";
import { joinGroup } from "../relations/members.ts";
import { addFirstOwners } from "../relations/owners.ts";
import { represent } from "../representation.ts";

const context = "groups/$entity";
const type = "Group";

/**
 * https://learn.microsoft.com/graph/api/resources/group#properties. Security groups alone: what belongs to mail, to
 * dynamic membership or to an on-premises directory can only be left unset.
 */
const writable: Shape = {
  description: { longest: 1024 },
  displayName: { longest: 256 },
  groupTypes: "unset",
  isAssignableToRole: "unset",
  mailEnabled: "unset",
  mailNickname: { longest: 64 },
  membershipRule: "unset",
  membershipRuleProcessingState: "unset",
  preferredDataLocation: "unset",
  resourceBehaviorOptions: "unset",
  resourceProvisioningOptions: "unset",
  securityEnabled: "flag",
  theme: "unset",
  visibility: { oneOf: ["Private", "Public"] },
  writebackConfiguration: { object: { isEnabled: "unset", onPremisesGroupType: "unset" } },
};

export function listGroupObjects(call: GraphCall): GraphAnswer {
  const items = call.directory.list("group").map((object) => represent(object, call));
  return answerList(call, { context: "groups", type: "group", items });
}

/** @throws GraphError 404 also for a group that has not reached this replica yet. */
export function readGroup(call: GraphCall): GraphAnswer {
  const group = addressed(call, "group");
  requireReplicated(call, group);
  return answerOne(call, context, represent(group, call));
}

/** @throws GraphError 400, 404 for an owner or member that is not there or has not reached this replica yet. */
export function createGroup(call: GraphCall): GraphAnswer {
  const { directory, platform, body } = call;
  const { displayName, ...properties } = readProperties(body, writable, type, [
    "owners@odata.bind",
    "members@odata.bind",
  ]);
  if (typeof displayName !== "string" || displayName === "") throw required("displayName");
  const { mailNickname } = properties;
  if (
    typeof mailNickname !== "string" ||
    !/^[!-~]+$/.test(mailNickname) ||
    /[@()\\[\]";:<>,]/.test(mailNickname)
  ) {
    throw badRequest("Invalid value specified for property 'mailNickname' of resource 'Group'.");
  }
  if (typeof body.mailEnabled !== "boolean") throw required("mailEnabled");
  if (typeof body.securityEnabled !== "boolean") throw required("securityEnabled");
  requireSecurity(properties);
  return platform.store.transaction(() => {
    for (const id of [...readBound(body, "owners"), ...readBound(body, "members")]) {
      const bound = directory.find(id);
      if (bound !== undefined) requireReplicated(call, bound);
    }
    const created = directory.create({ type: "group", displayName, properties });
    addFirstOwners(call, created.id, false);
    for (const id of readBound(body, "members")) joinGroup(call, created, id);
    return answerCreated(call, {
      context,
      location: `groups/${created.id}`,
      object: represent(created, call),
    });
  });
}

/** @throws GraphError 404 also for a group that has not reached this replica yet. */
export function updateGroup(call: GraphCall): GraphAnswer {
  const { directory, platform, body } = call;
  return platform.store.transaction(() => {
    const before = addressed(call, "group");
    requireReplicated(call, before);
    const given = readProperties(body, writable, type, [...repeatedKeys(body, before), "members@odata.bind"]);
    const { displayName = before.displayName, ...properties } = given;
    if (typeof displayName !== "string" || displayName === "") throw required("displayName");
    const after = merge(before.properties, properties);
    requireSecurity(after);
    directory.update(before.id, { displayName, properties: after });
    for (const id of readBound(body, "members")) joinGroup(call, before, id);
    return noContent;
  });
}

/** Deletes for good, as Entra does with security groups. */
export function deleteGroup(call: GraphCall): GraphAnswer {
  call.directory.delete(addressed(call, "group").id);
  return noContent;
}

function requireReplicated(
  { replication }: GraphCall,
  { id, createdDateTime }: { readonly id: string; readonly createdDateTime: string },
): void {
  if (!replication.hasReached(createdDateTime)) throw notFound(id);
}

function requireSecurity({ securityEnabled }: Properties): void {
  if (securityEnabled !== false) return;
  throw badRequest("The local Graph has security groups only: 'securityEnabled' must be true.");
}

function required(name: string): GraphError {
  return badRequest(`The property '${name}' of the type '${type}' is required.`);
}

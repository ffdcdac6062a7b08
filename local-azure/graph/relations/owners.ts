import { answerList, noContent, withType } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest, notFound } from "../graph-error.ts";
import { addressed, findObject } from "../objects.ts";
import { readBound, readReference } from "../odata/reference.ts";
import { ofCast } from "./cast.ts";

export type OwnedType = "application" | "servicePrincipal" | "group";

export function listOwners(type: OwnedType) {
  return (call: GraphCall): GraphAnswer => {
    const object = addressed(call, type);
    const owners = call.directory.owners
      .of(object.id)
      .flatMap((id) => call.directory.find(id) ?? [])
      .filter(ofCast(call));
    return answerList(call, {
      context: "directoryObjects",
      type: "directoryObject",
      items: owners.map((owner) => withType(owner, call)),
    });
  };
}

export function addOwner(type: OwnedType) {
  return (call: GraphCall): GraphAnswer => {
    const object = addressed(call, type);
    const owner = findOwner(call, readReference(call.body["@odata.id"]));
    if (!call.directory.owners.add(object.id, owner)) throw existingReference("owners");
    return noContent;
  };
}

export function removeOwner(type: OwnedType) {
  return (call: GraphCall): GraphAnswer => {
    const { directory, parameters } = call;
    const object = addressed(call, type);
    const { other = "" } = parameters;
    const owners = directory.owners.of(object.id);
    if (!owners.includes(other.toLowerCase())) throw notFound(other);
    if (type === "group" && owners.length === 1) {
      throw badRequest("The group must have at least one owner, hence this owner cannot be removed.");
    }
    directory.owners.remove(object.id, other);
    return noContent;
  };
}

/**
 * Gives a new object the owners of its body. A person owns what they make; so does an application that may manage only
 * what it owns (`isHeldToOwned`).
 *
 * @throws GraphError 400, 404.
 */
export function addFirstOwners(call: GraphCall, objectId: string, isHeldToOwned: boolean): void {
  const { directory, caller, body } = call;
  for (const id of readBound(body, "owners")) directory.owners.add(objectId, findOwner(call, id));
  if (caller.kind === "delegated" || isHeldToOwned) directory.owners.add(objectId, caller.principalId);
}

/** 400 for a reference that is there already. */
export function existingReference(relation: string) {
  return badRequest(
    `One or more added object references already exist for the following modified properties: '${relation}'.`,
  );
}

function findOwner(call: GraphCall, id: string): string {
  const owner = findObject(call, id);
  if (owner.type === "user" || owner.type === "servicePrincipal") return owner.id;
  const name = owner.type === "group" ? "Group" : "Application";
  throw badRequest(
    `The reference target '${name}_${owner.id}' of type '${name}' is invalid for the 'owners' reference.`,
  );
}

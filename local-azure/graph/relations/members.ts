import type { Directory, DirectoryObject } from "../../entra/directory.ts";
import { answerList, noContent, withType } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest, notFound } from "../graph-error.ts";
import { addressed, findObject } from "../objects.ts";
import { readReference } from "../odata/reference.ts";
import { ofCast } from "./cast.ts";
import { existingReference } from "./owners.ts";

export function listMembers(call: GraphCall): GraphAnswer {
  return answerObjects(call, call.directory.memberships.membersOf(addressed(call, "group").id));
}

/** Members of the group and of the groups in it, groups included. */
export function listTransitiveMembers(call: GraphCall): GraphAnswer {
  return answerObjects(call, transitiveMembers(call.directory, addressed(call, "group").id));
}

/** @throws GraphError 400 for a member already there, an application, or the group itself; 404. */
export function addMember(call: GraphCall): GraphAnswer {
  const group = addressed(call, "group");
  joinGroup(call, group, readReference(call.body["@odata.id"]));
  return noContent;
}

export function removeMember(call: GraphCall): GraphAnswer {
  const group = addressed(call, "group");
  const { other = "" } = call.parameters;
  if (!call.directory.memberships.remove(group.id, other)) throw notFound(other);
  return noContent;
}

/** @throws GraphError as `addMember`. */
export function joinGroup(call: GraphCall, group: DirectoryObject, memberId: string): void {
  const member = findObject(call, memberId);
  if (member.type === "application" || member.id === group.id) {
    throw badRequest("An invalid operation was included in the following modified references: 'members'.");
  }
  if (!call.directory.memberships.add(group.id, member.id)) throw existingReference("members");
}

function answerObjects(call: GraphCall, ids: readonly string[]): GraphAnswer {
  const objects = ids.flatMap((id) => call.directory.find(id) ?? []).filter(ofCast(call));
  return answerList(call, {
    context: "directoryObjects",
    type: "directoryObject",
    items: objects.map((object) => withType(object, call)),
  });
}

function transitiveMembers({ memberships }: Directory, groupId: string): readonly string[] {
  const found = new Set<string>();
  const open = [groupId];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const member of memberships.membersOf(next)) {
      if (found.has(member)) continue;
      found.add(member);
      open.push(member);
    }
  }
  found.delete(groupId);
  return [...found];
}

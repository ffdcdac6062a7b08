import type { DirectoryObject } from "../../entra/directory.ts";
import { answerList, withType } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest } from "../graph-error.ts";
import { isGuid } from "../properties.ts";
import { ofCast } from "./cast.ts";

/** Which object of the call is meant: the one in the path, or the signed-in person. */
export type Subject = (call: GraphCall) => DirectoryObject;

/** The groups that hold the object: directly, or through other groups too. */
export function listGroups(subject: Subject, reach: "direct" | "transitive") {
  return (call: GraphCall): GraphAnswer => {
    const groups = groupsOf(call, subject(call), reach).flatMap((id) => call.directory.find(id) ?? []);
    return answerList(call, {
      context: "directoryObjects",
      type: "directoryObject",
      items: groups.filter(ofCast(call)).map((group) => withType(group, call)),
    });
  };
}

/**
 * `getMemberGroups` and `getMemberObjects`: the ids of all groups that hold the object, also through other groups. Every
 * group here is a security group, and there are no directory roles, so both answer the same.
 */
export function getMemberGroups(subject: Subject) {
  return (call: GraphCall): GraphAnswer => {
    const { securityEnabledOnly = false } = call.body;
    if (typeof securityEnabledOnly !== "boolean") {
      throw badRequest("The property 'securityEnabledOnly' must be true or false.");
    }
    return answerIds(call, groupsOf(call, subject(call), "transitive"));
  };
}

/** At most this many can be asked for: https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups */
const mostChecked = 20;

/** `checkMemberGroups` and `checkMemberObjects`: those of the given ids that `getMemberGroups` would answer. */
export function checkMemberGroups(subject: Subject, property: "groupIds" | "ids") {
  return (call: GraphCall): GraphAnswer => {
    const wanted = call.body[property];
    if (!Array.isArray(wanted) || wanted.length > mostChecked || !wanted.every(isGuid)) {
      throw badRequest(`The property '${property}' must be a list of at most ${mostChecked} object ids.`);
    }
    const ids = new Set(wanted.map((id) => id.toLowerCase()));
    return answerIds(
      call,
      groupsOf(call, subject(call), "transitive").filter((id) => ids.has(id)),
    );
  };
}

function groupsOf({ directory }: GraphCall, { id }: DirectoryObject, reach: "direct" | "transitive") {
  const groups = directory.groupsOf(id).filter((groupId) => groupId !== id);
  return reach === "transitive"
    ? groups
    : groups.filter((groupId) => directory.memberships.membersOf(groupId).includes(id));
}

function answerIds({ base }: GraphCall, value: readonly string[]): GraphAnswer {
  return {
    status: 200,
    body: { "@odata.context": `${base}/$metadata#Collection(Edm.String)`, value },
  };
}

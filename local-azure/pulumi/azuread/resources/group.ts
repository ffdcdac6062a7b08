import type { HttpResponse } from "../../provider/http.ts";
import type { ResourceState } from "../../provider/provider.ts";
import { isObject, type Value, type Values } from "../../provider/values.ts";
import { fromGraph, ordered, toGraph } from "../convert.ts";
import { equal } from "../diff.ts";
import { literal } from "../graph/client.ts";
import { reasonOf } from "../graph/graph-error.ts";
import { waitForDeletion, waitUntil } from "../graph/wait.ts";
import { type Handler, type Made, type Operation, type Reading, textOf, textsOf } from "./operation.ts";
import { addReference, mostInitialOwners, readReferences, setReferences } from "./owners.ts";
import { groupId, importNeeded, parseId } from "./resource-id.ts";

export const groupToken = "azuread:index/group:Group";

/** Refusals of a new group that pass: an owner, or the group itself, has not reached the whole directory. */
function groupLags(response: HttpResponse): boolean {
  if (response.status === 404) return true;
  return (
    response.status === 400 &&
    /One or more property values specified are invalid|does not exist or one of its queried reference-property objects are not present/.test(
      reasonOf(response),
    )
  );
}

/** Eight random hexadecimal digits, a dash and one more: what the portal gives a group that has no mail. */
function randomMailNickname({ newId }: Operation): string {
  const digits = newId().replaceAll("-", "");
  return `${digits.slice(0, 8)}-${digits.slice(8, 9)}`;
}

function membershipRule(inputs: Values): Values {
  const { dynamicMembership: dynamic } = inputs;
  if (!isObject(dynamic)) return {};
  return {
    membershipRule: dynamic.rule ?? null,
    membershipRuleProcessingState: dynamic.enabled === true ? "On" : "Paused",
  };
}

async function refuseDuplicate({ graph }: Operation, inputs: Values, own?: string): Promise<void> {
  if (inputs.preventDuplicateNames !== true) return;
  const named = await graph.list("Could not check for existing group(s)", {
    path: "/groups",
    version: "beta",
    query: { $filter: `displayName eq ${literal(textOf(inputs.displayName))}` },
  });
  const other = named.find(({ id, displayName }) => displayName === inputs.displayName && id !== own);
  if (other !== undefined) throw importNeeded(groupToken, `/groups/${textOf(other.id)}`);
}

async function create(operation: Operation, inputs: Values, made: Made): Promise<void> {
  const { graph, resource } = operation;
  await refuseDuplicate(operation, inputs);
  for (const owner of textsOf(inputs.owners)) {
    await graph.call(`Could not retrieve owner principal object "${owner}"`, {
      method: "GET",
      path: `/directoryObjects/${owner}`,
    });
  }
  const owners = inputs.owners === undefined ? [await operation.caller()] : textsOf(inputs.owners);
  const body: Values = {
    ...toGraph(resource.inputs, inputs, false),
    "@odata.type": "#microsoft.graph.group",
    mailNickname: inputs.mailNickname ?? randomMailNickname(operation),
    ...membershipRule(inputs),
    "owners@odata.bind": owners.slice(0, mostInitialOwners).map((id) => graph.reference(id, "beta")),
  };
  const group = await graph.call("Could not create group", {
    method: "POST",
    path: "/groups",
    version: "beta",
    body,
    retryWhen: groupLags,
  });
  const objectId = textOf(group.id);
  const path = `/groups/${objectId}`;
  made(path);

  // A change of name that is accepted and then shown tells that the group has reached the whole directory.
  for (const displayName of [`TERRAFORM_UPDATE_${operation.newId()}`, inputs.displayName ?? null]) {
    await graph.call("Failed to patch group after creating", {
      method: "PATCH",
      path,
      version: "beta",
      body: { "@odata.type": "#microsoft.graph.group", id: objectId, displayName },
      retryWhen: groupLags,
    });
  }
  const summary = `Waiting for group with object ID "${objectId}"`;
  const isNamed = async () =>
    (await graph.find(summary, { path, version: "beta" }))?.displayName === inputs.displayName;
  await waitUntil(graph, `group "${objectId}"`, 5, isNamed);
  for (const owner of owners.slice(mostInitialOwners))
    await addReference(graph, path, "owners", owner, "beta");
  for (const member of textsOf(inputs.members)) await addReference(graph, path, "members", member, "beta");
}

/** What a group says of itself, for the resource and for the function that looks one up. */
export async function readGroup(
  { graph, resource }: Reading,
  objectId: string,
): Promise<Record<string, Value> | undefined> {
  const path = `/groups/${objectId}`;
  const summary = `Retrieving group with object ID "${objectId}"`;
  const group = await graph.find(summary, { path, version: "beta" });
  if (group === undefined) return undefined;
  const mailOnly = textsOf(group.groupTypes).includes("Unified")
    ? await graph.find(summary, {
        path,
        version: "beta",
        query: {
          $select: "allowExternalSenders,autoSubscribeNewMembers,hideFromAddressLists,hideFromOutlookClients",
        },
      })
    : {};
  const owners = await readReferences(graph, path, "owners", "beta");
  const members = await readReferences(graph, path, "members", "beta");
  const rule = textOf(group.membershipRule);
  return {
    ...fromGraph(resource.outputs, { ...group, ...mailOnly }),
    ...(rule === ""
      ? {}
      : { dynamicMembership: { rule, enabled: group.membershipRuleProcessingState === "On" } }),
    onpremisesGroupType: "",
    owners: ordered(owners),
    members: ordered(members),
  };
}

async function update(operation: Operation, id: string, state: ResourceState, inputs: Values) {
  const { graph, resource } = operation;
  const [objectId] = parseId(id, groupId);
  const differs = (name: string) => !equal(state.inputs[name], inputs[name], resource.inputs[name]?.set);
  if (differs("displayName")) await refuseDuplicate(operation, inputs, objectId);
  const {
    mailNickname: _,
    isAssignableToRole: __,
    groupTypes: ___,
    ...body
  } = toGraph(resource.inputs, inputs);
  await graph.call(`Updating group with object ID "${objectId}"`, {
    method: "PATCH",
    path: id,
    version: "beta",
    body: { "@odata.type": "#microsoft.graph.group", id: objectId, ...body, ...membershipRule(inputs) },
  });
  for (const kind of ["members", "owners"] as const) {
    if (inputs[kind] !== undefined && differs(kind))
      await setReferences(graph, id, kind, textsOf(inputs[kind]), "beta");
  }
  return {};
}

export const group: Handler = {
  create,
  async read(operation, id, known) {
    const [objectId] = parseId(id, groupId);
    const found = await readGroup(operation, objectId);
    if (found === undefined) return undefined;
    // Only the resource says in which administrative units a group is; the list is read as the official plugin does.
    await operation.graph.list(`Retrieving units of group "${objectId}"`, {
      path: `${id}/memberOf`,
      version: "beta",
    });
    return { ...found, preventDuplicateNames: known.preventDuplicateNames === true };
  },
  update,
  async delete({ graph }, id) {
    const [objectId] = parseId(id, groupId);
    const what = `group with object ID "${objectId}"`;
    await graph.call(`Retrieving ${what}`, { method: "GET", path: id, version: "beta" });
    await graph.call(`Deleting ${what}`, { method: "DELETE", path: id, version: "beta" });
    await waitForDeletion(graph, what, { path: id, version: "beta" });
  },
};

import { isArray, isObject } from "../../provider/values.ts";
import { type GraphClient, literal } from "../graph/client.ts";
import { waitUntil } from "../graph/wait.ts";
import { type Handler, textOf } from "./operation.ts";
import { addReference, isAmong, readReferences, removeReference } from "./owners.ts";
import { importNeeded, parseId } from "./resource-id.ts";

const idTemplate = "{guid}/member/{guid}";

/** A group that is gone has no members. */
async function isMember(graph: GraphClient, group: string, member: string): Promise<boolean> {
  const found = await graph.find(`Retrieving member "${member}" of group "${group}"`, {
    path: `/groups/${group}/members`,
    version: "beta",
    query: { $filter: `id eq ${literal(member)}` },
  });
  const members = isArray(found?.value) ? found.value : [];
  return members.some((one) => isObject(one) && isAmong(textOf(one.id), [member]));
}

export const groupMember: Handler = {
  async create({ graph, resource }, inputs, made) {
    const group = textOf(inputs.groupObjectId);
    const member = textOf(inputs.memberObjectId);
    const path = `/groups/${group}`;
    const id = `${group}/member/${member}`;
    const summary = `Retrieving group with object ID "${group}"`;
    await graph.call(summary, { method: "GET", path, version: "beta" });
    if (isAmong(member, await readReferences(graph, path, "members", "beta")))
      throw importNeeded(resource.token, id);
    await addReference(graph, path, "members", member, "beta");
    made(id);
    await waitUntil(graph, `membership of "${member}"`, 5, () => isMember(graph, group, member));
  },

  async read({ graph }, id) {
    const [groupObjectId, memberObjectId] = parseId(id, idTemplate);
    if (!(await isMember(graph, groupObjectId, memberObjectId))) return undefined;
    return { groupObjectId, memberObjectId };
  },

  async delete({ graph }, id) {
    const [group, member] = parseId(id, idTemplate);
    await removeReference(graph, `/groups/${group}`, "members", member, "beta");
    const isGone = async () => !(await isMember(graph, group, member));
    await waitUntil(graph, `removal of member "${member}"`, 5, isGone);
  },
};

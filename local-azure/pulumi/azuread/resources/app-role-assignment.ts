import type { HttpResponse } from "../../provider/http.ts";
import { fromGraph, toGraph } from "../convert.ts";
import { reasonOf } from "../graph/graph-error.ts";
import { type Handler, textOf } from "./operation.ts";
import { parseId } from "./resource-id.ts";

const idTemplate = "/servicePrincipals/{guid}/appRoleAssignedTo/{id}";

/** The principal has not reached the part of the directory that keeps assignments. */
function principalIsMissing(response: HttpResponse): boolean {
  if (response.status === 404) return true;
  return response.status === 400 && reasonOf(response).includes("Not a valid reference update");
}

export const appRoleAssignment: Handler = {
  async create({ graph, resource }, inputs, made) {
    const resourceId = textOf(inputs.resourceObjectId);
    const path = `/servicePrincipals/${resourceId}`;
    await graph.call(`Service principal not found for resource (Object ID: "${resourceId}")`, {
      method: "GET",
      path,
    });
    const assignment = await graph.call("Could not create app role assignment", {
      method: "POST",
      path: `${path}/appRoleAssignedTo`,
      body: toGraph(resource.inputs, inputs),
      retryWhen: principalIsMissing,
    });
    made(`${path}/appRoleAssignedTo/${textOf(assignment.id)}`);
  },

  async read({ graph, resource }, id) {
    const [resourceId, assignmentId] = parseId(id, idTemplate);
    const summary = `Retrieving app role assignment "${assignmentId}" of service principal "${resourceId}"`;
    const assignment = await graph.find(summary, { path: id });
    return assignment === undefined ? undefined : fromGraph(resource.outputs, assignment);
  },

  async delete({ graph }, id) {
    const [, assignmentId] = parseId(id, idTemplate);
    await graph.call(`Deleting app role assignment "${assignmentId}"`, { method: "DELETE", path: id });
  },
};

import type { HttpResponse } from "../../provider/http.ts";
import type { Values } from "../../provider/values.ts";
import { fromGraph, ordered, toGraph } from "../convert.ts";
import { reasonOf } from "../graph/graph-error.ts";
import { type Handler, textOf, textsOf } from "./operation.ts";
import { parseId } from "./resource-id.ts";

const idTemplate = "/oauth2PermissionGrants/{id}";

/** The scopes of a grant are one text on the wire. */
function scopeOf(inputs: Values): string {
  return textsOf(inputs.claimValues).join(" ");
}

/** A service principal has not reached the part of the directory that keeps grants. */
function principalIsMissing(response: HttpResponse): boolean {
  if (response.status === 404) return true;
  return (
    response.status === 400 &&
    reasonOf(response).includes(
      "does not exist or one of its queried reference-property objects are not present",
    )
  );
}

export const servicePrincipalDelegatedPermissionGrant: Handler = {
  async create({ graph, resource }, inputs, made) {
    for (const input of ["servicePrincipalObjectId", "resourceServicePrincipalObjectId"]) {
      const objectId = textOf(inputs[input]);
      await graph.call(`Could not retrieve service principal with object ID "${objectId}"`, {
        method: "GET",
        path: `/servicePrincipals/${objectId}`,
      });
    }
    const grant = await graph.call("Could not create delegated permission grant", {
      method: "POST",
      path: "/oauth2PermissionGrants",
      body: {
        ...toGraph(resource.inputs, inputs),
        consentType: inputs.userObjectId === undefined ? "AllPrincipals" : "Principal",
        scope: scopeOf(inputs),
      },
      retryWhen: principalIsMissing,
    });
    made(`/oauth2PermissionGrants/${textOf(grant.id)}`);
  },

  async read({ graph, resource }, id) {
    const [grantId] = parseId(id, idTemplate);
    const grant = await graph.find(`Retrieving delegated permission grant with ID "${grantId}"`, {
      path: id,
    });
    if (grant === undefined) return undefined;
    const claimValues = ordered(textOf(grant.scope).split(" ").filter(Boolean));
    return { ...fromGraph(resource.outputs, grant), claimValues };
  },

  async update({ graph }, id, _, inputs) {
    await graph.call("Could not update delegated permission grant", {
      method: "PATCH",
      path: id,
      body: { id: parseId(id, idTemplate)[0], scope: scopeOf(inputs) },
    });
    return {};
  },

  async delete({ graph }, id) {
    const [grantId] = parseId(id, idTemplate);
    const summary = `Deleting delegated permission grant with ID "${grantId}"`;
    await graph.call(summary, { method: "DELETE", path: id });
  },
};

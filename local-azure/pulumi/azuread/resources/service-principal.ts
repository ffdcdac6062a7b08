import type { HttpResponse } from "../../provider/http.ts";
import type { ResourceState } from "../../provider/provider.ts";
import type { Value, Values } from "../../provider/values.ts";
import { fromGraph, ordered, toGraph } from "../convert.ts";
import { equal } from "../diff.ts";
import { literal } from "../graph/client.ts";
import { reasonOf } from "../graph/graph-error.ts";
import { waitForDeletion } from "../graph/wait.ts";
import { featureBlocks, wantedTags } from "./feature-tags.ts";
import { type Handler, type Made, type Operation, type Reading, textOf, textsOf } from "./operation.ts";
import { addReference, initialOwners, readReferences, removeReference, setReferences } from "./owners.ts";
import { permissionIds } from "./permission-ids.ts";
import { importNeeded, parseId, servicePrincipalId } from "./resource-id.ts";

export const servicePrincipalToken = "azuread:index/servicePrincipal:ServicePrincipal";

/** The application has not reached the part of the directory that makes service principals. */
function applicationIsMissing(response: HttpResponse): boolean {
  if (response.status === 400) {
    return /The appId '.+' of the service principal does not reference a valid application object/.test(
      reasonOf(response),
    );
  }
  return (
    response.status === 403 &&
    /backing application of the service principal being created must in the local tenant/.test(
      reasonOf(response),
    )
  );
}

function bodyOf({ resource }: Operation, inputs: Values, nulls: boolean): Record<string, Value> {
  const tags = wantedTags(inputs);
  return {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    ...toGraph(resource.inputs, inputs, nulls),
    ...(tags === undefined ? {} : { tags }),
  };
}

async function change(operation: Operation, objectId: string, state: ResourceState, inputs: Values) {
  const { graph, resource } = operation;
  const { appId: _, ...body } = bodyOf(operation, inputs, true);
  await graph.call(`Could not update service principal with object ID "${objectId}"`, {
    method: "PATCH",
    path: `/servicePrincipals/${objectId}`,
    body: { id: objectId, ...body },
  });
  if (inputs.owners === undefined) return;
  if (equal(state.inputs.owners, inputs.owners, resource.inputs.owners?.set)) return;
  await setReferences(graph, `/servicePrincipals/${objectId}`, "owners", textsOf(inputs.owners), "v1.0");
}

async function create(operation: Operation, inputs: Values, made: Made): Promise<void> {
  const { graph } = operation;
  const [existing] = await graph.list("Could not list existing service principals", {
    path: "/servicePrincipals",
    query: { $filter: `appId eq ${literal(textOf(inputs.clientId))}` },
  });
  if (existing !== undefined) {
    const id = `/servicePrincipals/${textOf(existing.id)}`;
    if (inputs.useExisting !== true) throw importNeeded(servicePrincipalToken, id);
    made(id);
    await change(operation, textOf(existing.id), { inputs: {}, outputs: {} }, inputs);
    return;
  }
  const caller = await operation.caller();
  const owners = initialOwners(caller, textsOf(inputs.owners));
  const servicePrincipal = await graph.call("Could not create service principal", {
    method: "POST",
    path: "/servicePrincipals",
    body: {
      tags: [],
      ...bodyOf(operation, inputs, false),
      description: `TERRAFORM_UPDATE_${operation.newId()}`,
      "owners@odata.bind": owners.first.map((id) => graph.reference(id)),
    },
    retryWhen: applicationIsMissing,
  });
  const objectId = textOf(servicePrincipal.id);
  const path = `/servicePrincipals/${objectId}`;
  made(path);
  await graph.call("Failed to patch service principal after creating", {
    method: "PATCH",
    path,
    body: {
      "@odata.type": "#microsoft.graph.servicePrincipal",
      id: objectId,
      description: inputs.description ?? null,
    },
  });
  for (const owner of owners.later) await addReference(graph, path, "owners", owner, "v1.0");
  if (owners.callerGoes) await removeReference(graph, path, "owners", caller, "v1.0");
}

/** What a service principal says of itself, for the resource and for the function that looks one up. */
export async function readServicePrincipal(
  { graph, resource }: Reading,
  objectId: string,
): Promise<Record<string, Value> | undefined> {
  const path = `/servicePrincipals/${objectId}`;
  const summary = `Retrieving service principal with object ID "${objectId}"`;
  const servicePrincipal = await graph.find(summary, { path });
  if (servicePrincipal === undefined) return undefined;
  const beta = await graph.find(summary, { path, version: "beta", query: { $select: "samlMetadataUrl" } });
  const owners = await readReferences(graph, path, "owners", "v1.0");
  const names = textsOf(servicePrincipal.servicePrincipalNames);
  return {
    ...fromGraph(resource.outputs, servicePrincipal),
    ...featureBlocks(textsOf(servicePrincipal.tags)),
    appRoleIds: permissionIds(servicePrincipal.appRoles),
    oauth2PermissionScopeIds: permissionIds(servicePrincipal.oauth2PermissionScopes),
    owners: ordered(owners),
    samlMetadataUrl: textOf(beta?.samlMetadataUrl),
    servicePrincipalNames: names.filter((name) => name !== servicePrincipal.appId),
  };
}

export const servicePrincipal: Handler = {
  create,
  async read(operation, id, known) {
    const [objectId] = parseId(id, servicePrincipalId);
    const found = await readServicePrincipal(operation, objectId);
    if (found === undefined) return undefined;
    return known.useExisting === undefined ? found : { ...found, useExisting: known.useExisting };
  },
  async update(operation, id, state, inputs) {
    const [objectId] = parseId(id, servicePrincipalId);
    await change(operation, objectId, state, inputs);
    return {};
  },
  async delete({ graph }, id, { inputs }) {
    const [objectId] = parseId(id, servicePrincipalId);
    const path = `/servicePrincipals/${objectId}`;
    // One that was there before may be Microsoft's own, which cannot be deleted.
    if (inputs.useExisting === true) {
      await graph.send({ method: "DELETE", path });
      return;
    }
    const what = `service principal with object ID "${objectId}"`;
    await graph.call(`Deleting ${what}`, { method: "DELETE", path });
    await waitForDeletion(graph, what, { path });
  },
};

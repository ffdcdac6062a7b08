import { fromGraph, toGraph } from "../convert.ts";
import { waitForDeletion, waitUntil } from "../graph/wait.ts";
import { type Handler, textOf } from "./operation.ts";
import { applicationId, parseId } from "./resource-id.ts";

const idTemplate = "{guid}/federatedIdentityCredential/{guid}";
const mostMisses = 20;

function pathOf(id: string): { readonly objectId: string; readonly path: string; readonly what: string } {
  const [objectId, credentialId] = parseId(id, idTemplate);
  return {
    objectId,
    path: `/applications/${objectId}/federatedIdentityCredentials/${credentialId}`,
    what: `federated identity credential "${credentialId}" of application with object ID "${objectId}"`,
  };
}

export const applicationFederatedIdentityCredential: Handler = {
  async create(operation, inputs, made) {
    const { graph, resource } = operation;
    const [objectId] = parseId(textOf(inputs.applicationId), applicationId);
    const collection = `/applications/${objectId}/federatedIdentityCredentials`;
    await operation.alone(objectId, async () => {
      await graph.call(`Retrieving application with object ID "${objectId}"`, {
        method: "GET",
        path: `/applications/${objectId}`,
      });
      const summary = `Adding federated identity credential for application with object ID "${objectId}"`;
      const body = toGraph(resource.inputs, inputs);
      const credential = await graph.call(summary, { method: "POST", path: collection, body });
      const credentialId = textOf(credential.id);
      made(`${objectId}/federatedIdentityCredential/${credentialId}`);
      const path = `${collection}/${credentialId}`;
      const isFound = async () => (await graph.find(summary, { path })) !== undefined;
      await waitUntil(graph, `federated identity credential "${credentialId}"`, 1, isFound, mostMisses);
    });
  },

  async read({ graph, resource }, id) {
    const { objectId, path, what } = pathOf(id);
    const credential = await graph.find(`Retrieving ${what}`, { path });
    if (credential === undefined) return undefined;
    return { ...fromGraph(resource.outputs, credential), applicationId: `/applications/${objectId}` };
  },

  async update(operation, id, _, inputs) {
    const { objectId, path, what } = pathOf(id);
    await operation.alone(objectId, () =>
      operation.graph.call(`Updating ${what}`, {
        method: "PATCH",
        path,
        body: { id: parseId(id, idTemplate)[1], ...toGraph(operation.resource.inputs, inputs) },
      }),
    );
    return {};
  },

  async delete(operation, id) {
    const { objectId, path, what } = pathOf(id);
    await operation.alone(objectId, async () => {
      await operation.graph.call(`Removing ${what}`, { method: "DELETE", path });
      await waitForDeletion(operation.graph, what, { path });
    });
  },
};

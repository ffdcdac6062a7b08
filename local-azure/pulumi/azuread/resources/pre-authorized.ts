import { isArray, isObject, type Values, valueAt } from "../../provider/values.ts";
import { fromGraph, toGraph } from "../convert.ts";
import { patchApplication } from "./application-patch.ts";
import { type Handler, type Operation, type Reading, textOf } from "./operation.ts";
import { applicationId, importNeeded, parseId } from "./resource-id.ts";

const idTemplate = "{guid}/preAuthorizedApplication/{guid}";

/** @returns `undefined` when the application is gone */
async function readList({ graph }: Reading, objectId: string): Promise<readonly Values[] | undefined> {
  const application = await graph.find(`Retrieving application with object ID "${objectId}"`, {
    path: `/applications/${objectId}`,
  });
  if (application === undefined) return undefined;
  const list = valueAt(application, "api.preAuthorizedApplications");
  return isArray(list) ? list.filter((entry) => isObject(entry)) : [];
}

function isOf(clientId: string): (entry: Values) => boolean {
  return ({ appId }) => textOf(appId).toLowerCase() === clientId.toLowerCase();
}

async function write(operation: Operation, objectId: string, list: readonly Values[]): Promise<void> {
  await patchApplication(
    operation,
    objectId,
    `Changing pre-authorized applications of application with object ID "${objectId}"`,
    { id: objectId, api: { preAuthorizedApplications: list } },
  );
}

export const applicationPreAuthorized: Handler = {
  async create(operation, inputs, made) {
    const [objectId] = parseId(textOf(inputs.applicationId), applicationId);
    const clientId = textOf(inputs.authorizedClientId);
    const id = `${objectId}/preAuthorizedApplication/${clientId}`;
    await operation.alone(objectId, async () => {
      const present = await readList(operation, objectId);
      if (present === undefined) throw new Error(`application with object ID "${objectId}" was not found`);
      if (present.some(isOf(clientId))) throw importNeeded(operation.resource.token, id);
      await write(operation, objectId, [...present, toGraph(operation.resource.inputs, inputs)]);
      made(id);
    });
  },

  async read(operation, id) {
    const [objectId, clientId] = parseId(id, idTemplate);
    const found = (await readList(operation, objectId))?.find(isOf(clientId));
    if (found === undefined) return undefined;
    return {
      ...fromGraph(operation.resource.outputs, found),
      applicationId: `/applications/${objectId}`,
    };
  },

  async update(operation, id, _, inputs) {
    const [objectId, clientId] = parseId(id, idTemplate);
    await operation.alone(objectId, async () => {
      const present = (await readList(operation, objectId)) ?? [];
      const changed = toGraph(operation.resource.inputs, inputs);
      await write(
        operation,
        objectId,
        present.map((entry) => (isOf(clientId)(entry) ? changed : entry)),
      );
    });
    return {};
  },

  async delete(operation, id) {
    const [objectId, clientId] = parseId(id, idTemplate);
    await operation.alone(objectId, async () => {
      const present = await readList(operation, objectId);
      if (present === undefined) return;
      await write(
        operation,
        objectId,
        present.filter((entry) => !isOf(clientId)(entry)),
      );
    });
  },
};

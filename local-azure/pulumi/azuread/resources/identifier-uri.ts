import { patchApplication } from "./application-patch.ts";
import { type Handler, type Operation, type Reading, textOf, textsOf } from "./operation.ts";
import { applicationId, importNeeded, parseId } from "./resource-id.ts";

const idTemplate = "/applications/{guid}/identifierUris/{rest}";

function idOf(objectId: string, uri: string): string {
  return `/applications/${objectId}/identifierUris/${Buffer.from(uri).toString("base64")}`;
}

/** The URI is part of the id, in base64, which may hold slashes. */
function parse(id: string): readonly [objectId: string, uri: string] {
  const [objectId, encoded] = parseId(id, idTemplate);
  return [objectId, Buffer.from(encoded, "base64").toString("utf8")];
}

/** @returns `undefined` when the application is gone */
async function readUris({ graph }: Reading, objectId: string): Promise<readonly string[] | undefined> {
  const application = await graph.find(`Retrieving application with object ID "${objectId}"`, {
    path: `/applications/${objectId}`,
  });
  return application === undefined ? undefined : textsOf(application.identifierUris);
}

async function write(operation: Operation, objectId: string, uris: readonly string[]): Promise<void> {
  await patchApplication(
    operation,
    objectId,
    `Changing identifier URIs of application with object ID "${objectId}"`,
    { identifierUris: uris },
  );
}

export const applicationIdentifierUri: Handler = {
  async create(operation, inputs, made) {
    const [objectId] = parseId(textOf(inputs.applicationId), applicationId);
    const uri = textOf(inputs.identifierUri);
    const id = idOf(objectId, uri);
    await operation.alone(objectId, async () => {
      const present = await readUris(operation, objectId);
      if (present === undefined) throw new Error(`application with object ID "${objectId}" was not found`);
      if (present.includes(uri)) throw importNeeded(operation.resource.token, id);
      await write(operation, objectId, [...present, uri]);
      made(id);
    });
  },

  async read(operation, id) {
    const [objectId, uri] = parse(id);
    const present = await readUris(operation, objectId);
    if (present?.includes(uri) !== true) return undefined;
    return { applicationId: `/applications/${objectId}`, identifierUri: uri };
  },

  async delete(operation, id) {
    const [objectId, uri] = parse(id);
    await operation.alone(objectId, async () => {
      const present = (await readUris(operation, objectId)) ?? [];
      if (!present.includes(uri)) throw new Error(`identifier URI ${JSON.stringify(uri)} was not found`);
      await write(
        operation,
        objectId,
        present.filter((one) => one !== uri),
      );
    });
  },
};

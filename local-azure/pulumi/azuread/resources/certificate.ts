import { isArray, isObject, secret, type Value, type Values } from "../../provider/values.ts";
import { fromGraph, toGraph } from "../convert.ts";
import { waitUntil } from "../graph/wait.ts";
import { patchApplication } from "./application-patch.ts";
import { type Handler, type Reading, textOf } from "./operation.ts";
import { endDateTime } from "./password.ts";
import { applicationId, importNeeded, parseId } from "./resource-id.ts";

const idTemplate = "{guid}/certificate/{guid}";
const mostMisses = 20;

function pemOf(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** `key` as the official plugin sends it: the base64 of the PEM text, not of the certificate itself. */
function keyOf(inputs: Values): string {
  const value = textOf(inputs.value);
  if (inputs.encoding === "base64") return keyOf({ value: pemOf(Buffer.from(value.trim(), "base64")) });
  if (inputs.encoding === "hex") return keyOf({ value: pemOf(Buffer.from(value.trim(), "hex")) });
  return Buffer.from(value).toString("base64");
}

async function readCredentials({ graph }: Reading, objectId: string): Promise<readonly Values[]> {
  // An application that is gone is an error here, not a certificate that is gone.
  const application = await graph.call(`Retrieving application with object ID "${objectId}"`, {
    method: "GET",
    path: `/applications/${objectId}`,
  });
  const credentials = isArray(application.keyCredentials) ? application.keyCredentials : [];
  return credentials.filter((credential) => isObject(credential));
}

const sameKey = (one: Value | undefined, other: string) => textOf(one).toLowerCase() === other.toLowerCase();

export const applicationCertificate: Handler = {
  async create(operation, inputs, made) {
    const { graph, resource } = operation;
    const [objectId] = parseId(textOf(inputs.applicationId), applicationId);
    const keyId = textOf(inputs.keyId) || operation.newId();
    const id = `${objectId}/certificate/${keyId}`;
    await operation.alone(objectId, async () => {
      const present = await readCredentials(operation, objectId);
      if (present.some((one) => sameKey(one.keyId, keyId))) throw importNeeded(resource.token, id);
      const end = endDateTime(inputs, operation.nowMs());
      const added: Values = {
        ...toGraph(resource.inputs, inputs),
        keyId,
        usage: "Verify",
        key: keyOf(inputs),
        ...(end === undefined ? {} : { endDateTime: end }),
      };
      await patchApplication(
        operation,
        objectId,
        `Adding certificate for application with object ID "${objectId}"`,
        { id: objectId, keyCredentials: [...present, added] },
      );
      made(id, { keyId });
      await waitUntil(
        graph,
        `certificate "${keyId}"`,
        1,
        async () => (await readCredentials(operation, objectId)).some((one) => sameKey(one.keyId, keyId)),
        mostMisses,
      );
    });
  },

  async read(operation, id, known) {
    const [objectId, keyId] = parseId(id, idTemplate);
    const credentials = await readCredentials(operation, objectId);
    const credential = credentials.find((one) => sameKey(one.keyId, keyId));
    if (credential === undefined) return undefined;
    const { encoding, endDateRelative, value } = known;
    return {
      ...fromGraph(operation.resource.outputs, credential),
      applicationId: `/applications/${objectId}`,
      ...(encoding === undefined ? {} : { encoding }),
      ...(endDateRelative === undefined ? {} : { endDateRelative }),
      value: secret(textOf(value)),
    };
  },

  async delete(operation, id) {
    const [objectId, keyId] = parseId(id, idTemplate);
    await operation.alone(objectId, async () => {
      const present = await readCredentials(operation, objectId);
      await patchApplication(
        operation,
        objectId,
        `Removing certificate credential "${keyId}" from application with object ID "${objectId}"`,
        { id: objectId, keyCredentials: present.filter((one) => !sameKey(one.keyId, keyId)) },
      );
      await waitUntil(
        operation.graph,
        `deletion of certificate "${keyId}"`,
        5,
        async () => !(await readCredentials(operation, objectId)).some((one) => sameKey(one.keyId, keyId)),
      );
    });
  },
};

import { isArray, isObject, secret, type Value, type Values } from "../../provider/values.ts";
import { fromGraph, toGraph } from "../convert.ts";
import { waitUntil } from "../graph/wait.ts";
import { durationOf } from "./duration.ts";
import { type Handler, type Reading, textOf } from "./operation.ts";
import { applicationId, parseId, servicePrincipalId } from "./resource-id.ts";

/** Which objects a password type belongs to, and how the official plugin makes sure of a new one. */
interface Holder {
  readonly collection: "applications" | "servicePrincipals";
  readonly name: string;
  /** The input that names the holder. */
  readonly input: string;
  readonly inputTemplate: string;
  /** Seconds between looks for a new password. */
  readonly gap: 1 | 5;
  readonly readsFirst: boolean;
}

const idTemplate = "{guid}/password/{guid}";
const mostMisses = 20;

/** The credential's own end, or its start plus the relative end. */
export function endDateTime(inputs: Values, nowMs: number): string | undefined {
  if (typeof inputs.endDate === "string") return inputs.endDate;
  if (typeof inputs.endDateRelative !== "string") return undefined;
  const start = typeof inputs.startDate === "string" ? Date.parse(inputs.startDate) : nowMs;
  const end = new Date(start + (durationOf(inputs.endDateRelative) ?? 0));
  return end.toISOString().replace(/\.\d+Z$/, "Z");
}

function passwordOf(holder: Holder): Handler {
  const pathOf = (objectId: string) => `/${holder.collection}/${objectId}`;

  const find = async ({ graph }: Reading, objectId: string, keyId: string): Promise<Values | undefined> => {
    const object = await graph.find(`Retrieving ${holder.name} with object ID "${objectId}"`, {
      path: pathOf(objectId),
    });
    const credentials = isArray(object?.passwordCredentials) ? object.passwordCredentials : [];
    return credentials.filter((credential) => isObject(credential)).find((one) => one.keyId === keyId);
  };

  return {
    async create(operation, inputs, made) {
      const { graph, resource } = operation;
      const [objectId] = parseId(textOf(inputs[holder.input]), holder.inputTemplate);
      const what = `password for ${holder.name} with object ID "${objectId}"`;
      await operation.alone(objectId, async () => {
        if (holder.readsFirst)
          await graph.call(`Retrieving ${holder.name} with object ID "${objectId}"`, {
            method: "GET",
            path: pathOf(objectId),
          });
        const end = endDateTime(inputs, operation.nowMs());
        const passwordCredential: Values = {
          ...toGraph(resource.inputs, inputs),
          ...(end === undefined ? {} : { endDateTime: end }),
        };
        const credential = await graph.call(`Adding ${what}`, {
          method: "POST",
          path: `${pathOf(objectId)}/addPassword`,
          body: { passwordCredential },
        });
        const keyId = textOf(credential.keyId);
        made(`${objectId}/password/${keyId}`, { value: secret(textOf(credential.secretText)) });
        const isListed = async () => (await find(operation, objectId, keyId)) !== undefined;
        await waitUntil(graph, what, holder.gap, isListed, mostMisses);
      });
    },

    async read(operation, id, known) {
      const [objectId, keyId] = parseId(id, idTemplate);
      const credential = await find(operation, objectId, keyId);
      if (credential === undefined) return undefined;
      const { endDateRelative, rotateWhenChanged, value } = known;
      const kept = { endDateRelative, rotateWhenChanged };
      return {
        ...(Object.fromEntries(Object.entries(kept).filter(([, part]) => part !== undefined)) as Record<
          string,
          Value
        >),
        ...fromGraph(operation.resource.outputs, credential),
        [holder.input]: pathOf(objectId),
        value: typeof value === "string" ? secret(value) : (value ?? secret("")),
      };
    },

    async delete(operation, id) {
      const { graph } = operation;
      const [objectId, keyId] = parseId(id, idTemplate);
      const what = `password credential "${keyId}" from ${holder.name} with object ID "${objectId}"`;
      await operation.alone(objectId, async () => {
        await graph.call(`Removing ${what}`, {
          method: "POST",
          path: `${pathOf(objectId)}/removePassword`,
          body: { keyId },
        });
        await waitUntil(
          graph,
          `deletion of ${what}`,
          5,
          async () => (await find(operation, objectId, keyId)) === undefined,
        );
      });
    },
  };
}

export const applicationPassword = passwordOf({
  collection: "applications",
  name: "application",
  input: "applicationId",
  inputTemplate: applicationId,
  gap: 1,
  readsFirst: true,
});

export const servicePrincipalPassword = passwordOf({
  collection: "servicePrincipals",
  name: "service principal",
  input: "servicePrincipalId",
  inputTemplate: servicePrincipalId,
  gap: 5,
  readsFirst: false,
});

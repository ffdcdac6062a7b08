import { messageOf } from "../../error-message.ts";
import { PartialFailure } from "../../provider/partial-failure.ts";
import type { LiveResource } from "../../provider/provider.ts";
import { isObject, setAt, type Value, type Values, valueAt } from "../../provider/values.ts";
import { armError } from "../arm/arm-error.ts";
import type { ArmRequest } from "../arm/client.ts";
import { awaitOperation } from "../arm/long-running.ts";
import { resourceOutputs } from "../convert/outputs.ts";
import { addRemovedMembers } from "../convert/removed-members.ts";
import { requestBody } from "../convert/request-body.ts";
import { resourcePath } from "../schema/resource-path.ts";
import type { ResourceType } from "../schema/resource-type.ts";
import { asObject, type ResourceOperation, readBody, sendRead } from "./context.ts";

/** The place of an input on the wire; the input may lie inside an object. */
function wirePathOf(resource: ResourceType, inputPath: string): string {
  const [name = inputPath, ...rest] = inputPath.split(".");
  return [resource.inputs[name]?.wire ?? name, ...rest].join(".");
}

function hasNull(value: Value | undefined): boolean {
  if (value === null) return true;
  if (value === undefined || typeof value !== "object") return false;
  return Object.values(value).some((element) => hasNull(element));
}

/** @throws {Error} when something already has the id that the new resource would get */
async function assertAbsent(operation: ResourceOperation, id: string): Promise<void> {
  const response = await sendRead(operation, id);
  if (response.status === 404 || response.status === 204) return;
  if (response.status === 200) {
    const exists = isObject(response.body) && Object.keys(response.body).length > 0;
    if (!exists || operation.resource.entry.singletonBody !== undefined) return;
    throw new Error(`cannot create already existing resource '${id}'`);
  }
  throw new Error(
    `cannot check existence of resource '${id}': status code ${response.status}, ${response.text}`,
  );
}

/** Sends the body, waits for the operation's end and reads the resource back. */
async function write(
  operation: ResourceOperation,
  path: string,
  body: Record<string, Value>,
  inputs: Values,
  skipRead: boolean,
): Promise<LiveResource> {
  const { resource, client, signal } = operation;
  const { entry, types } = resource;
  const request: ArmRequest & { readonly method: "PUT" | "PATCH" } = {
    method: hasNull(body) ? "PATCH" : "PUT",
    url: path,
    query: { "api-version": entry.apiVersion },
    body,
  };
  const first = await client.send(request, signal);
  if (![200, 201, 202].includes(first.status)) {
    throw armError(first.status, first.headers.get("x-ms-error-code"), first.body, first.text);
  }
  let written: Values;
  try {
    const last =
      entry.longRunning.put || first.status === 202
        ? await awaitOperation(client, request, first, entry.apiVersion, signal)
        : first;
    written = asObject(last);
  } catch (cause) {
    const left = await readBody({ ...operation, signal: AbortSignal.timeout(30_000) }, path).catch(
      () => undefined,
    );
    if (left === undefined) throw cause;
    const id = typeof left.id === "string" ? left.id : path;
    throw new PartialFailure(
      signal.aborted ? signal.reason : cause,
      { id, outputs: resourceOutputs(entry, types, left) },
      inputs,
    );
  }
  const id = typeof written.id === "string" ? written.id : path;
  const live = skipRead ? undefined : await readBack(operation, id);
  return { id, outputs: resourceOutputs(entry, types, live ?? written) };
}

async function readBack(operation: ResourceOperation, id: string): Promise<Values | undefined> {
  try {
    return await readBody(operation, id);
  } catch (error) {
    operation.warn(`Failed to read resource after Update. ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * Creates a resource that must not exist yet.
 * @throws {ArmError} when resource manager refuses it
 * @throws {PartialFailure} when it exists, but its creation failed
 */
export async function createResource(
  operation: ResourceOperation,
  inputs: Values,
  skipRead: boolean,
): Promise<LiveResource> {
  const { entry, types } = operation.resource;
  const path = resourcePath(entry, inputs, operation.client.subscriptionId);
  await assertAbsent(operation, path);
  const body = requestBody(entry, types, inputs, path);
  for (const collection of entry.maintained) {
    const wire = wirePathOf(entry, collection);
    if (valueAt(body, wire) === undefined) setAt(body, wire, []);
  }
  return write(operation, path, body, inputs, skipRead);
}

/**
 * Updates a resource with all of its new inputs.
 * @throws {ArmError} when resource manager refuses it
 * @throws {PartialFailure} when the update was accepted and failed later
 */
export async function updateResource(
  operation: ResourceOperation,
  oldInputs: Values,
  newInputs: Values,
  skipRead: boolean,
): Promise<LiveResource> {
  const { entry, types } = operation.resource;
  const inputs: Record<string, Value> = { ...newInputs };
  for (const [name, value] of Object.entries(entry.defaultProperties)) {
    if (oldInputs[name] !== undefined && inputs[name] === undefined) inputs[name] = value as Value;
  }
  const path = resourcePath(entry, inputs, operation.client.subscriptionId);
  const body = requestBody(entry, types, inputs, path);
  addRemovedMembers(entry.inputs, types, oldInputs, inputs, body);
  const unset = entry.maintained.filter(
    (collection) => valueAt(body, wirePathOf(entry, collection)) === undefined,
  );
  if (unset.length > 0) {
    const live = await readBody(operation, path);
    for (const collection of unset) {
      const wire = wirePathOf(entry, collection);
      const value = valueAt(live, wire);
      if (value !== undefined && value !== null) setAt(body, wire, value);
    }
  }
  return write(operation, path, body, newInputs, skipRead);
}

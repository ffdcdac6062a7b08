import type { Checked, CheckRequest } from "../../provider/provider.ts";
import type { Values } from "../../provider/values.ts";
import type { Catalogued } from "../schema/catalog.ts";
import type { ResourceType } from "../schema/resource-type.ts";
import { autoname, createBeforeDelete } from "./autoname.ts";
import type { DefaultLocation } from "./default-location.ts";
import { validateInputs } from "./validate.ts";

/**
 * Completes the inputs of a resource with its name, location and API version, and validates them.
 * @returns the completed inputs and one sentence for each fault
 */
export async function checkInputs(
  { entry, types }: Catalogued<ResourceType>,
  request: CheckRequest,
  locations: DefaultLocation,
  signal: AbortSignal,
): Promise<Checked> {
  const { oldInputs, newInputs } = request;
  const name = autoname(entry, oldInputs, newInputs, request.logicalName, request.seed, request.autonaming);
  const location = await locations.find(entry, oldInputs, newInputs, signal);
  const inputs: Values = {
    ...newInputs,
    ...name,
    ...(location === undefined ? {} : { location }),
    azureApiVersion: entry.apiVersion,
  };
  const { [createBeforeDelete]: _, ...own } = inputs;
  return { inputs, failures: validateInputs(entry, types, own) };
}

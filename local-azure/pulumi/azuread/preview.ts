import { secret, UNKNOWN, type Value, type Values } from "../provider/values.ts";
import { equal } from "./diff.ts";
import type { ResourceType } from "./schema/resource-type.ts";

/** Outputs that follow from inputs: unknown as soon as those change. */
const derived: Readonly<Record<string, readonly string[]>> = {
  appRoles: ["appRoleIds"],
  api: ["oauth2PermissionScopeIds"],
};

/**
 * The outputs of a deployment that has not happened: inputs are as given, an absent one that the directory fills in and
 * every output that is no input is unknown.
 * @param old the outputs of the resource that is updated; what no input decides stays as it is
 */
export function previewOutputs(
  resource: ResourceType,
  inputs: Values,
  old?: { readonly inputs: Values; readonly outputs: Values },
): Values {
  const unsure = new Set(
    Object.entries(derived)
      .filter(([input]) => old !== undefined && !equal(old.inputs[input], inputs[input], true))
      .flatMap(([, outputs]) => outputs),
  );
  const outputs: Record<string, Value> = {};
  for (const [name, property] of Object.entries(resource.outputs)) {
    const input = resource.inputs[name];
    let value = inputs[name];
    if (value === undefined) {
      if (input !== undefined && input.computed !== true) continue;
      value = unsure.has(name) ? UNKNOWN : (old?.outputs[name] ?? UNKNOWN);
    }
    outputs[name] = property.secret === true ? secret(value) : value;
  }
  return outputs;
}

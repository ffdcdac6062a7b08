import { type AzureCloud, bearer } from "../connection/azure-cloud.ts";
import { pulumi } from "../connection/stack.ts";
import { resourceIdOf } from "../local-azure/pulumi/azure-native/resource-types/resource-id.ts";
import { findInDirectory } from "./directory-creates.ts";
import { DeploymentError } from "./failure.ts";
import {
  exportState,
  importState,
  type PendingOperation,
  type StackState,
  type StateResource,
} from "./stack-state.ts";

/** A create that was under way when an update was cut off, and what became of it. */
export interface PendingCreate {
  readonly resource: StateResource;
  /** The provider's id, when resource manager or the directory has the resource. */
  readonly foundAs: string | undefined;
}

/**
 * Finds out what became of every create among `operations`, by asking resource manager and Microsoft Graph. Components
 * exist in the state alone, so there is nothing to ask about them.
 *
 * @throws DeploymentError KC-RECOVER when they answer neither that it exists nor that it does not.
 */
export async function findPendingCreates(
  operations: readonly PendingOperation[],
  subscriptionId: string,
  cloud: AzureCloud,
): Promise<PendingCreate[]> {
  const found: PendingCreate[] = [];
  for (const { type, resource } of operations) {
    if (type !== "creating" || !resource.custom) continue;
    const foundAs = resource.type.startsWith("azuread:")
      ? await findInDirectory(resource, cloud)
      : await findInResourceManager(resource, subscriptionId, cloud);
    found.push({ resource, foundAs });
  }
  return found;
}

/**
 * Takes what exists into the state, clears the rest and reads every resource again, so that the next update begins from the
 * truth.
 *
 * `pulumi refresh --import-pending-creates` drops what it should import (seen with 3.250.0), so the state is written here.
 * A refresh fills in the outputs; the inputs that it derives from the service's defaults are put back to those of the
 * program, because the create had them all.
 */
export async function settlePendingOperations(
  stack: string,
  state: StackState,
  creates: readonly PendingCreate[],
): Promise<void> {
  const adopted = creates.flatMap(({ resource, foundAs }) =>
    foundAs === undefined ? [] : [{ ...resource, id: foundAs, outputs: {} }],
  );
  const resources = [...(state.deployment?.resources ?? []), ...adopted];
  await importState(stack, {
    ...state,
    deployment: { ...state.deployment, resources, pending_operations: [] },
  });
  await pulumi(["refresh", "--yes", "--skip-preview", "--stack", stack]);
  if (adopted.length === 0) return;
  const refreshed = await exportState(stack);
  const inputsOf = new Map(adopted.map(({ urn, inputs }) => [urn, inputs]));
  const restored = (refreshed.deployment?.resources ?? []).map((resource) => ({
    ...resource,
    inputs: inputsOf.get(resource.urn) ?? resource.inputs,
  }));
  await importState(stack, { ...refreshed, deployment: { ...refreshed.deployment, resources: restored } });
}

async function findInResourceManager(
  { type, inputs }: StateResource,
  subscriptionId: string,
  cloud: AzureCloud,
): Promise<string | undefined> {
  const place = resourceIdOf(type, inputs, subscriptionId);
  return place !== undefined && (await existsInAzure(place, cloud)) ? place.id : undefined;
}

async function existsInAzure(
  place: { readonly id: string; readonly apiVersion: string },
  cloud: AzureCloud,
): Promise<boolean> {
  const url = `${cloud.resourceManager.url}${place.id}?api-version=${place.apiVersion}`;
  const response = await fetch(url, { headers: { authorization: await bearer(cloud) } });
  const body = await response.text();
  if (response.ok) return true;
  if (response.status === 404) return false;
  throw new DeploymentError(
    "KC-RECOVER",
    `Resource manager answered ${response.status} for ${place.id}, so it is not known whether it exists: ${body}`,
    "Give the principal that deploys read access to it, or try again when resource manager answers.",
  );
}

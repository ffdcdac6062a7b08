import { z } from "zod";
import { type AzureCloud, bearer } from "../connection/azure-cloud.ts";
import { pulumi } from "../connection/stack.ts";
import { resourceIdOf } from "../local-azure/pulumi/azure-native/resource-types/resource-id.ts";
import { DeploymentError } from "./failure.ts";

const operationSchema = z.object({
  type: z.string(),
  resource: z.object({
    urn: z.string(),
    type: z.string(),
    inputs: z.record(z.string(), z.unknown()).default({}),
  }),
});
const exportSchema = z.object({
  deployment: z.object({ pending_operations: z.array(operationSchema).default([]) }).nullish(),
});

export type PendingOperation = z.infer<typeof operationSchema>;

/** A create that was under way when an update was cut off, and what became of it. */
export interface PendingCreate {
  readonly urn: string;
  /** The ARM id, when resource manager has the resource. */
  readonly foundAs: string | undefined;
}

/** The operations that an interrupted update left in the state of `stack`. */
export async function pendingOperations(stack: string): Promise<PendingOperation[]> {
  const { deployment } = exportSchema.parse(JSON.parse(await pulumi(["stack", "export", "--stack", stack])));
  return deployment?.pending_operations ?? [];
}

/**
 * Finds out what became of every create among `operations`, by asking resource manager.
 *
 * @throws DeploymentError KC-RECOVER when resource manager answers neither that it exists nor that it does not.
 */
export async function findPendingCreates(
  operations: readonly PendingOperation[],
  subscriptionId: string,
  cloud: AzureCloud,
): Promise<PendingCreate[]> {
  const found: PendingCreate[] = [];
  for (const { type, resource } of operations) {
    if (type !== "creating") continue;
    const place = resourceIdOf(resource.type, resource.inputs, subscriptionId);
    const exists = place !== undefined && (await existsInAzure(place, cloud));
    found.push({ urn: resource.urn, foundAs: exists ? place.id : undefined });
  }
  return found;
}

/**
 * Takes what exists into the state, clears the rest and reads every resource again, so that the next update begins
 * from the truth. Pulumi applies the imports before it clears (pkg/cmd/pulumi/operations/refresh.go).
 */
export async function settlePendingOperations(
  stack: string,
  creates: readonly PendingCreate[],
): Promise<void> {
  const imports = creates.flatMap(({ urn, foundAs }) => (foundAs === undefined ? [] : [urn, foundAs]));
  await pulumi([
    "refresh",
    "--yes",
    "--skip-preview",
    "--stack",
    stack,
    "--clear-pending-creates",
    ...imports.flatMap((value) => ["--import-pending-creates", value]),
  ]);
}

async function existsInAzure(place: { id: string; apiVersion: string }, cloud: AzureCloud): Promise<boolean> {
  const response = await fetch(`${cloud.resourceManager.url}${place.id}?api-version=${place.apiVersion}`, {
    headers: { authorization: await bearer(cloud) },
  });
  if (response.ok) return true;
  if (response.status === 404) return false;
  throw new DeploymentError(
    "KC-RECOVER",
    `Resource manager answered ${response.status} for ${place.id}, so it is not known whether it exists: ${await response.text()}`,
    "Give the principal that deploys read access to it, or try again when resource manager answers.",
  );
}

import type { CosmosClient } from "@azure/cosmos";
import { attempt, itemOperations, type Outcome, probeItem } from "../connection/data-plane-attempt.ts";
import type { StackOutputs } from "../infra/outputs/schema.ts";
import type { DataOperation } from "../rbac/cosmos/operations.ts";

type DeclaredContainer = StackOutputs["containers"][number];

const harmless = ["readItem", "queryItems", "replaceItem", "patchItem", "deleteItem"] as const;

/**
 * Tries each item operation on a container without leaving anything behind: what would change an item names one that does
 * not exist, so that an allowed request ends with 404. Creating and upserting are left out where they are expected to be
 * allowed and deleting is not; what they make is deleted again.
 *
 * @param expected whether the principal should be allowed an operation on this container.
 */
export async function tryOperations(
  client: CosmosClient,
  declared: DeclaredContainer,
  expected: (operation: DataOperation) => boolean,
): Promise<Outcome<DataOperation>[]> {
  const container = client.database(declared.database).container(declared.name);
  const works = itemOperations(container, probeItem("smoke", declared.partitionKey));
  const outcomes: Outcome<DataOperation>[] = [
    await attempt("readContainer", () => container.read(), { readsDefinition: true }),
  ];
  for (const operation of harmless) outcomes.push(await attempt(operation, works[operation]));
  for (const operation of ["createItem", "upsertItem"] as const) {
    if (expected(operation) && !expected("deleteItem")) continue;
    const outcome = await attempt(operation, works[operation]);
    outcomes.push(outcome);
    if (outcome.allowed) outcomes.push(await attempt("deleteItem", works.deleteItem));
  }
  return outcomes;
}

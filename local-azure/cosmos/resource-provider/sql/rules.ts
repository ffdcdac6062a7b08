import type { ArmCall } from "../../../arm/resource-provider.ts";
import { type ArmResource, resourceKey } from "../../../arm/resource-store.ts";
import { isServerless } from "../account/rules.ts";
import type { AccountSettings } from "../account/settings.ts";
import { badRequest } from "../errors.ts";
import type { CosmosServices } from "../services.ts";

/** What Cosmos DB says of a database or container that is not there. */
export const missing = "Resource Not Found. Learn more: https://aka.ms/cosmosdb-tsg-not-found";

/** Id of the account above a child's id or collection. */
export function ownerAccount(id: string): string {
  return id.split("/").slice(0, 9).join("/");
}

/**
 * Ids of databases and containers keep their case, ARM ids have none: two that differ in case only cannot both be.
 *
 * @throws ArmError 400 BadRequest.
 */
export function checkId(
  call: ArmCall,
  existing: ArmResource | undefined,
  bodyId: string,
  pathId: string,
): void {
  if (bodyId !== pathId) {
    throw badRequest(call, `The id '${bodyId}' in the body is not the name '${pathId}' in the path.`);
  }
  if (bodyId.length > 255 || bodyId.endsWith(" ")) {
    throw badRequest(call, "The id has 1 to 255 characters and may not end with a space.");
  }
  if (existing !== undefined && existing.name !== bodyId) {
    throw badRequest(
      call,
      `'${bodyId}' differs from the existing '${existing.name}' (${resourceKey(existing.id)}) in upper and lower case only.`,
    );
  }
}

/** @throws ArmError 400 BadRequest on a serverless account. */
export function refuseServerless(call: ArmCall, services: CosmosServices): void {
  if (!isServerlessAccount(call.id, services)) return;
  throw badRequest(
    call,
    "Setting offer throughput or autopilot on container is not supported for serverless accounts.",
  );
}

export function isServerlessAccount(id: string, { resources }: CosmosServices): boolean {
  const account = resources.get(ownerAccount(id));
  return account !== undefined && isServerless(account.properties as unknown as AccountSettings);
}

import { z } from "zod";
import type { AzureCloud } from "../connection/azure-cloud.ts";
import { askAzure, listAzure, ServiceRefusal } from "../connection/azure-request.ts";
import type { Fault } from "../infra/settings/faults.ts";
import type { WrittenObjectId } from "../infra/settings/object-ids.ts";

const objectSchema = z.object({
  "@odata.type": z.string(),
  displayName: z.string().nullish(),
  appId: z.string().nullish(),
});
type DirectoryObject = z.infer<typeof objectSchema>;

/** What the directory says of the object ids in the settings. */
export interface DirectoryFindings {
  readonly faults: readonly Fault[];
  /** A sentence each, about what could not be checked. */
  readonly warnings: readonly string[];
}

/**
 * Looks up the object ids of the settings in Microsoft Graph: an app registration's own id looks like any other, but
 * Cosmos DB refuses grants to it minutes later (`unsupported type : [Application]`), and a person's own id would hold
 * grants past every group. A directory that cannot be read, or does not know an id yet, is no reason not to deploy.
 */
export async function checkObjectIds(
  written: readonly WrittenObjectId[],
  connecting: Promise<AzureCloud>,
): Promise<DirectoryFindings> {
  const ids = [...new Set(written.map(({ id }) => id))];
  try {
    const cloud = await connecting;
    const objects = new Map(await Promise.all(ids.map(async (id) => [id, await find(cloud, id)] as const)));
    const unknown = ids.filter((id) => objects.get(id) === undefined);
    return {
      faults: (
        await Promise.all(written.map((entry) => faultsOf(entry, objects.get(entry.id), cloud)))
      ).flat(),
      warnings: unknown.map(
        (id) => `The directory knows no ${id} (yet): a grant to it waits a few minutes, then fails.`,
      ),
    };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return {
      faults: [],
      warnings: [`The object ids of the settings could not be checked in the directory: ${reason}`],
    };
  }
}

async function find(cloud: AzureCloud, id: string): Promise<DirectoryObject | undefined> {
  try {
    return objectSchema.parse(await askAzure(cloud, "graph", "GET", `/v1.0/directoryObjects/${id}`));
  } catch (error) {
    if (error instanceof ServiceRefusal && error.status === 404) return undefined;
    throw error;
  }
}

async function faultsOf(
  { path, use }: WrittenObjectId,
  object: DirectoryObject | undefined,
  cloud: AzureCloud,
): Promise<Fault[]> {
  if (object === undefined) return [];
  const name = object.displayName ?? "without a name";
  switch (object["@odata.type"]) {
    case "#microsoft.graph.application":
      return [
        {
          path,
          problem: `is the object id of the app registration "${name}", which is no principal`,
          fix: await principalInstead(cloud, object.appId ?? ""),
        },
      ];
    case "#microsoft.graph.group":
      if (use === "calling principal") {
        return [
          {
            path,
            problem: `is the group "${name}", and tokens name groups apart from who they are for`,
            fix: "write kind: group beside it",
          },
        ];
      }
      if (use === "owner") {
        return [
          { path, problem: `is the group "${name}", which owns nothing`, fix: "list its members instead" },
        ];
      }
      return [];
    case "#microsoft.graph.user":
      // Owners and members may be people; whoever holds grants or calls by themselves may not.
      if (use === "owner" || use === "member") return [];
      return [
        {
          path,
          problem: `is the person "${name}", and people hold grants by groups alone`,
          fix: "put them into a group under keyless-cosmos:groups, or in dev into keyless-cosmos:developers, and grant to that",
        },
      ];
    default:
      if (use !== "calling group") return [];
      return [{ path, problem: `is "${name}", which is no group`, fix: "remove kind" }];
  }
}

async function principalInstead(cloud: AzureCloud, appId: string): Promise<string> {
  const filter = encodeURIComponent(`appId eq '${appId}'`);
  const [principal] = await listAzure(
    cloud,
    "graph",
    `/v1.0/servicePrincipals?$filter=${filter}&$select=id`,
    z.object({ id: z.string() }),
  );
  return principal === undefined
    ? `it has no service principal yet: az ad sp create --id ${appId}, and write the object id that it answers`
    : `write ${principal.id}, the object id of its service principal`;
}

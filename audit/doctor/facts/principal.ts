import { z } from "zod";
import type { AzureCloud } from "../../../connection/azure-cloud.ts";
import { askAzure, listAzure } from "../../../connection/azure-request.ts";
import type { Seen } from "../check.ts";
import { look, unlessMissing } from "./look.ts";

const readDirectory =
  "Application.Read.All and User.Read.All in Microsoft Graph (Directory Readers has them)";

const timedSchema = z.object({
  displayName: z.string().nullish(),
  startDateTime: z.string(),
  endDateTime: z.string(),
});

const objectSchema = z.object({
  "@odata.type": z.string().nullish(),
  id: z.string(),
  displayName: z.string().nullish(),
  appId: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  servicePrincipalType: z.string().nullish(),
  passwordCredentials: z.array(timedSchema).nullish(),
  keyCredentials: z.array(timedSchema).nullish(),
});

const federatedSchema = z.object({
  name: z.string(),
  issuer: z.string(),
  subject: z.string().nullish(),
  audiences: z.array(z.string()),
});

type GraphObject = z.infer<typeof objectSchema>;

/** A secret or certificate, never its value. Times are ISO 8601. */
export interface TimedCredential {
  readonly kind: "secret" | "certificate";
  readonly name: string;
  readonly starts: string;
  readonly ends: string;
}

export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** How an application proves itself. */
export interface Credentials {
  readonly timed: readonly TimedCredential[];
  readonly federated: readonly FederatedCredential[];
}

/** A principal of the directory, or the app registration that was taken for one. */
export interface Principal {
  readonly kind: "servicePrincipal" | "managedIdentity" | "user" | "group" | "application";
  readonly objectId: string;
  readonly displayName: string;
  readonly enabled: boolean;
  /** Client id; applications and their service principals have one. */
  readonly clientId: string | undefined;
  /** Object id of the app registration, where it is in this tenant. */
  readonly applicationId: string | undefined;
  /** Object id of the service principal; undefined where the application has none. */
  readonly servicePrincipalId: string | undefined;
  /** Of an application's service principal alone. */
  readonly credentials: Seen<Credentials> | undefined;
}

/**
 * Finds what an id means: an object id first, then a client id, or a user principal name.
 *
 * @returns undefined when the directory has no such object.
 */
export function findPrincipal(cloud: AzureCloud, id: string): Promise<Seen<Principal | undefined>> {
  return look(readDirectory, async () => {
    if (id.includes("@")) return findUser(cloud, id);
    const object = await readObject(cloud, `/directoryObjects/${id}`);
    switch (object?.["@odata.type"]) {
      case "#microsoft.graph.application":
        return applicationOf(cloud, object, undefined);
      case "#microsoft.graph.servicePrincipal":
        return servicePrincipalOf(cloud, object);
      case "#microsoft.graph.user":
        return findUser(cloud, id);
      case "#microsoft.graph.group":
        return plain("group", object);
      default:
        return byClientId(cloud, id);
    }
  });
}

/**
 * Object ids of the groups that hold the principal, directly or through other groups
 * (https://learn.microsoft.com/graph/api/directoryobject-getmembergroups).
 */
export function findGroups(
  cloud: AzureCloud,
  { kind, objectId }: Principal,
): Promise<Seen<readonly string[]>> {
  const collection = kind === "user" ? "users" : kind === "group" ? "groups" : "servicePrincipals";
  return look("GroupMember.Read.All in Microsoft Graph (Directory Readers has it)", async () => {
    const answer = await askAzure(cloud, "graph", "POST", `/v1.0/${collection}/${objectId}/getMemberGroups`, {
      securityEnabledOnly: false,
    });
    return z.object({ value: z.array(z.string()) }).parse(answer).value;
  });
}

async function byClientId(cloud: AzureCloud, clientId: string): Promise<Principal | undefined> {
  const principal = await firstByClientId(cloud, "servicePrincipals", clientId);
  if (principal !== undefined) return servicePrincipalOf(cloud, principal);
  const application = await firstByClientId(cloud, "applications", clientId);
  return application === undefined ? undefined : applicationOf(cloud, application, clientId);
}

function readObject(cloud: AzureCloud, path: string): Promise<GraphObject | undefined> {
  return unlessMissing(async () => objectSchema.parse(await askAzure(cloud, "graph", "GET", `/v1.0${path}`)));
}

async function firstByClientId(
  cloud: AzureCloud,
  collection: "applications" | "servicePrincipals",
  clientId: string,
): Promise<GraphObject | undefined> {
  const filter = encodeURIComponent(`appId eq '${clientId}'`);
  const [first] = await listAzure(cloud, "graph", `/v1.0/${collection}?$filter=${filter}`, objectSchema);
  return first;
}

function plain(kind: Principal["kind"], object: GraphObject): Principal {
  return {
    kind,
    objectId: object.id,
    displayName: object.displayName ?? "",
    enabled: object.accountEnabled !== false,
    clientId: object.appId ?? undefined,
    applicationId: undefined,
    servicePrincipalId: undefined,
    credentials: undefined,
  };
}

/** Whether an account is enabled, Graph tells only to those who ask for it. */
async function findUser(cloud: AzureCloud, id: string): Promise<Principal | undefined> {
  const path = `/users/${encodeURIComponent(id)}?$select=id,displayName,accountEnabled`;
  const object = await readObject(cloud, path);
  return object === undefined ? undefined : plain("user", object);
}

/** @param askedBy the client id that led here: then the missing service principal is the point. */
async function applicationOf(
  cloud: AzureCloud,
  object: GraphObject,
  askedBy: string | undefined,
): Promise<Principal> {
  const principal =
    askedBy === undefined ? await firstByClientId(cloud, "servicePrincipals", object.appId ?? "") : undefined;
  return {
    ...plain("application", object),
    applicationId: object.id,
    servicePrincipalId: principal?.id,
  };
}

async function servicePrincipalOf(cloud: AzureCloud, found: GraphObject): Promise<Principal> {
  if (found.servicePrincipalType === "ManagedIdentity") {
    return { ...plain("managedIdentity", found), servicePrincipalId: found.id };
  }
  const application = await firstByClientId(cloud, "applications", found.appId ?? "");
  return {
    ...plain("servicePrincipal", found),
    applicationId: application?.id,
    servicePrincipalId: found.id,
    credentials: await look(readDirectory, async () => ({
      timed: [found, application].flatMap((holder) => (holder === undefined ? [] : timedOf(holder))),
      federated: application === undefined ? [] : await federatedOf(cloud, application.id),
    })),
  };
}

function timedOf({ passwordCredentials, keyCredentials }: GraphObject): TimedCredential[] {
  const read = (kind: TimedCredential["kind"], list: GraphObject["passwordCredentials"]) =>
    (list ?? []).map(({ displayName, startDateTime, endDateTime }) => ({
      kind,
      name: displayName ?? kind,
      starts: startDateTime,
      ends: endDateTime,
    }));
  return [...read("secret", passwordCredentials), ...read("certificate", keyCredentials)];
}

async function federatedOf(cloud: AzureCloud, applicationId: string): Promise<FederatedCredential[]> {
  const path = `/v1.0/applications/${applicationId}/federatedIdentityCredentials`;
  const found = await listAzure(cloud, "graph", path, federatedSchema);
  return found.map(({ name, issuer, subject, audiences }) => ({
    name,
    issuer,
    subject: subject ?? "",
    audiences,
  }));
}

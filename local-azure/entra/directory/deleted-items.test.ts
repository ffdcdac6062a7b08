import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openTestPlatform, type TestPlatform } from "../../testing/test-platform.ts";
import { type Directory, DirectoryError, type DirectoryObject, openDirectory } from "../directory.ts";

let context: TestPlatform;
let directory: Directory;

beforeEach(async () => {
  context = await openTestPlatform();
  directory = openDirectory(context.platform);
});
afterEach(() => context.close());

function shop() {
  const application = directory.create({ type: "application", displayName: "shop" });
  const { appId = "" } = application;
  const principal = directory.create({ type: "servicePrincipal", displayName: "shop", appId });
  return { application, principal, appId };
}

/** Gives each of the two everything that can refer to a directory object. */
function relate(one: DirectoryObject, other: DirectoryObject) {
  const audiences = ["api://AzureADTokenExchange"];
  for (const [holder, peer] of [
    [one.id, other.id],
    [other.id, one.id],
  ] as const) {
    directory.passwords.add(holder);
    directory.keyCredentials.replace(holder, [
      {
        keyId: context.platform.ids.uuid(),
        displayName: null,
        type: "AsymmetricX509Cert",
        usage: "Verify",
        customKeyIdentifier: null,
        startDateTime: "2026-11-20T08:00:00Z",
        endDateTime: "2027-11-20T08:00:00Z",
        certificate: Buffer.alloc(1),
      },
    ]);
    directory.federatedCredentials.add(holder, {
      name: "n",
      issuer: "https://i",
      subject: "s",
      audiences,
      description: null,
    });
    directory.memberships.add(holder, peer);
    directory.owners.add(holder, peer);
    directory.appRoleAssignments.add({ appRoleId: "r", principalId: holder, resourceId: peer });
    directory.permissionGrants.add({
      clientId: holder,
      consentType: "Principal",
      principalId: peer,
      resourceId: holder,
      scope: "s",
    });
  }
}

/** Every row of the directory's tables that names the object, as text. */
function rowsNaming(objectId: string): string[] {
  const { database } = context.platform.store;
  return database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'directory_%'")
    .all()
    .filter(({ name }) => !String(name).endsWith("_objects"))
    .flatMap(({ name }) => database.prepare(`SELECT * FROM ${name}`).all())
    .flatMap((row) => Object.values(row).filter((value) => String(value).includes(objectId)))
    .map(String);
}

test("hold an application with its service principal, and bring both back with all that they had", () => {
  const { application, principal, appId } = shop();
  const other = shop();
  relate(principal, other.principal);
  relate(application, other.application);
  const before = [application.id, principal.id].map(rowsNaming);

  directory.delete(application.id);
  expect(directory.findServicePrincipalByAppId(appId)).toBeUndefined();
  for (const id of [application.id, principal.id]) {
    expect(rowsNaming(id).every((value) => value === `deleted/${id}`)).toBe(true);
    expect(directory.passwords.of(id)).toEqual([]);
  }
  const { memberships, owners, appRoleAssignments, permissionGrants } = directory;
  expect(memberships.membersOf(other.application.id)).toEqual([]);
  expect(owners.of(other.principal.id)).toEqual([]);
  expect(appRoleAssignments.ofPrincipal(other.principal.id)).toEqual([]);
  expect(permissionGrants.ofClient(principal.id)).toEqual([]);
  const deletedDateTime = "2026-11-20T08:00:00.000Z";
  expect(directory.deletedItems.list("application")).toEqual([{ ...application, deletedDateTime }]);
  expect(directory.deletedItems.find(principal.id.toUpperCase())).toEqual({ ...principal, deletedDateTime });

  expect(directory.deletedItems.restore(application.id)).toEqual(application);
  expect(directory.find(principal.id)).toEqual(principal);
  expect([application.id, principal.id].map(rowsNaming)).toEqual(before);
  expect(directory.deletedItems.list("servicePrincipal")).toEqual([]);
});

test("forget an object for good when they are asked to, and after 30 days", () => {
  const { application, principal } = shop();
  const other = shop();
  relate(application, other.application);
  directory.delete(application.id);
  expect(directory.deletedItems.remove(application.id)).toBe(true);
  expect(directory.deletedItems.find(principal.id)).toBeUndefined();
  expect(rowsNaming(application.id)).toEqual([]);

  directory.delete(other.application.id);
  context.clock.advance(30 * 86_400_000 - 1);
  expect(directory.deletedItems.find(other.application.id)).toBeDefined();
  context.clock.advance(1);
  expect(directory.deletedItems.list("application")).toEqual([]);
  expect(rowsNaming(other.application.id)).toEqual([]);
  expect(directory.deletedItems.remove(other.application.id)).toBe(false);
});

test("give a service principal back only where its application stands without one", () => {
  const { application, principal, appId } = shop();
  const restore = () => directory.deletedItems.restore(principal.id);
  expect(restore).toThrow(new DirectoryError("notFound", `No deleted object has the id ${principal.id}.`));
  directory.delete(principal.id);
  const successor = directory.create({ type: "servicePrincipal", displayName: "shop", appId });
  expect(restore).toThrow(
    new DirectoryError("conflict", `Application ${appId} has a service principal already.`),
  );
  directory.delete(application.id);
  expect(restore).toThrow(
    new DirectoryError("noApplication", `No application has the application id ${appId}.`),
  );
  directory.deletedItems.remove(successor.id);
  directory.deletedItems.restore(application.id);
  expect(directory.findServicePrincipalByAppId(appId)?.id).toBe(principal.id);
});

test("do not keep users, groups and managed identities", () => {
  const group = directory.create({ type: "group", displayName: "readers" });
  const identity = directory.createManagedIdentity("/subscriptions/s/x/y", "y");
  directory.delete(group.id);
  directory.deleteManagedIdentity(identity.principalId);
  expect([group.id, identity.principalId].map(directory.deletedItems.find)).toEqual([undefined, undefined]);
});

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openTestPlatform, type TestPlatform } from "../../testing/test-platform.ts";
import { type Directory, DirectoryError, openDirectory } from "../directory.ts";

let context: TestPlatform;
let directory: Directory;

beforeEach(async () => {
  context = await openTestPlatform();
  directory = openDirectory(context.platform);
});
afterEach(() => context.close());

const [one, two, three] = ["A1", "B2", "C3"] as const;
const noRole = "00000000-0000-0000-0000-000000000000";

test("owners are added and removed once, without case", () => {
  const { owners } = directory;
  expect([owners.add(one, two), owners.add("a1", "b2"), owners.add(one, three)]).toEqual([true, false, true]);
  expect(owners.of("A1")).toEqual(["b2", "c3"]);
  expect([owners.remove("a1", "B2"), owners.remove(one, two)]).toEqual([true, false]);
  owners.removeAll("C3");
  expect(owners.of(one)).toEqual([]);
});

test("certificates keep their order, and are replaced together", () => {
  const { keyCredentials } = directory;
  const key = (keyId: string) => ({
    keyId,
    displayName: null,
    type: "AsymmetricX509Cert" as const,
    usage: "Verify" as const,
    customKeyIdentifier: null,
    startDateTime: "2026-11-20T08:00:00Z",
    endDateTime: "2027-11-20T08:00:00Z",
    certificate: Buffer.from(keyId),
  });
  const createdDateTime = "2026-11-20T08:00:00.000Z";
  keyCredentials.replace(one, [key("z"), key("a")]);
  expect(keyCredentials.of("a1")).toEqual([
    { ...key("z"), createdDateTime },
    { ...key("a"), createdDateTime },
  ]);
  context.clock.advance(1);
  keyCredentials.replace("a1", [key("a"), key("b")]);
  expect(keyCredentials.of(one)).toEqual([
    { ...key("a"), createdDateTime },
    { ...key("b"), createdDateTime: "2026-11-20T08:00:00.001Z" },
  ]);
  keyCredentials.removeAll(one);
  expect(keyCredentials.of(one)).toEqual([]);
});

test("an app role is assigned to a principal once, and found from both sides", () => {
  const { appRoleAssignments } = directory;
  const given = { appRoleId: noRole, principalId: one, resourceId: two };
  const made = appRoleAssignments.add(given);
  expect(made).toEqual({
    id: expect.stringMatching(/^[\w-]{43}$/),
    appRoleId: noRole,
    principalId: "a1",
    resourceId: "b2",
    createdDateTime: "2026-11-20T08:00:00.000Z",
  });
  expect(() => appRoleAssignments.add({ ...given, principalId: "a1" })).toThrow(
    new DirectoryError("conflict", "Permission being assigned already exists on the object"),
  );
  context.clock.advance(1);
  const other = appRoleAssignments.add({ ...given, principalId: three });
  expect(appRoleAssignments.toResource("B2")).toEqual([made, other]);
  expect(appRoleAssignments.ofPrincipal(one)).toEqual([made]);
  expect(appRoleAssignments.find(other.id)).toEqual(other);
  expect([appRoleAssignments.remove(other.id), appRoleAssignments.remove(other.id)]).toEqual([true, false]);
  appRoleAssignments.removeAll(two);
  expect(appRoleAssignments.ofPrincipal(one)).toEqual([]);
});

test("a client has one delegated grant for all, and one for each user, of a resource", () => {
  const { permissionGrants } = directory;
  const all = {
    clientId: one,
    consentType: "AllPrincipals",
    principalId: null,
    resourceId: two,
    scope: "read",
  };
  const grant = permissionGrants.add({ ...all, consentType: "AllPrincipals" });
  expect(grant).toMatchObject({ clientId: "a1", principalId: null, resourceId: "b2", scope: "read" });
  const own = permissionGrants.add({ ...all, consentType: "Principal", principalId: three });
  for (const principalId of [null, "c3"]) {
    expect(() => permissionGrants.add({ ...all, consentType: "Principal", principalId })).toThrow(
      new DirectoryError("conflict", "Permission entry already exists."),
    );
  }
  expect(permissionGrants.update(grant.id, { scope: "read write" }).scope).toBe("read write");
  expect(permissionGrants.ofClient("A1").map(({ id }) => id)).toEqual([grant.id, own.id].sort());
  permissionGrants.removeAll(three);
  expect(permissionGrants.list().map(({ id }) => id)).toEqual([grant.id]);
  expect([permissionGrants.remove(grant.id), permissionGrants.remove(grant.id)]).toEqual([true, false]);
  expect(() => permissionGrants.update(grant.id, { scope: "" })).toThrow(
    new DirectoryError("notFound", `Permission grant ${grant.id} does not exist.`),
  );
});

describe("people", () => {
  const kim = { type: "user", displayName: "Kim", properties: { userPrincipalName: "Kim@local" } } as const;

  test("are found by their name without case, and share it with nobody", () => {
    const user = directory.create(kim);
    expect(directory.findUser("kim@LOCAL")).toEqual(user);
    expect(directory.findUser("sam@local")).toBeUndefined();
    const taken = new DirectoryError(
      "conflict",
      "Another object with the same value for property userPrincipalName already exists.",
    );
    expect(() => directory.create({ ...kim, properties: { userPrincipalName: "kim@local" } })).toThrow(taken);
    const sam = directory.create({ ...kim, properties: { userPrincipalName: "sam@local" } });
    expect(() => directory.update(sam.id, { properties: kim.properties })).toThrow(taken);
    expect(directory.update(user.id, { properties: kim.properties })).toEqual(user);
  });

  test("have one password, whose text is not kept", () => {
    const { userPasswords } = directory;
    const user = directory.create(kim);
    expect(userPasswords.check(user.id, "")).toBe(false);
    userPasswords.set(user.id, "first");
    userPasswords.set(user.id.toUpperCase(), "second");
    expect([userPasswords.check(user.id, "first"), userPasswords.check(user.id, "second")]).toEqual([
      false,
      true,
    ]);
    directory.delete(user.id);
    expect(userPasswords.check(user.id, "second")).toBe(false);
    expect(directory.findUser("kim@local")).toBeUndefined();
  });
});

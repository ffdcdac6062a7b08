import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { firstParty } from "../../entra/first-party.ts";
import { type Body, type GraphTest, missing, refusal, startGraphTest } from "../../testing/test-graph.ts";
import { shownUserProperties } from "./representation.ts";

let graph: GraphTest;
beforeAll(async () => {
  graph = await startGraphTest();
});
afterAll(() => graph.cloud.stop());

const kim = (name: string, change: Body = {}): Body => ({
  accountEnabled: true,
  displayName: "Kim",
  mailNickname: name,
  passwordProfile: { forceChangePasswordNextSignIn: false, password: "Correct-horse-7" },
  userPrincipalName: `${name}@local-azure.example`,
  ...change,
});

async function refused(method: string, path: string, body: Body) {
  const answer = await graph.call(method, path, body);
  return [answer.status, (answer.body.error as Body).message];
}

describe("a person", () => {
  test("is made with a password, which works and is shown to nobody", async () => {
    const created = await graph.created("/v1.0/users", kim("kim"));
    const { userPasswords } = graph.cloud.entra.directory;
    expect(userPasswords.check(String(created.id), "Correct-horse-7")).toBe(true);
    expect(created.passwordProfile).toBeNull();
    const { body: basic } = await graph.call("GET", `/v1.0/users/${created.id}`);
    const { "@odata.context": _, ...shown } = basic;
    expect(Object.keys(shown).sort()).toEqual([...shownUserProperties].sort());
    const { body: all } = await graph.call("GET", `/beta/users/${created.id}`);
    expect(all).toMatchObject({ accountEnabled: true, mailNickname: "kim", userType: "Member" });
    expect(JSON.stringify(all)).not.toContain("Correct-horse-7");
  });

  test("is changed: properties are cleared by null, a new password replaces the old one", async () => {
    const { id } = await graph.created("/v1.0/users", kim("changing", { jobTitle: "Analyst" }));
    const path = `/v1.0/users/changing@local-azure.example`;
    const change = {
      id,
      jobTitle: null,
      accountEnabled: false,
      passwordProfile: { password: "Another-horse-8" },
    };
    expect((await graph.call("PATCH", path, change)).status).toBe(204);
    const { body } = await graph.call("GET", `${path}?$select=jobTitle,accountEnabled`);
    expect(body).toMatchObject({ jobTitle: null, accountEnabled: false });
    const { userPasswords } = graph.cloud.entra.directory;
    expect(userPasswords.check(String(id), "Correct-horse-7")).toBe(false);
    expect(userPasswords.check(String(id), "Another-horse-8")).toBe(true);
  });

  test.each(["User.ReadWrite.All", "Directory.ReadWrite.All"])(
    "gets no password from an application with %s, which may change the rest",
    async (role) => {
      const { directory } = graph.cloud.entra;
      const writer = graph.cloud.application("writer");
      directory.appRoleAssignments.add({
        appRoleId: firstParty.graph.appRoles.find(({ value }) => value === role)?.id ?? "",
        principalId: writer.principalId,
        resourceId: directory.findServicePrincipalByAppId(firstParty.graph.appId)?.id ?? "",
      });
      const authorization = `Bearer ${await graph.tokenOf(writer)}`;
      const { id, username, password } = graph.cloud.person(`target-${role.slice(0, 4).toLowerCase()}`);
      const change = { jobTitle: "Analyst", passwordProfile: { password: "Another-horse-8" } };
      const answer = await graph.call("PATCH", `/v1.0/users/${username}`, change, authorization);
      expect({ status: answer.status, error: answer.body.error }).toEqual(
        refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
      );
      expect(directory.userPasswords.check(id, password)).toBe(true);
      expect(directory.find(id)?.properties.jobTitle).toBeUndefined();
      const titled = { jobTitle: "Analyst" };
      expect((await graph.call("PATCH", `/v1.0/users/${id}`, titled, authorization)).status).toBe(204);
      expect((await graph.call("PATCH", `/v1.0/users/${id}`, change)).status).toBe(204);
      expect(directory.userPasswords.check(id, "Another-horse-8")).toBe(true);
    },
  );

  test("is deleted with their password, memberships and roles", async () => {
    const { id } = await graph.created("/v1.0/users", kim("leaving"));
    const { directory } = graph.cloud.entra;
    const group = directory.create({ type: "group", displayName: "analysts" });
    directory.memberships.add(group.id, String(id));
    expect((await graph.call("DELETE", `/v1.0/users/${id}`)).status).toBe(204);
    expect(directory.memberships.membersOf(group.id)).toEqual([]);
    expect(await refused("PATCH", `/v1.0/users/${id}`, {})).toEqual([404, missing(id)]);
  });
});

const complexity =
  "The specified password does not comply with password complexity requirements. Please provide a different password.";
test.each<[string, Body, string]>([
  ["no password", { passwordProfile: undefined }, "A password must be specified to create a new user."],
  ["a short password", { passwordProfile: { password: "Aa1-" } }, complexity],
  ["a plain password", { passwordProfile: { password: "correcthorse" } }, complexity],
  ["a long password", { passwordProfile: { password: `Aa1${"x".repeat(300)}` } }, complexity],
  [
    "a password that must be changed first",
    { passwordProfile: { password: "Correct-horse-7", forceChangePasswordNextSignIn: true } },
    "The property 'forceChangePasswordNextSignIn' of the type 'PasswordProfile' must be left out or empty: the local Graph has nothing of this kind.",
  ],
  [
    "another domain",
    { userPrincipalName: "kim@contoso.com" },
    "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
  ],
  [
    "no name before the domain",
    { userPrincipalName: "@local-azure.example" },
    "Property userPrincipalName is invalid.",
  ],
  [
    "a name with a space",
    { userPrincipalName: "k m@local-azure.example" },
    "Property userPrincipalName is invalid.",
  ],
  [
    "a taken name",
    { userPrincipalName: "TAKEN@local-azure.example" },
    "Another object with the same value for property userPrincipalName already exists.",
  ],
  ["no display name", { displayName: "" }, "The property 'displayName' of the type 'User' is required."],
  [
    "a display name that is too long",
    { displayName: "x".repeat(257) },
    "The property 'displayName' of the type 'User' must be at most 256 characters long.",
  ],
  [
    "no state",
    { accountEnabled: undefined },
    "The property 'accountEnabled' of the type 'User' is required.",
  ],
  [
    "an invented property",
    { isDirectoryAdministrator: true },
    "The property 'isDirectoryAdministrator' of the type 'User' is not supported by the local Graph, or is read-only.",
  ],
  ["a guest", { userType: "Guest" }, "The property 'userType' of the type 'User' must be one of Member."],
])("of %s is refused", async (_, change, message) => {
  await graph.call("POST", "/v1.0/users", kim("taken"));
  expect(await refused("POST", "/v1.0/users", kim("refused", change))).toEqual([400, message]);
});

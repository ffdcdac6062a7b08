import { expect, test } from "@jest/globals";
import { UNKNOWN, type Values } from "../provider/values.ts";
import { diffInputs } from "./diff.ts";
import { previewOutputs } from "./preview.ts";
import { resourceType } from "./schema/catalog.ts";

const application = resourceType("azuread:index/application:Application");
const password = resourceType("azuread:index/applicationPassword:ApplicationPassword");

function diff(resource: typeof application, before: Values, after: Values) {
  const { detailed, changes, replaces, deleteBeforeReplace } = diffInputs(
    resource,
    { inputs: before, outputs: {} },
    after,
  );
  expect(deleteBeforeReplace).toBe(false);
  return { detailed: Object.fromEntries(detailed), changes, replaces };
}
const none = { detailed: {}, changes: [], replaces: [] };
const update = { change: "update", replaces: false };

test.each<[string, Values, Values]>([
  ["the order of a set", { tags: ["a", "b"] }, { tags: ["b", "a"] }],
  ["an absent value and its default", {}, { signInAudience: "AzureADMyOrg", preventDuplicateNames: false }],
  ["an absent value and an empty one", { description: "", identifierUris: [] }, {}],
  ["a block of empty values and none", { web: { redirectUris: [], implicitGrant: {} } }, {}],
  ["a value that the directory fills in", { tags: ["a"] }, {}],
])("%s are the same", (_, before, after) => {
  expect(diff(application, before, after)).toEqual(none);
});

test("changes are told with their path; order counts where it does", () => {
  expect(
    diff(
      application,
      { displayName: "a", web: { homepageUrl: "https://a" }, description: "x" },
      { displayName: "b", web: { homepageUrl: "https://b" }, notes: "y" },
    ),
  ).toEqual({
    detailed: {
      description: { change: "delete", replaces: false },
      displayName: update,
      notes: { change: "add", replaces: false },
      "web.homepageUrl": update,
    },
    changes: ["description", "displayName", "notes", "web"],
    replaces: [],
  });
});

test("any change of a password makes a new one", () => {
  const before = { applicationId: "/applications/a", displayName: "one", rotateWhenChanged: { at: "1" } };
  expect(diff(password, before, { ...before, rotateWhenChanged: { at: "2" } }).replaces).toEqual([
    "rotateWhenChanged",
  ]);
  expect(diff(password, before, { ...before, applicationId: UNKNOWN }).replaces).toEqual(["applicationId"]);
});

test("a preview knows inputs, and of an update what no input decides", () => {
  expect(previewOutputs(password, { applicationId: "/applications/a", displayName: "n" })).toEqual({
    applicationId: "/applications/a",
    displayName: "n",
    endDate: UNKNOWN,
    keyId: UNKNOWN,
    startDate: UNKNOWN,
    value: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: UNKNOWN },
  });
  const state = {
    inputs: { displayName: "a", appRoles: [] },
    outputs: { objectId: "o", appRoleIds: {}, oauth2PermissionScopeIds: {}, tags: ["t"], description: "d" },
  };
  const preview = previewOutputs(application, { displayName: "b", appRoles: [{ id: "r" }] }, state);
  expect(preview).toMatchObject({
    displayName: "b",
    objectId: "o",
    appRoleIds: UNKNOWN,
    oauth2PermissionScopeIds: {},
    tags: ["t"],
  });
  expect(preview).not.toHaveProperty("description");
});

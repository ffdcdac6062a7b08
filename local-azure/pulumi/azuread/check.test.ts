import { describe, expect, test } from "@jest/globals";
import { UNKNOWN, type Values } from "../provider/values.ts";
import { checkInputs } from "./check.ts";
import { resourceType } from "./schema/catalog.ts";

const guid = "aaaaaaaa-0000-4000-8000-000000000001";
const other = "aaaaaaaa-0000-4000-8000-000000000002";

function check(file: string, inputs: Values) {
  const type = `azuread:index/${file}:${file.charAt(0).toUpperCase()}${file.slice(1)}`;
  return checkInputs(resourceType(type), inputs, "it");
}

test("defaults are added, inside given blocks too and nowhere else", () => {
  const role = { id: guid, allowedMemberTypes: ["User"], description: "d", displayName: "n" };
  expect(check("application", { displayName: "a", api: {}, appRoles: [role] })).toEqual({
    failures: [],
    inputs: {
      displayName: "a",
      api: { mappedClaimsEnabled: false, requestedAccessTokenVersion: 1 },
      appRoles: [{ ...role, enabled: true }],
      deviceOnlyAuthEnabled: false,
      fallbackPublicClientEnabled: false,
      oauth2PostResponseRequired: false,
      preventDuplicateNames: false,
      signInAudience: "AzureADMyOrg",
    },
  });
});

describe("every fault is told, with its place", () => {
  test.each<[string, string, Values, string[]]>([
    [
      "several at once",
      "application",
      { signInAudience: "Everybody", owners: ["me"], nickname: "x" },
      [
        "Invalid or unknown key. Examine values at 'it.nickname'.",
        "Missing required argument. Examine values at 'it.displayName'.",
        "Value must be a valid UUID, got \"me\". Examine values at 'it.owners[0]'.",
        'expected one of ["AzureADMyOrg","AzureADMultipleOrgs","AzureADandPersonalMicrosoftAccount","PersonalMicrosoftAccount"], ' +
          "got \"Everybody\". Examine values at 'it.signInAudience'.",
      ],
    ],
    [
      "a wrong kind",
      "application",
      { displayName: "a", tags: "one" },
      ["Expected a list, got a string. Examine values at 'it.tags'."],
    ],
    [
      "two of which only one may be",
      "application",
      { displayName: "a", tags: ["x"], featureTags: [{ hide: true }] },
      [
        "Conflicting configuration arguments: \"featureTags\": conflicts with tags. Examine values at 'it.featureTags'.",
      ],
    ],
    [
      "the client id where the resource id belongs",
      "applicationPassword",
      { applicationId: guid, endDateRelative: "two years" },
      [
        `Value must be the resource ID of an application, /applications/<object id> (its \`id\`, not its \`clientId\`), got "${guid}". ` +
          "Examine values at 'it.applicationId'.",
      ],
    ],
    [
      "no duration",
      "applicationPassword",
      { applicationId: `/applications/${guid}`, endDateRelative: "two years" },
      ["Unable to parse \"two years\" as a duration. Examine values at 'it.endDateRelative'."],
    ],
    [
      "two audiences",
      "applicationFederatedIdentityCredential",
      {
        applicationId: `/applications/${guid}`,
        displayName: "n",
        issuer: "https://i",
        subject: "s",
        audiences: ["a", "b"],
      },
      ["Exactly one audience must be given, got 2. Examine values at 'it.audiences'."],
    ],
    [
      "what the local cloud has not",
      "group",
      { displayName: "g", securityEnabled: true, administrativeUnitIds: [] },
      [
        "The local azuread plugin does not support this: the local cloud has no administrative units. " +
          "Examine values at 'it.administrativeUnitIds'.",
      ],
    ],
    [
      "a group that is nothing",
      "group",
      { displayName: "g" },
      [
        "At least one of mailEnabled or securityEnabled must be true. Examine values at 'it.securityEnabled'.",
      ],
    ],
    [
      "a personal audience with old tokens",
      "application",
      { displayName: "a", signInAudience: "PersonalMicrosoftAccount" },
      [
        'requestedAccessTokenVersion must be 2 when signInAudience is "PersonalMicrosoftAccount". ' +
          "Examine values at 'it.api.requestedAccessTokenVersion'.",
      ],
    ],
  ])("%s", (_, file, inputs, failures) => {
    expect(check(file, inputs).failures).toEqual(failures);
  });

  test.each([
    ["duplicate ID", { id: guid, value: "Write" }, `validation failed: duplicate ID found: "${guid}"`],
    ["duplicate value", { id: other, value: "Read" }, 'validation failed: duplicate value found: "Read"'],
  ])("%s of app roles", (_, second, reason) => {
    const role = { allowedMemberTypes: ["User"], description: "d", displayName: "n" };
    const appRoles = [
      { ...role, id: guid, value: "Read" },
      { ...role, ...second },
    ];
    expect(check("application", { displayName: "a", appRoles }).failures).toEqual([
      `${reason}. Examine values at 'it.appRoles'.`,
    ]);
  });
});

test("what is not known yet is no fault", () => {
  const inputs = { groupObjectId: UNKNOWN, memberObjectId: UNKNOWN };
  expect(check("groupMember", inputs)).toEqual({ inputs, failures: [] });
  expect(check("group", { displayName: UNKNOWN, securityEnabled: UNKNOWN }).failures).toEqual([]);
});

test("a type that the plugin has not is refused with those it has", () => {
  expect(() => resourceType("azuread:index/user:User")).toThrow(
    "the local azuread plugin does not know the resource type 'azuread:index/user:User'. It knows " +
      "azuread:index/application:Application, azuread:index/applicationPassword:ApplicationPassword,",
  );
});

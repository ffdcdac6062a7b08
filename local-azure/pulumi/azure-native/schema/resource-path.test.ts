import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { allResourceTypes, resourceType } from "./catalog.ts";
import { parseResourceId, resourcePath } from "./resource-path.ts";

const subscription = "22222222-2222-4222-8222-222222222222";

describe("resourcePath and parseResourceId", () => {
  test("a path parameter that is a whole resource id keeps its slashes", () => {
    const { entry } = resourceType("azure-native:authorization:RoleAssignment");
    const scope = `/subscriptions/${subscription}/resourceGroups/rg`;
    const inputs = { scope, roleAssignmentName: "5f7f2c5e-0000-4000-8000-000000000001" };
    const path = resourcePath(entry, inputs, subscription);
    expect(path).toBe(
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${inputs.roleAssignmentName}`,
    );
    expect(parseResourceId(path, entry)).toEqual({
      scope: scope.slice(1),
      roleAssignmentName: inputs.roleAssignmentName,
    });
  });

  test("letter case of an id does not matter", () => {
    const { entry } = resourceType("azure-native:resources:ResourceGroup");
    expect(parseResourceId(`/SUBSCRIPTIONS/${subscription}/ResourceGroups/My-Rg`, entry)).toEqual({
      subscriptionId: subscription,
      resourceGroupName: "My-Rg",
    });
  });

  test("an id of another type is refused", () => {
    const { entry } = resourceType("azure-native:resources:ResourceGroup");
    expect(() => parseResourceId("/subscriptions/x/providers/Microsoft.Web", entry)).toThrow(
      "failed to parse '/subscriptions/x/providers/Microsoft.Web' against the path " +
        "'/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}'",
    );
  });

  test("a missing parameter is named", () => {
    const { entry } = resourceType("azure-native:cosmosdb:DatabaseAccount");
    expect(() => resourcePath(entry, { resourceGroupName: "rg" }, subscription)).toThrow(
      "missing value for path parameter 'accountName'",
    );
  });

  test("what was filled into the path of any type is read out of it again", () => {
    const name = fc.stringMatching(/^[a-z0-9 ()_.%é-]{1,20}$/);
    fc.assert(
      fc.property(fc.constantFrom(...allResourceTypes()), fc.infiniteStream(name), ({ entry }, names) => {
        const inputs: Record<string, string> = {};
        for (const [parameter, property] of Object.entries(entry.inputs)) {
          if (property.inPath !== true) continue;
          const isId = parameter === "scope" || parameter === "resourceUri";
          inputs[parameter] = isId ? `subscriptions/${subscription}` : names.next().value;
        }
        const { subscriptionId: _, ...parsed } = parseResourceId(
          resourcePath(entry, inputs, subscription),
          entry,
        );
        expect(parsed).toEqual(inputs);
      }),
    );
  });
});

test("a type without a table is refused with those of its module", () => {
  expect(() => resourceType("azure-native:managedidentity:Nothing")).toThrow(
    "the local azure-native plugin does not know the resource type 'azure-native:managedidentity:Nothing'. " +
      "Known in the same module: azure-native:managedidentity:UserAssignedIdentity, " +
      "azure-native:managedidentity:FederatedIdentityCredential. " +
      "Use the official plugin for others: local-azure exec --plugins official",
  );
  expect(() => resourceType("azure-native:../facts:X")).toThrow("Known in the same module: none");
});

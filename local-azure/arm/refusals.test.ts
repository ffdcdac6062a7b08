import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { cosmosApiVersions } from "../cosmos/resource-provider/types.ts";
import { locationNames } from "./locations.ts";
import { resourceManagerApiVersions } from "./resources/api-versions.ts";
import {
  type RequestOptions,
  startResourceManager,
  type TestResourceManager,
} from "./testing/resource-manager.ts";

let rm: TestResourceManager;
const other = "11111111-2222-3333-4444-555555555555";

beforeAll(async () => {
  rm = await startResourceManager();
  await rm.request("PUT", `${rm.subscription}/resourceGroups/rg?api-version=2024-03-01`, {
    body: { location: "westeurope" },
  });
  const account = { databaseAccountOfferType: "Standard", locations: [{ locationName: "westeurope" }] };
  await rm.request(
    "PUT",
    path("{rg}/providers/Microsoft.DocumentDB/databaseAccounts/present?api-version=2025-10-15"),
    {
      body: { location: "westeurope", properties: account },
    },
  );
});

afterAll(() => rm.close());

function path(text: string): string {
  return text.replace("{rg}", "{sub}/resourceGroups/rg").replace("{sub}", rm.subscription);
}

interface Case extends RequestOptions {
  readonly call: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const cosmos = "{rg}/providers/Microsoft.DocumentDB/databaseAccounts";
const v = "api-version=2025-10-15";
const groups = "{sub}/resourceGroups";

const cases: readonly Case[] = [
  {
    call: "GET /metadata/nowhere?api-version=2024-03-01",
    status: 404,
    code: "MissingSubscription",
    message: "The request did not have a subscription or a valid tenant level resource provider.",
  },
  {
    call: `GET /subscriptions/${other}/resourceGroups?api-version=2024-03-01`,
    status: 404,
    code: "SubscriptionNotFound",
    message: `The subscription '${other}' could not be found.`,
  },
  {
    call: `GET ${groups}/missing?api-version=2024-03-01`,
    status: 404,
    code: "ResourceGroupNotFound",
    message: "Resource group 'missing' could not be found.",
  },
  {
    call: `DELETE ${groups}/missing?api-version=2024-03-01`,
    status: 404,
    code: "ResourceGroupNotFound",
    message: "Resource group 'missing' could not be found.",
  },
  {
    call: `GET ${groups}/missing/providers/Microsoft.DocumentDB/databaseAccounts?${v}`,
    status: 404,
    code: "ResourceGroupNotFound",
    message: "Resource group 'missing' could not be found.",
  },
  {
    call: `GET ${cosmos}/missing?${v}`,
    status: 404,
    code: "ResourceNotFound",
    message:
      "The Resource 'Microsoft.DocumentDB/databaseAccounts/missing' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
  },
  {
    call: `GET ${cosmos}/missing/sqlDatabases/db?${v}`,
    status: 404,
    code: "ParentResourceNotFound",
    message: "Can not perform requested operation on nested resource. Parent resource 'missing' not found.",
  },
  {
    call: `GET ${cosmos}/missing/sqlDatabases?${v}`,
    status: 404,
    code: "ParentResourceNotFound",
    message: "Can not perform requested operation on nested resource. Parent resource 'missing' not found.",
  },
  {
    call: `GET ${cosmos}/present`,
    status: 400,
    code: "MissingApiVersionParameter",
    message: "The api-version query parameter (?api-version=) is required for all requests.",
  },
  {
    call: `GET ${cosmos}/present?api-version=latest`,
    status: 400,
    code: "InvalidApiVersionParameter",
    message: `The api-version 'latest' is invalid. The supported versions are '${cosmosApiVersions.join(",")}'.`,
  },
  {
    call: `GET ${groups}/rg?api-version=2015-01-01`,
    status: 400,
    code: "InvalidApiVersionParameter",
    message: `The api-version '2015-01-01' is invalid. The supported versions are '${resourceManagerApiVersions.join(",")}'.`,
  },
  {
    call: `GET ${cosmos}/present?api-version=2015-04-08`,
    status: 400,
    code: "NoRegisteredProviderFound",
    message: `No registered resource provider found for location 'West Europe' and API version '2015-04-08' for type 'databaseAccounts'. The supported api-versions are '${cosmosApiVersions.join(", ")}'. The supported locations are '${locationNames.join(", ")}'.`,
  },
  {
    call: `GET {rg}/providers/Microsoft.Sql/servers/one?${v}`,
    status: 404,
    code: "InvalidResourceNamespace",
    message:
      "The resource namespace 'Microsoft.Sql' is invalid. This local cloud has no resource type 'Microsoft.Sql/servers'; it serves the namespaces Microsoft.DocumentDB, Microsoft.Authorization, Microsoft.Resources.",
  },
  {
    call: `PUT ${cosmos}/present/mongodbDatabases/db?${v}`,
    body: {},
    status: 404,
    code: "InvalidResourceType",
    message:
      "The resource type 'databaseAccounts/mongodbDatabases' could not be found in the namespace 'Microsoft.DocumentDB' for api version '2025-10-15'. This local cloud serves: Microsoft.DocumentDB/databaseAccounts, Microsoft.DocumentDB/databaseAccountNames, Microsoft.DocumentDB/databaseAccounts/sqlDatabases, Microsoft.DocumentDB/databaseAccounts/sqlDatabases/throughputSettings, Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers, Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/throughputSettings, Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions, Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments, Microsoft.DocumentDB/operations.",
  },
  {
    call: `PATCH ${cosmos}/present/sqlDatabases/db?${v}`,
    body: {},
    status: 405,
    code: "MethodNotAllowed",
    message: "The requested resource does not support http method 'PATCH'.",
  },
  {
    call: `PUT ${groups}/new?api-version=2024-03-01`,
    body: {},
    status: 400,
    code: "LocationRequired",
    message: "The location property is required for this definition.",
  },
  {
    call: `PUT ${groups}/new?api-version=2024-03-01`,
    body: { location: "atlantis" },
    status: 400,
    code: "LocationNotAvailableForResourceGroup",
    message: `The provided location 'atlantis' is not available for resource group. List of available regions is '${locationNames.join(",")}'.`,
  },
  {
    call: `PUT ${groups}/rg?api-version=2024-03-01`,
    body: { location: "northeurope" },
    status: 409,
    code: "InvalidResourceGroupLocation",
    message:
      "Invalid resource group location 'northeurope'. The Resource group already exists in location 'westeurope'.",
  },
  {
    call: `PUT ${groups}/a%20b!?api-version=2024-03-01`,
    body: { location: "westeurope" },
    status: 400,
    code: "InvalidResourceGroup",
    message:
      "The provided resource group name 'a b!' has these invalid characters: ' !'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.",
  },
  {
    call: `PUT ${groups}/ends.?api-version=2024-03-01`,
    body: { location: "westeurope" },
    status: 400,
    code: "InvalidResourceGroup",
    message:
      "The provided resource group name 'ends.' is invalid. The name has 1 to 90 characters and does not end with a period.",
  },
  {
    call: `PUT ${groups}/new?api-version=2024-03-01`,
    status: 400,
    code: "InvalidRequestContent",
    message: "The request content was invalid and could not be deserialized: 'The request has no body'.",
  },
  {
    call: `PUT ${groups}/new?api-version=2024-03-01`,
    body: { location: "westeurope", tags: { a: 1 } },
    status: 400,
    code: "InvalidRequestContent",
    message:
      "The request content was invalid and could not be deserialized: 'tags.a: Invalid input: expected string, received number'.",
  },
  {
    call: `PUT ${groups}/new?api-version=2024-03-01`,
    body: "location=westeurope",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    status: 415,
    code: "UnsupportedMediaType",
    message:
      "The content media type 'application/x-www-form-urlencoded' is not supported. Only 'application/json' is supported.",
  },
  {
    call: `PUT ${groups}/new?api-version=2024-03-01`,
    body: { location: "westeurope", tags: { a: "x".repeat(4 * 1024 * 1024) } },
    status: 413,
    code: "RequestContentTooLarge",
    message: "The request content size exceeds the maximum size of 4194304 bytes.",
  },
  {
    call: `GET ${groups}/a%2fb?api-version=2024-03-01`,
    status: 400,
    code: "InvalidRequestUri",
    message: "The request URI has a path segment that no resource id can have.",
  },
  {
    call: `PUT ${cosmos}/new-account?${v}`,
    body: { properties: {} },
    status: 400,
    code: "LocationRequired",
    message: "The location property is required for this definition.",
  },
  {
    call: `PUT ${cosmos}/new-account?${v}`,
    body: { location: "atlantis" },
    status: 400,
    code: "LocationNotAvailableForResourceType",
    message: `The provided location 'atlantis' is not available for resource type 'Microsoft.DocumentDB/databaseAccounts'. List of available regions for the resource type is '${locationNames.join(",")}'.`,
  },
  {
    call: `PUT ${cosmos}/present?${v}`,
    body: { location: "northeurope" },
    status: 409,
    code: "InvalidResourceLocation",
    message:
      "The resource 'present' already exists in location 'West Europe' in resource group 'rg'. A resource with the same name cannot be created in location 'northeurope'. Please select a new resource name.",
  },
  {
    call: `GET {sub}/resources?api-version=2024-03-01&$filter=tagName%20eq%20'a'`,
    status: 400,
    code: "InvalidFilterInQueryString",
    message:
      "Invalid $filter 'tagName eq 'a'' specified in the query string. Supported are resourceType, name, location and resourceGroup with eq or ne, joined with and.",
  },
];

test.each(cases)("$call is refused with $code", async ({ call, status, code, message, ...options }) => {
  const [method = "", url = ""] = call.split(" ");
  const answer = await rm.request(method, path(url), options);
  expect(answer).toMatchObject({ status, body: { error: { code, message } } });
  expect(answer.headers.get("x-ms-error-code")).toBe(code);
});

test("a body that is not JSON is refused", async () => {
  const answer = await rm.request("PUT", path(`${groups}/new?api-version=2024-03-01`), { body: "{" });
  expect(answer).toMatchObject({
    status: 400,
    body: {
      error: {
        code: "InvalidRequestContent",
        message: expect.stringMatching(
          /^The request content was invalid and could not be deserialized: '.*JSON.*'\.$/,
        ),
      },
    },
  });
});

import { describe, expect, test } from "@jest/globals";
import { stackOutputsSchema } from "../outputs/schema.ts";
import {
  ASSIGNMENT,
  COSMOS_SCOPE_ID,
  DEPLOYER,
  GROUP,
  inDirectory,
  objectIdOf,
  ofType,
  only,
  run,
  tags,
} from "../testing/dev-stack.ts";
import { settled } from "../testing/recording-monitor.ts";

const OWNER = "66666666-6666-4666-8666-666666666666";
const MEMBER = "77777777-7777-4777-8777-777777777777";
const grant = { role: "reader", scope: "orders", justification: "j", owner: "o", reviewBy: "2027-02-20" };
const gitHub = { organization: "octo-org", repository: "orders", environment: "prod" };

const declared = {
  "keyless-cosmos:applications": {
    pipeline: {
      owners: [OWNER],
      appRoles: { "Orders.Export": { description: "May export", allowedFor: ["users", "applications"] } },
      scopes: { "Orders.Read": { description: "Read orders", consent: "user" } },
      access: ["azureCosmosDb", "orders-api"],
      federatedCredentials: {
        github: { githubActions: gitHub },
        other: { oidc: { issuer: "https://login.shop.org/", subject: "exporter", audience: "api://shop" } },
      },
      grants: [grant],
    },
  },
  "keyless-cosmos:identities": {
    "build-agent": {
      federatedCredentials: {
        github: { githubActions: gitHub },
        staging: { githubActions: { ...gitHub, environment: "staging" } },
        third: { githubActions: { ...gitHub, environment: "third" } },
      },
      grants: [grant],
    },
  },
  "keyless-cosmos:groups": { analysts: { members: [MEMBER, "ana@shop.org"], grants: [grant] } },
  "keyless-cosmos:developers": { members: ["dev@shop.org"], grants: [grant] },
};

const APPLICATION = "azuread:index/application:Application";
const CREDENTIAL =
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";
const IDENTITY_CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const named = async (type: string, name: string) => {
  const found = ofType(await run(declared), type).find((registration) => registration.name === name);
  if (found === undefined) throw new Error(`expected ${type} ${name}`);
  return found;
};

describe("an application", () => {
  test("is of this tenant alone, without implicit flow, with tokens of version 2", async () => {
    expect((await named(APPLICATION, "pipeline")).inputs).toEqual({
      displayName: inDirectory("pipeline"),
      preventDuplicateNames: true,
      signInAudience: "AzureADMyOrg",
      owners: [DEPLOYER, OWNER],
      api: {
        requestedAccessTokenVersion: 2,
        oauth2PermissionScopes: [
          {
            id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            value: "Orders.Read",
            type: "User",
            enabled: true,
            adminConsentDisplayName: "Orders.Read",
            adminConsentDescription: "Read orders",
            userConsentDisplayName: "Orders.Read",
            userConsentDescription: "Read orders",
          },
        ],
      },
      appRoles: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          value: "Orders.Export",
          displayName: "Orders.Export",
          description: "May export",
          enabled: true,
          allowedMemberTypes: ["Application", "User"],
        },
      ],
      requiredResourceAccesses: [
        {
          resourceAppId: "a232010e-820c-4083-83bb-3ace5fc29d0b",
          resourceAccesses: [{ id: COSMOS_SCOPE_ID, type: "Scope" }],
        },
        {
          resourceAppId: objectIdOf(`client ${inDirectory("orders-api")}`),
          resourceAccesses: [{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), type: "Scope" }],
        },
      ],
      web: { implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false } },
    });
  });

  test("takes the tokens of its federated credentials, letter by letter, and has no secret", async () => {
    const recording = await run(declared);
    expect(ofType(recording, CREDENTIAL).map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        "pipeline/github",
        {
          applicationId: expect.stringContaining("Application/"),
          displayName: "github",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:octo-org/orders:environment:prod",
          audiences: ["api://AzureADTokenExchange"],
        },
      ],
      [
        "pipeline/other",
        {
          applicationId: expect.stringContaining("Application/"),
          displayName: "other",
          issuer: "https://login.shop.org/",
          subject: "exporter",
          audiences: ["api://shop"],
        },
      ],
    ]);
    const types = recording.registrations.map(({ type }) => type);
    expect(types.filter((type) => /password|certificate|keyvault/i.test(type))).toEqual([]);
  });

  test("is granted by its service principal's object id, never by the registration's (pains 1, 14)", async () => {
    const recording = await run(declared);
    const grants = ofType(recording, ASSIGNMENT).map(({ name, inputs }) => [name, inputs.principalId]);
    const clientId = objectIdOf(`client ${inDirectory("pipeline")}`);
    expect(Object.fromEntries(grants)).toEqual({
      "orders-api/contributor/orders/orders": expect.any(String),
      "deployer/reader/orders/orders": DEPLOYER,
      "pipeline/reader/orders": objectIdOf(`principal ${clientId}`),
      "build-agent/reader/orders": objectIdOf("principal id-build-agent-keyless-cosmos-dev"),
      "analysts/reader/orders": objectIdOf(`group ${inDirectory("analysts")}`),
      "developers/reader/orders": objectIdOf(`group ${inDirectory("developers")}`),
    });
    // Data-plane roles alone open data, so no role of resource manager is granted beside them.
    expect(ofType(recording, "azure-native:authorization:RoleAssignment")).toEqual([]);
  });
});

test("the credentials of a user-assigned identity are written one after another", async () => {
  const recording = await run(declared);
  expect(only(recording, "azure-native:managedidentity:UserAssignedIdentity").inputs).toEqual({
    resourceName: "id-build-agent-keyless-cosmos-dev",
    resourceGroupName: GROUP,
    location: "westeurope",
    tags,
  });
  const credentials = recording.registrations.filter(({ type }) => type === IDENTITY_CREDENTIAL);
  expect(credentials.map(({ inputs }) => inputs.subject)).toEqual([
    "repo:octo-org/orders:environment:prod",
    "repo:octo-org/orders:environment:staging",
    "repo:octo-org/orders:environment:third",
  ]);
  for (const [index, { dependencies }] of credentials.entries()) {
    const previous = credentials[index - 1];
    const chained = dependencies.filter((urn) => urn.includes(IDENTITY_CREDENTIAL));
    expect(chained).toEqual(previous === undefined ? [] : [expect.stringMatching(`::${previous.name}$`)]);
  }
});

test("groups have exactly the members of the settings, people by the name that they sign in with", async () => {
  const groups = ofType(await run(declared), "azuread:index/group:Group");
  expect(groups.map(({ inputs }) => inputs)).toEqual([
    {
      displayName: inDirectory("analysts"),
      preventDuplicateNames: true,
      securityEnabled: true,
      owners: [DEPLOYER],
      members: [MEMBER, objectIdOf("ana@shop.org")].sort(),
    },
    {
      displayName: inDirectory("developers"),
      preventDuplicateNames: true,
      securityEnabled: true,
      owners: [DEPLOYER],
      members: [objectIdOf("dev@shop.org")],
    },
  ]);
});

describe("a workload's registration", () => {
  test("has no credential; people get tokens for it from the az CLI without being asked", async () => {
    const recording = await run();
    const { inputs } = only(recording, APPLICATION);
    expect(inputs).toMatchObject({ displayName: inDirectory("orders-api"), owners: [DEPLOYER] });
    expect(inputs).not.toHaveProperty("groupMembershipClaims");
    const [scope] = (inputs.api as { oauth2PermissionScopes: { id: string; value: string }[] })
      .oauth2PermissionScopes;
    expect(scope).toMatchObject({ value: "user_impersonation", type: "User" });
    expect(
      only(recording, "azuread:index/applicationPreAuthorized:ApplicationPreAuthorized").inputs,
    ).toMatchObject({
      authorizedClientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
      permissionIds: [scope?.id],
    });
    expect(ofType(recording, CREDENTIAL)).toEqual([]);
  });

  test("names groups in its tokens only when a group may call it", async () => {
    const callers = ["deployer", "pipeline", "build-agent", "analysts", "developers", "orders-api"];
    const workload = { host: "appService", access: "managedIdentity", callers, grants: [] };
    const recording = await run({ ...declared, "keyless-cosmos:workloads": { "orders-api": workload } });
    const { inputs } =
      ofType(recording, APPLICATION).find(({ name }) => name === "orders-api") ??
      only(recording, APPLICATION);
    expect(inputs.groupMembershipClaims).toEqual(["SecurityGroup"]);
    const outputs = stackOutputsSchema.parse(await settled(recording.result));
    expect(outputs.workloads["orders-api"]?.callers.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "deployer principal",
      "pipeline principal",
      "build-agent principal",
      "analysts group",
      "developers group",
      "orders-api principal",
    ]);
  });
});

test("the outputs tell who was made, and who is in which group", async () => {
  const outputs = stackOutputsSchema.parse(await settled((await run(declared)).result));
  const clientId = objectIdOf(`client ${inDirectory("pipeline")}`);
  expect(outputs.applications).toEqual({
    pipeline: {
      clientId,
      objectId: objectIdOf(`application ${inDirectory("pipeline")}`),
      principalId: objectIdOf(`principal ${clientId}`),
      federatedCredentials: [
        {
          name: "github",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:octo-org/orders:environment:prod",
          audience: "api://AzureADTokenExchange",
        },
        { name: "other", issuer: "https://login.shop.org/", subject: "exporter", audience: "api://shop" },
      ],
    },
  });
  expect(outputs.identities["build-agent"]?.federatedCredentials).toHaveLength(3);
  expect(outputs.groups.analysts?.members).toEqual([
    { name: MEMBER, objectId: MEMBER },
    { name: "ana@shop.org", objectId: objectIdOf("ana@shop.org") },
  ]);
});

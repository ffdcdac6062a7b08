import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../../testing/test-cloud.ts";
import { createPulumiProject, type PulumiProject } from "../testing/pulumi-project.ts";

/** The engine may have to be built first, once for this user. */
const engineBuild = 45 * 60_000;

let cloud: TestCloud;
let project: PulumiProject;

beforeAll(async () => {
  cloud = await startTestCloud();
  project = await createPulumiProject({
    ARM_METADATA_HOSTNAME: new URL(cloud.origin).host,
    ARM_TENANT_ID: cloud.tenantId,
    ARM_CLIENT_ID: cloud.deployer.clientId,
    ARM_CLIENT_SECRET: cloud.deployer.clientSecret,
    NODE_EXTRA_CA_CERTS: cloud.platform.certificates.caFile,
  });
}, engineBuild);
afterAll(async () => {
  project.remove();
  await cloud.close();
});

interface Change {
  readonly name?: string;
  readonly subject?: string;
  readonly secretOf?: string;
  readonly roles?: readonly string[];
  readonly more?: string;
}

/** Roles by their value; the id of each is its place. */
function appRoles(values: readonly string[]) {
  return values.map((value, index) => ({
    id: `aaaaaaaa-0000-4000-8000-00000000000${index}`,
    allowedMemberTypes: ["Application", "User"],
    description: value,
    displayName: value,
    value,
  }));
}

/** The program of these tests: everything between a registration and a granted role. */
function program(change: Change = {}): string {
  const { name = "orders", subject = "repo:o/r:environment:dev", secretOf = "november" } = change;
  return `
const azuread = require("@pulumi/azuread");
const { readFileSync } = require("node:fs");
const client = azuread.getClientConfigOutput();
const apis = azuread.getApplicationPublishedAppIdsOutput();
const graph = new azuread.ServicePrincipal("graph", { clientId: apis.result.MicrosoftGraph, useExisting: true });
const app = new azuread.Application("orders", {
  displayName: ${JSON.stringify(name)},
  owners: [client.objectId],
  api: {
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: [{
      id: "bbbbbbbb-0000-4000-8000-000000000001", value: "Orders.Use", type: "User",
      adminConsentDescription: "Uses orders", adminConsentDisplayName: "Use orders",
    }],
  },
  appRoles: ${JSON.stringify(appRoles(change.roles ?? ["Orders.Read"]))},
  requiredResourceAccesses: [{
    resourceAppId: apis.result.MicrosoftGraph,
    resourceAccesses: [{ id: graph.oauth2PermissionScopeIds["User.Read"], type: "Scope" }],
  }],
  web: { redirectUris: ["https://localhost/two", "https://localhost/one"] },
}, { ignoreChanges: ["identifierUris"] });
const uri = new azuread.ApplicationIdentifierUri("orders", {
  applicationId: app.id, identifierUri: app.clientId.apply((id) => "api://" + id),
});
const principal = new azuread.ServicePrincipal("orders", { clientId: app.clientId, owners: [client.objectId] });
const federated = new azuread.ApplicationFederatedIdentityCredential("github", {
  applicationId: app.id, displayName: "github", issuer: "https://token.actions.githubusercontent.com",
  subject: ${JSON.stringify(subject)}, audiences: ["api://AzureADTokenExchange"],
});
const password = new azuread.ApplicationPassword("orders", {
  applicationId: app.id, displayName: "migration", endDateRelative: "240h",
  rotateWhenChanged: { of: ${JSON.stringify(secretOf)} },
});
const certificate = new azuread.ApplicationCertificate("orders", {
  applicationId: app.id, type: "AsymmetricX509Cert", endDateRelative: "240h",
  value: readFileSync(process.env.NODE_EXTRA_CA_CERTS, "utf8"),
});
const caller = new azuread.Application("caller", { displayName: "caller" });
const callerPrincipal = new azuread.ServicePrincipal("caller", { clientId: caller.clientId });
const preAuthorized = new azuread.ApplicationPreAuthorized("caller", {
  applicationId: app.id, authorizedClientId: caller.clientId,
  permissionIds: [app.oauth2PermissionScopeIds["Orders.Use"]],
});
const consent = new azuread.ServicePrincipalDelegatedPermissionGrant("caller", {
  servicePrincipalObjectId: callerPrincipal.objectId,
  resourceServicePrincipalObjectId: graph.objectId,
  claimValues: ["User.Read", "openid"],
});
const group = new azuread.Group("analysts", { displayName: "analysts", securityEnabled: true });
const member = new azuread.GroupMember("caller", {
  groupObjectId: group.objectId, memberObjectId: callerPrincipal.objectId,
});
const assignment = new azuread.AppRoleAssignment("analysts", {
  appRoleId: app.appRoleIds["Orders.Read"], principalObjectId: group.objectId, resourceObjectId: principal.objectId,
});
${change.more ?? ""}
exports.app = app.objectId;
exports.clientId = app.clientId;
exports.principal = principal.objectId;
exports.federated = federated.id;
exports.keyId = password.keyId;
exports.secret = password.value;
exports.group = group.objectId;
exports.members = azuread.getGroupOutput({ displayName: group.displayName }, { dependsOn: [member] }).members;
exports.callerPrincipal = callerPrincipal.objectId;
exports.found = azuread.getServicePrincipalOutput({ clientId: app.clientId }, { dependsOn: [principal] }).objectId;
exports.client = client;
`;
}

async function outputs(): Promise<Record<string, unknown>> {
  const text = await project.succeed("stack", "output", "--json", "--show-secrets");
  return JSON.parse(text) as Record<string, unknown>;
}

/** Calls Graph as the deployer. */
async function graph(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { token } = await cloud.credential().getToken(`${cloud.origin}/graph/.default`);
  const response = await fetch(`${cloud.origin}/graph/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

interface Step {
  readonly op: string;
  readonly urn: string;
}

/** What an up would do, as `operation name`, without what stays the same. */
async function previewSteps(): Promise<string[]> {
  const text = await project.succeed("preview", "--json");
  const { steps } = JSON.parse(text) as { readonly steps: readonly Step[] };
  return steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn }) => `${op} ${urn.split("::")[2]?.split(":").at(-1)} ${urn.split("::")[3]}`);
}

describe("a registration with everything around it, through the real engine", () => {
  test("up makes it", async () => {
    project.write("index.js", program());
    await project.succeed("up", "--yes", "--skip-preview");
    const made = await outputs();
    expect(made.client).toMatchObject({ clientId: cloud.deployer.clientId, tenantId: cloud.tenantId });
    expect(made.found).toBe(made.principal);
    expect(made.members).toEqual([made.callerPrincipal]);
    const application = await graph("GET", `/applications/${made.app}`);
    expect(application).toMatchObject({
      displayName: "orders",
      appId: made.clientId,
      identifierUris: [`api://${made.clientId}`],
      api: { requestedAccessTokenVersion: 2, preAuthorizedApplications: [expect.anything()] },
      keyCredentials: [expect.objectContaining({ type: "AsymmetricX509Cert" })],
      passwordCredentials: [expect.objectContaining({ keyId: made.keyId, displayName: "migration" })],
    });
  });

  test("a second up has nothing to do, after a refresh neither", async () => {
    await project.succeed("preview", "--expect-no-changes");
    // This refresh shows what resources of their own have added to the application since it was read.
    await project.succeed("refresh", "--yes");
    await project.succeed("preview", "--refresh", "--expect-no-changes");
  });

  test("the password signs in, and is in no output or state that can be read", async () => {
    const { clientId, secret } = await outputs();
    const application = { clientId: String(clientId), clientSecret: String(secret) };
    const { token } = await cloud.credential(application).getToken(`${cloud.origin}/.default`);
    expect(token).not.toBe("");
    expect(await project.succeed("stack", "output", "--json")).toContain('"secret": "[secret]"');
    expect(await project.succeed("stack", "export")).not.toContain(String(secret));
  });

  test("changes are made in place; a password that is to change is replaced", async () => {
    const before = await outputs();
    project.write(
      "index.js",
      program({
        name: "orders 2",
        subject: "repo:o/r:ref:main",
        secretOf: "december",
        roles: ["Orders.Read", "Orders.Write"],
      }),
    );
    expect((await previewSteps()).sort()).toEqual([
      // Until the application is changed nobody knows the ids of its roles: the official plugin says the same.
      "replace AppRoleAssignment analysts",
      "replace ApplicationPassword orders",
      "update Application orders",
      "update ApplicationFederatedIdentityCredential github",
    ]);
    await project.succeed("up", "--yes", "--skip-preview");
    const after = await outputs();
    expect(after).toMatchObject({ app: before.app, federated: before.federated });
    expect(after.keyId).not.toBe(before.keyId);
    expect(await graph("GET", `/applications/${after.app}`)).toMatchObject({
      displayName: "orders 2",
      appRoles: [{ value: "Orders.Read" }, { value: "Orders.Write" }],
      passwordCredentials: [{ keyId: after.keyId }],
    });
  });

  test("a role that is enabled is disabled before it goes", async () => {
    project.write(
      "index.js",
      program({ name: "orders 2", subject: "repo:o/r:ref:main", secretOf: "december" }),
    );
    await project.succeed("up", "--yes", "--skip-preview");
    const { app } = await outputs();
    expect(await graph("GET", `/applications/${app}`)).toMatchObject({
      appRoles: [{ value: "Orders.Read" }],
    });
  });

  test("what somebody deleted or changed is found by a refresh and made good", async () => {
    const before = await outputs();
    await graph("DELETE", `/groups/${before.group}`);
    await graph("PATCH", `/applications/${before.app}`, { displayName: "someone else's" });
    await project.succeed("up", "--yes", "--skip-preview", "--refresh");
    const after = await outputs();
    expect(after.group).not.toBe(before.group);
    expect(after.members).toEqual([after.callerPrincipal]);
    expect(await graph("GET", `/applications/${after.app}`)).toMatchObject({ displayName: "orders 2" });
    await project.succeed("preview", "--expect-no-changes");
  });

  test("what Graph refuses is shown with what was tried", async () => {
    const more =
      'new azuread.GroupMember("again", { groupObjectId: group.objectId, memberObjectId: member.memberObjectId });';
    project.write(
      "index.js",
      program({ name: "orders 2", subject: "repo:o/r:ref:main", secretOf: "december", more }),
    );
    const { code, stdout, stderr } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(
      "already exists - to be managed via Pulumi this resource needs to be imported",
    );
  });

  test("an import takes a registration into the state as it is", async () => {
    const { id } = await graph("POST", "/applications", { displayName: "imported" });
    const type = "azuread:index/application:Application";
    const flags = ["--yes", "--generate-code=false", "--protect=false"];
    await project.succeed("import", type, "imported", `/applications/${id}`, ...flags);
    const more = 'new azuread.Application("imported", { displayName: "imported" });';
    project.write(
      "index.js",
      program({ name: "orders 2", subject: "repo:o/r:ref:main", secretOf: "december", more }),
    );
    expect(await previewSteps()).toEqual([]);
  });

  test("destroy leaves nothing", async () => {
    const { group } = await outputs();
    await project.succeed("destroy", "--yes", "--skip-preview");
    const left = await graph("GET", "/applications");
    const names = (left.value as { displayName: string }[]).map(({ displayName }) => displayName);
    expect(names).not.toContain("orders 2");
    await expect(graph("GET", `/groups/${group}`)).rejects.toThrow("404");
  });

  test("a directory that lags is waited for", async () => {
    cloud.platform.faults.set("directory-replication", undefined, 4);
    project.write("index.js", program());
    await project.succeed("up", "--yes", "--skip-preview");
    cloud.platform.faults.clear("directory-replication");
    await project.succeed("preview", "--refresh", "--expect-no-changes");
  });
});

import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { refusalOf } from "../../arm/testing/refusal.ts";
import { startResourceManager, type TestResourceManager } from "../../arm/testing/resource-manager.ts";
import { createCredentialWrites } from "./credential-writes.ts";
import { createManagedIdentityProvider } from "./provider.ts";

let rm: TestResourceManager;
let msi: ManagedServiceIdentityClient;
/** What ends the time of a write; at once unless a test holds it. */
let pass: () => Promise<unknown> = async () => {};
const location = "westeurope";

beforeAll(async () => {
  const writes = createCredentialWrites(() => pass());
  rm = await startResourceManager((platform, directory) => [
    (services) => createManagedIdentityProvider(platform, services, { directory, writes }),
  ]);
  msi = new ManagedServiceIdentityClient(rm.credential(), rm.platform.subscriptionId, {
    ...rm.clientOptions,
    credentialScopes: rm.clientOptions.credentials.scopes,
  });
  await rm.request("PUT", `${rm.subscription}/resourceGroups/rg?api-version=2021-04-01`, {
    body: { location },
  });
});
afterAll(() => rm.close());

const create = (name: string) => msi.userAssignedIdentities.createOrUpdate("rg", name, { location });
const github = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/shop:environment:prod",
  audiences: ["api://AzureADTokenExchange"],
};
const federate = (identity: string, name: string, change: Partial<typeof github> = {}) =>
  msi.federatedIdentityCredentials.createOrUpdate("rg", identity, name, { ...github, ...change });

describe("a user-assigned identity", () => {
  test("is a principal of the directory, keeps it through changes, and takes it along", async () => {
    const made = await create("build-agent");
    const id = `${rm.subscription}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/build-agent`;
    expect(made).toMatchObject({
      id,
      name: "build-agent",
      type: "Microsoft.ManagedIdentity/userAssignedIdentities",
      location,
      tags: {},
      tenantId: rm.platform.tenantId,
    });
    const { principalId = "", clientId = "" } = made;
    expect(rm.entra.directory.find(principalId)).toMatchObject({
      type: "servicePrincipal",
      servicePrincipalType: "ManagedIdentity",
      displayName: "build-agent",
      appId: clientId,
      alternativeNames: ["isExplicit=True", id],
    });
    const again = await msi.userAssignedIdentities.createOrUpdate("rg", "Build-Agent", {
      location,
      tags: { team: "orders" },
    });
    expect(again).toEqual({ ...made, tags: { team: "orders" } });
    const { tags } = await msi.userAssignedIdentities.update("rg", "build-agent", {
      tags: { team: "sales" },
    });
    expect(tags).toEqual({ team: "sales" });
    for (const list of [
      msi.userAssignedIdentities.listByResourceGroup("rg"),
      msi.userAssignedIdentities.listBySubscription(),
    ]) {
      const found = [];
      for await (const one of list) found.push(one.name);
      expect(found).toContain("build-agent");
    }
    await msi.userAssignedIdentities.delete("rg", "build-agent");
    expect(rm.entra.directory.find(principalId)).toBeUndefined();
    expect(await refusalOf(msi.userAssignedIdentities.get("rg", "build-agent"))).toMatchObject({
      status: 404,
      code: "ResourceNotFound",
    });
    const successor = await create("build-agent");
    expect(successor.principalId).not.toBe(principalId);
  });

  test("needs a good name and a location, and has no isolation", async () => {
    expect(await refusalOf(create("no"))).toEqual({
      status: 400,
      code: "InvalidResourceName",
      message:
        "Resource name no is invalid for a resource of type 'Microsoft.ManagedIdentity/userAssignedIdentities'. It must have 3 to 128 letters, digits, hyphens and underscores, and begin with a letter or digit.",
    });
    expect(
      await refusalOf(
        msi.userAssignedIdentities.createOrUpdate("rg", "isolated", { location, isolationScope: "Regional" }),
      ),
    ).toEqual({
      status: 400,
      code: "InvalidRequestContent",
      message:
        "The request content was invalid and could not be deserialized: 'properties.isolationScope: other than 'None' is not supported by this local cloud'.",
    });
  });
});

describe("a federated credential", () => {
  test("is made, shown, listed, changed and deleted, and kept in the directory", async () => {
    const { id, principalId = "" } = await create("federated");
    const made = await federate("federated", "github");
    expect(made).toEqual({
      id: `${id}/federatedIdentityCredentials/github`,
      name: "github",
      type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
      ...github,
    });
    expect(await msi.federatedIdentityCredentials.get("rg", "federated", "GitHub")).toEqual(made);
    const changed = await federate("federated", "github", { subject: "repo:contoso/shop:pull_request" });
    expect(changed.subject).toBe("repo:contoso/shop:pull_request");
    expect(rm.entra.directory.federatedCredentials.of(principalId)).toEqual([
      expect.objectContaining({ name: "github", subject: "repo:contoso/shop:pull_request" }),
    ]);
    const listed = [];
    for await (const one of msi.federatedIdentityCredentials.list("rg", "federated")) listed.push(one);
    expect(listed).toEqual([changed]);
    await msi.federatedIdentityCredentials.delete("rg", "federated", "github");
    expect(await refusalOf(msi.federatedIdentityCredentials.get("rg", "federated", "github"))).toMatchObject({
      status: 404,
      code: "ResourceNotFound",
    });
    expect(rm.entra.directory.federatedCredentials.of(principalId)).toEqual([]);
  });

  test("can be asked for by HEAD, as its identity can", async () => {
    const { id = "" } = await create("asked");
    await federate("asked", "github");
    const { resources } = new ResourceManagementClient(
      rm.credential(),
      rm.platform.subscriptionId,
      rm.clientOptions,
    );
    const exists = async (asked: string) => (await resources.checkExistenceById(asked, "2024-11-30")).body;
    const credentials = `${id}/federatedIdentityCredentials`;
    for (const known of [id, `${credentials}/github`]) expect(await exists(known)).toBe(true);
    for (const unknown of [`${id}2`, `${credentials}/okta`]) expect(await exists(unknown)).toBe(false);
  });

  test("goes with its identity", async () => {
    const { principalId = "" } = await create("passing");
    await federate("passing", "github");
    await msi.userAssignedIdentities.delete("rg", "passing");
    expect(rm.entra.directory.federatedCredentials.of(principalId)).toEqual([]);
    expect(await refusalOf(federate("passing", "github"))).toMatchObject({
      status: 404,
      code: "ParentResourceNotFound",
    });
  });

  test("is refused by the rules, each with its own message", async () => {
    await create("ruled");
    await federate("ruled", "first");
    const refusals = [
      [federate("ruled", "no"), 400, "BadRequest", "Federated Identity Credential name 'no' is invalid."],
      [
        federate("ruled", "second", { subject: "" }),
        400,
        "BadRequest",
        "Federated Identity Credential from HTTP body has empty properties",
      ],
      [
        federate("ruled", "second", { audiences: ["a", "b"] }),
        400,
        "BadRequest",
        "Federated identity credentials must have exactly one audience.",
      ],
      [
        federate("ruled", "second"),
        409,
        "Conflict",
        "Issuer and subject combination already exists for this Managed Identity.",
      ],
    ] as const;
    for (const [call, status, code, message] of refusals) {
      expect(await refusalOf(call)).toEqual({ status, code, message });
    }
    // Upper and lower case are two subjects.
    await federate("ruled", "second", { subject: github.subject.toUpperCase() });
  });

  test("is one of twenty at most", async () => {
    const { id } = await create("twenty");
    for (let index = 0; index < 20; index += 1) {
      await federate("twenty", `number-${index}`, { subject: `subject ${index}` });
    }
    expect(await refusalOf(federate("twenty", "number-20", { subject: "subject 20" }))).toEqual({
      status: 400,
      code: "BadRequest",
      message: `Too many Federated Identity Credentials for the managed identity '${id}': it may have 20 at most.`,
    });
    await federate("twenty", "number-0", { subject: "changed" });
  });

  test("cannot be written beside another of the same identity", async () => {
    const { id } = await create("busy");
    await create("idle");
    const { promise: held, resolve: end } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    pass = () => {
      begin();
      return held;
    };
    const first = federate("busy", "first");
    await begun;
    pass = async () => {};
    expect(await refusalOf(federate("busy", "second", { subject: "another" }))).toEqual({
      status: 409,
      code: "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
      message: `Too many Federated Identity Credentials are written concurrently for the managed identity '${id}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
    });
    await federate("idle", "beside");
    end();
    expect((await first).name).toBe("first");
    expect((await federate("busy", "second", { subject: "another" })).name).toBe("second");
  });
});

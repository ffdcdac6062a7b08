import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../../testing/test-cloud.ts";
import { createPulumiProject, type PulumiProject } from "../testing/pulumi-project.ts";

/** The engine may have to be built first, once for this user. */
const engineBuild = 45 * 60_000;

let cloud: TestCloud;
let project: PulumiProject;
let resources: ResourceManagementClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  project = await createPulumiProject({
    ARM_METADATA_HOSTNAME: new URL(cloud.origin).host,
    ARM_SUBSCRIPTION_ID: cloud.subscriptionId,
    ARM_TENANT_ID: cloud.tenantId,
    ARM_CLIENT_ID: cloud.deployer.clientId,
    ARM_CLIENT_SECRET: cloud.deployer.clientSecret,
    NODE_EXTRA_CA_CERTS: cloud.platform.certificates.caFile,
  });
  resources = new ResourceManagementClient(cloud.credential(), cloud.subscriptionId, {
    endpoint: cloud.origin,
    credentials: { scopes: [`${cloud.origin}/.default`] },
  });
}, engineBuild);
afterAll(async () => {
  project.remove();
  await cloud.close();
});

/** The program of these tests; `change` stands in its arguments. */
function program(
  change: { readonly tags?: string; readonly account?: string; readonly more?: string } = {},
): string {
  return `
const azure = require("@pulumi/azure-native");
const pulumi = require("@pulumi/pulumi");
const group = new azure.resources.ResourceGroup("rg", { location: "westeurope", tags: ${change.tags ?? '{ team: "orders" }'} });
const account = new azure.cosmosdb.DatabaseAccount("acct", {
  resourceGroupName: group.name,
  databaseAccountOfferType: "Standard",
  locations: [{ locationName: "westeurope", failoverPriority: 0 }],
  disableLocalAuth: true,
  ${change.account ?? ""}
});
const database = new azure.cosmosdb.SqlResourceSqlDatabase("orders", {
  resourceGroupName: group.name, accountName: account.name, resource: { id: "orders" },
});
const container = new azure.cosmosdb.SqlResourceSqlContainer("items", {
  resourceGroupName: group.name, accountName: account.name, databaseName: database.name,
  resource: { id: "items", partitionKey: { paths: ["/tenantId"], kind: "Hash", version: 2 } },
});
${change.more ?? ""}
exports.groupName = group.name;
exports.groupId = group.id;
exports.accountName = account.name;
exports.endpoint = account.documentEndpoint;
exports.container = container.id;
exports.client = azure.authorization.getClientConfigOutput();
`;
}

async function outputs(): Promise<Record<string, unknown>> {
  return JSON.parse(await project.succeed("stack", "output", "--json")) as Record<string, unknown>;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
}

async function previewSteps(): Promise<string[]> {
  const { steps } = JSON.parse(await project.succeed("preview", "--json")) as {
    readonly steps: readonly Step[];
  };
  return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
}

describe("a stack on the local cloud", () => {
  test("preview makes nothing; up makes what it said; then nothing is left to do", async () => {
    project.write("index.js", program());
    expect(await previewSteps()).toEqual([
      "create test-project-test",
      "create rg",
      "create acct",
      "create orders",
      "create items",
    ]);
    await project.succeed("up", "--yes", "--skip-preview");
    const { groupName, accountName, endpoint, container, client } = await outputs();
    expect(groupName).toMatch(/^rg[0-9a-f]{8}$/);
    expect(accountName).toMatch(/^acct[0-9a-f]{8}$/);
    expect(endpoint).toMatch(/^https:\/\/localhost:\d+\/$/);
    expect(container).toBe(
      `/subscriptions/${cloud.subscriptionId}/resourceGroups/${groupName}/providers/Microsoft.DocumentDB` +
        `/databaseAccounts/${accountName}/sqlDatabases/orders/containers/items`,
    );
    expect(client).toEqual({
      clientId: cloud.deployer.clientId,
      objectId: expect.any(String),
      subscriptionId: cloud.subscriptionId,
      tenantId: cloud.tenantId,
    });

    await project.succeed("preview", "--expect-no-changes");
    await project.succeed("refresh", "--yes", "--expect-no-changes");
  });

  test("drift is found by a refresh and mended by the next up", async () => {
    const { groupName } = await outputs();
    await resources.resourceGroups.update(String(groupName), { tags: { team: "someone else" } });
    await project.succeed("preview", "--expect-no-changes");
    const drifted = await project.pulumi("preview", "--refresh", "--diff", "--expect-no-changes");
    expect(drifted.code).not.toBe(0);
    expect(drifted.stdout).toContain('team: "someone else" => "orders"');
    await project.succeed("up", "--yes", "--skip-preview", "--refresh");
    expect((await resources.resourceGroups.get(String(groupName))).tags).toEqual({ team: "orders" });
  });

  test("a resource that is gone is made again", async () => {
    const { container } = await outputs();
    await resources.resources.deleteById(String(container), "2025-10-15");
    await project.succeed("up", "--yes", "--skip-preview", "--refresh");
    expect((await resources.resources.getById(String(container), "2025-10-15")).name).toBe("items");
  });

  test("a secret input stays secret in outputs and in the state", async () => {
    project.write(
      "index.js",
      program({ tags: '{ team: pulumi.secret("hidden-value") }', more: "exports.tags = group.tags;" }),
    );
    const said = await project.succeed("up", "--yes", "--skip-preview", "--diff");
    expect(said).not.toContain("hidden-value");
    expect(await project.succeed("stack", "export")).not.toContain("hidden-value");
    expect((await outputs()).tags).toBe("[secret]");
  });

  test("what the service refuses is shown with its status, code and message", async () => {
    project.write("index.js", program({ account: 'location: "northeurope",' }));
    const { code, stdout, stderr } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(
      /error: Status=409 Code="InvalidResourceLocation" Message="The resource 'acct\w+' already exists in location/,
    );
  });

  test("what the plugin can tell is refused before anything is made, all at once", async () => {
    project.write("index.js", program({ account: 'accountName: "NO", enableFreeTier: "yes",' }));
    const { code, stdout, stderr } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    const said = stdout + stderr;
    expect(said).toContain("'accountName' is too short (2): at least 3 characters required");
    expect(said).toContain("'enableFreeTier' should be of type 'boolean' but got a string");
  });

  test("an auto-named group is replaced by creation first; what depends on it follows", async () => {
    project.write(
      "index.js",
      program().replace('location: "westeurope", tags', 'location: "northeurope", tags'),
    );
    expect(await previewSteps()).toEqual(["replace rg", "replace acct", "replace orders", "replace items"]);
    const before = await outputs();
    const said = await project.succeed("up", "--yes", "--skip-preview");
    const replaced = said.indexOf("ResourceGroup rg deleting original");
    expect(said.indexOf("ResourceGroup rg created replacement")).toBeLessThan(replaced);
    expect((await outputs()).groupName).not.toBe(before.groupName);
  });

  test("import takes a resource into the state as it is", async () => {
    const group = await resources.resourceGroups.createOrUpdate("imported", {
      location: "westeurope",
      tags: { a: "b" },
    });
    const id = group.id ?? "";
    const type = "azure-native:resources:ResourceGroup";
    await project.succeed(
      "import",
      type,
      "imported",
      id,
      "--yes",
      "--generate-code=false",
      "--protect=false",
    );
    project.write(
      "index.js",
      program({
        more: 'new azure.resources.ResourceGroup("imported", { resourceGroupName: "imported", location: "westeurope", tags: { a: "b" } });',
      }),
    );
    expect(await previewSteps()).not.toContain("create imported");
    const generated = await project.pulumi("import", type, "again", id, "--yes", "--protect=false");
    expect(generated.stderr).toContain("import with --generate-code=false");
  });

  test("destroy leaves nothing", async () => {
    await project.succeed("destroy", "--yes", "--skip-preview");
    for await (const { name } of resources.resourceGroups.list()) throw new Error(`${name} is left`);
  });
});

import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RequestLogEntry } from "../../local-azure/core/request-log.ts";
import { type Directory, openDirectory } from "../../local-azure/entra/directory.ts";
import { createPulumiProject, type PulumiProject } from "../../local-azure/pulumi/testing/pulumi-project.ts";
import { startTestCloud, type TestCloud } from "../../local-azure/testing/test-cloud.ts";

/** The engine may have to be built first, once for this user. */
const engineBuild = 45 * 60_000;
const LATE_PRINCIPAL = "5c0f0f0e-6a58-4f3c-9f0b-0c6f6f3d9a11";

let cloud: TestCloud;
let project: PulumiProject;
/** How many assignment writes were begun. */
let writes = 0;
/** Called when a client asks what came of one: by then Cosmos DB has looked the principal up. */
let onOutcome: () => void = () => {};

beforeAll(async () => {
  cloud = await startTestCloud();
  const log = cloud.platform.requestLog;
  const record = log.record.bind(log);
  log.record = (entry: RequestLogEntry) => {
    record(entry);
    if (entry.method === "PUT" && entry.path.includes("/sqlRoleAssignments/")) writes += 1;
    if (writes > 0 && entry.path.includes("/operationsStatus/")) onOutcome();
  };
  project = await createPulumiProject({
    ARM_METADATA_HOSTNAME: new URL(cloud.origin).host,
    ARM_SUBSCRIPTION_ID: cloud.subscriptionId,
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

/** An account and one grant on it, with the program's own component. */
const programFor = (principalId: string) => `
const { cosmosdb, resources } = require("@pulumi/azure-native");
module.exports = async () => {
  const { DataPlaneGrants } = await import(${JSON.stringify(join(import.meta.dirname, "data-plane-grants.ts"))});
  const group = new resources.ResourceGroup("rg", { location: "westeurope" });
  const account = new cosmosdb.DatabaseAccount("acct", {
    resourceGroupName: group.name,
    databaseAccountOfferType: "Standard",
    locations: [{ locationName: "westeurope", failoverPriority: 0 }],
    disableLocalAuth: true,
  });
  const { grants } = new DataPlaneGrants("grants", {
    accountId: account.id,
    accountName: account.name,
    resourceGroupName: group.name,
    roles: [],
    holders: [{
      name: "late",
      principalId: ${JSON.stringify(principalId)},
      grants: [{ role: "reader", scope: {}, justification: "j", owner: "o", reviewBy: "2027-02-20" }],
    }],
  });
  return { grants };
};
`;

/** The directory of the cloud; what is made in it gets the object id `id`. */
const directoryWith = (id: string): Directory =>
  openDirectory({ ...cloud.platform, ids: { ...cloud.platform.ids, uuid: () => id } });

test("the engine writes a grant again when its principal reaches the directory late (pain 1)", async () => {
  onOutcome = () => {
    onOutcome = () => {};
    directoryWith(LATE_PRINCIPAL).create({ type: "group", displayName: "late" });
  };
  project.write("index.js", programFor(LATE_PRINCIPAL));
  await project.succeed("up", "--yes", "--skip-preview");
  expect(writes).toBe(2);
  const { grants } = JSON.parse(await project.succeed("stack", "output", "--json")) as {
    readonly grants: readonly { readonly principalId: string }[];
  };
  expect(grants.map(({ principalId }) => principalId)).toEqual([LATE_PRINCIPAL]);
  await project.succeed("preview", "--expect-no-changes");
});

test("and gives up at once on a principal that can never hold a grant", async () => {
  writes = 0;
  const { id } = openDirectory(cloud.platform).create({
    type: "application",
    displayName: "not a principal",
  });
  project.write("index.js", programFor(id));
  const { code, stdout } = await project.pulumi("up", "--yes", "--skip-preview");
  expect(code).not.toBe(0);
  expect(stdout).toContain("unsupported type : [Application]");
  expect(writes).toBe(1);
});

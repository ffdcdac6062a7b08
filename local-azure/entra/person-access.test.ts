import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { CosmosClient } from "@azure/cosmos";
import { UsernamePasswordCredential } from "@azure/identity";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type HostileCloud, resourceGroup, startHostileCloud } from "../testing/hostile-cloud.ts";
import type { Developer } from "./developer.ts";
import { openDirectory } from "./directory.ts";
import { azureCli } from "./first-party.ts";

let hostile: HostileCloud;
let developer: Developer;
let file: string;

beforeAll(async () => {
  hostile = await startHostileCloud();
  file = join(hostile.cloud.platform.directory, "developer.json");
  developer = JSON.parse(readFileSync(file, "utf8"));
});
afterAll(() => hostile?.cloud.close());

/** The developer, signed in as the az CLI would sign them in. */
function signedIn(): UsernamePasswordCredential {
  const { tenantId, origin } = hostile.cloud;
  const { userPrincipalName, password } = developer;
  return new UsernamePasswordCredential(tenantId, azureCli.appId, userPrincipalName, password, {
    authorityHost: origin,
    disableInstanceDiscovery: true,
  });
}

/** A group that holds the developer; answers its object id. */
function groupOfDeveloper(): string {
  const directory = openDirectory(hostile.cloud.platform);
  const { id } = directory.create({ type: "group", displayName: "developers" });
  directory.memberships.add(id, developer.objectId);
  return id;
}

const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const dataReader = "00000000-0000-0000-0000-000000000001";
const soon = { updateIntervalInMs: 5 };

test("the developer's password stands in a file that only its owner can read", () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(developer).toEqual({
    userPrincipalName: "developer@local-azure.example",
    password: expect.stringMatching(/^[\w-]{32}$/),
    objectId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    passwordSetAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
});

test("resource manager decides by the groups of a person", async () => {
  const { origin, subscriptionId, platform, credential } = hostile.cloud;
  const { token } = await signedIn().getToken("https://management.azure.com/.default");
  const group = `${origin}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const ask = async () =>
    (await fetch(`${group}?api-version=2021-04-01`, { headers: { Authorization: `Bearer ${token}` } }))
      .status;
  expect(await ask()).toBe(403);

  const { token: deployer } = await credential().getToken("https://management.azure.com/.default");
  const assignment = await fetch(
    `${group}/providers/Microsoft.Authorization/roleAssignments/${platform.ids.uuid()}?api-version=2022-04-01`,
    {
      method: "PUT",
      headers: { Authorization: `Bearer ${deployer}`, "Content-Type": "application/json" },
      body: JSON.stringify({
        properties: {
          principalId: groupOfDeveloper(),
          principalType: "Group",
          roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
        },
      }),
    },
  );
  expect(assignment.status).toBe(201);
  expect(await ask()).toBe(200);
});

test("the data plane decides by the object id of a person, or by the groups in their token", async () => {
  const { management, keyless, cloud } = hostile;
  const accountId = `/subscriptions/${cloud.subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.DocumentDB/databaseAccounts/${keyless.name}`;
  const read = async () => {
    const client = new CosmosClient({
      endpoint: keyless.origin,
      aadCredentials: signedIn(),
      agent: cloud.agent,
    });
    const container = client.database("orders").container("orders");
    const outcome = await container.items
      .readAll()
      .fetchAll()
      .then(
        ({ resources }) => resources,
        (error: { code?: number; message?: string }) => `${error.code} ${error.message}`,
      );
    client.dispose();
    return outcome;
  };
  expect(await read()).toContain(
    `403 Request blocked by Auth ${keyless.name} : Request is blocked because principal [${developer.objectId}] does not have required RBAC permissions`,
  );
  for (const principalId of [developer.objectId, groupOfDeveloper()]) {
    const id = cloud.platform.ids.uuid();
    const { sqlResources } = management;
    await sqlResources.createUpdateSqlRoleAssignment(
      resourceGroup,
      keyless.name,
      id,
      {
        principalId,
        scope: accountId,
        roleDefinitionId: `${accountId}/sqlRoleDefinitions/${dataReader}`,
      },
      soon,
    );
    expect(await read()).toEqual([]);
    await sqlResources.deleteSqlRoleAssignment(resourceGroup, keyless.name, id, soon);
    expect(await read()).toContain("403 ");
  }
});

test("the password stays through a restart, and a lost file brings another", async () => {
  const { cloud } = hostile;
  const read = (): Developer => JSON.parse(readFileSync(file, "utf8"));
  await cloud.restart();
  expect(read()).toEqual(developer);
  rmSync(file);
  await cloud.restart();
  expect(read()).toEqual({
    ...developer,
    password: expect.not.stringMatching(developer.password),
    passwordSetAt: expect.not.stringMatching(developer.passwordSetAt ?? ""),
  });
  await expect(signedIn().getToken("https://management.azure.com/.default")).rejects.toThrow("AADSTS50126");
  developer = read();
  await expect(signedIn().getToken("https://management.azure.com/.default")).resolves.toBeDefined();
});

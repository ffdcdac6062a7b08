import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { program } from "./index.ts";
import { stackOutputsSchema } from "./outputs/schema.ts";
import { ACCOUNT_ID, configuration, GROUP, only, run, SITE_IDENTITY, tags } from "./testing/dev-stack.ts";
import { recordProgram, settled } from "./testing/recording-monitor.ts";

test("a resource group", async () => {
  expect(only(await run(), "azure-native:resources:ResourceGroup").inputs).toEqual({
    resourceGroupName: GROUP,
    location: "westeurope",
    tags,
  });
});

test("the outputs have the shape that everything else reads, with hosts as Azure gave them", async () => {
  const outputs = stackOutputsSchema.parse(await settled((await run()).result));
  expect(outputs.account).toEqual({
    name: expect.stringMatching(/^cosmos-dev-/),
    id: ACCOUNT_ID,
    endpoint: "https://localhost:7001/",
  });
  expect(outputs.workloads["orders-api"]).toMatchObject({
    url: "https://localhost:7002",
    scmUrl: "https://localhost:7003",
    principalId: SITE_IDENTITY,
  });
  expect(
    outputs.grants.map(({ principal, role, scope, dataActions, owner, reviewBy }) => ({
      principal,
      role,
      scope,
      dataActions,
      owner,
      reviewBy,
    })),
  ).toEqual([
    {
      principal: "orders-api",
      role: "contributor",
      scope: "orders/orders",
      dataActions: [
        "Microsoft.DocumentDB/databaseAccounts/readMetadata",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/*",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*",
      ],
      owner: "team-orders",
      reviewBy: "2027-02-20",
    },
    {
      principal: "deployer",
      role: "reader",
      scope: "orders/orders",
      dataActions: [
        "Microsoft.DocumentDB/databaseAccounts/readMetadata",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/readChangeFeed",
      ],
      owner: "team-platform",
      reviewBy: "2027-02-20",
    },
  ]);
});

test("every component stands under the stack, every resource under a component", async () => {
  const { registrations } = await run();
  const orphans = registrations.filter(
    ({ type, parent }) => type.startsWith("azure-native:") && parent === "",
  );
  expect(orphans.map(({ type }) => type)).toEqual(["azure-native:resources:ResourceGroup"]);
});

test("the same settings register the same again", async () => {
  const [first, second] = [await run(), await run()].map(({ registrations }) =>
    registrations.toSorted(
      (left, right) => left.type.localeCompare(right.type) || left.name.localeCompare(right.name),
    ),
  );
  expect(first).toEqual(second);
});

test("wrong settings register nothing and fail without a stack trace", async () => {
  const failure = await recordProgram(() => program().catch((error: unknown) => error), {
    configuration: configuration({ "keyless-cosmos:environment": "", "keyless-cosmos:dataloss": "allowed" }),
    invoke: () => ({}),
    id: () => "",
    outputs: () => ({}),
  });
  expect(failure.registrations).toEqual([]);
  expect(pulumi.RunError.isInstance(failure.result)).toBe(true);
  expect((failure.result as Error).message).toBe(
    [
      "2 faults in the settings of stack dev; nothing was registered:",
      "  keyless-cosmos:dataloss",
      '    wrong: "dataloss" is not a known key',
      '    fix:   did you mean "dataLoss"? (known keys: environment, dataLoss, allowedAddresses, cosmos, example, today, workloads, principals, applications, identities, groups, developers, roles)',
      "  keyless-cosmos:environment",
      '    wrong: "" cannot be used as a name',
      "    fix:   use lower-case letters, digits and single hyphens, a letter first, at most 20 characters",
    ].join("\n"),
  );
});

test("the provider's index, which loads every Azure service, is never imported (pain 5)", () => {
  const importing = globSync("**/*.ts", { cwd: import.meta.dirname }).filter((file) =>
    /from "@pulumi\/azure-native(?:\/\w+)?"/.test(readFileSync(join(import.meta.dirname, file), "utf8")),
  );
  expect(importing).toEqual([]);
});

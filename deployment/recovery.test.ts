import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { type AzureCloud, bearer, connect } from "../connection/azure-cloud.ts";
import { listAzure } from "../connection/azure-request.ts";
import { engineBuildMs } from "../local-azure/testing/command-line.ts";
import { projectName } from "./recovery.ts";
import type { StateResource } from "./stack-state.ts";
import { makeTestClone, type TestClone } from "./testing/test-clone.ts";

let clone: TestClone;
let env: NodeJS.ProcessEnv;
let cloud: AzureCloud;
beforeAll(async () => {
  clone = makeTestClone();
  env = await clone.environment();
  const authority = readFileSync(env.NODE_EXTRA_CA_CERTS ?? "", "utf8");
  setDefaultCACertificates([...getCACertificates("default"), authority]);
  cloud = await connect(env);
}, engineBuildMs);
afterAll(() => clone.close());

const pulumi = (...args: string[]) => clone.succeed(env, "pulumi", ...args, "--non-interactive");
const recover = (stack: string) =>
  clone.succeed(env, process.execPath, "deployment/recover.ts", "--stack", stack);
const up = (stack: string) => ["up", "--yes", "--skip-preview", "--stack", stack, "--non-interactive"];
const newStack = (stack: string) => pulumi("stack", "init", stack, "--copy-config-from", "local");

/** The state file of a stack in a file backend. */
interface StateFile {
  readonly checkpoint: { latest: { resources: StateResource[]; pending_operations?: unknown[] } };
}

const stateFile = (stack: string) =>
  join(fileURLToPath(env.PULUMI_BACKEND_URL ?? ""), ".pulumi", "stacks", projectName, `${stack}.json`);

const readState = (stack: string): StateFile => JSON.parse(readFileSync(stateFile(stack), "utf8"));

async function idsUnder(path: string, apiVersion: string): Promise<string[]> {
  const url = `${cloud.resourceManager.url}${path}?api-version=${apiVersion}`;
  const response = await fetch(url, { headers: { authorization: await bearer(cloud) } });
  if (response.status === 404) return [];
  expect(response.status).toBe(200);
  const { value } = (await response.json()) as { value: { id: string }[] };
  return value.map(({ id }) => id.toLowerCase());
}

const cosmosVersion = "2025-10-15";

/** Every resource of the stack's group in resource manager, by its id in lower case. */
async function existing(stack: string): Promise<string[]> {
  const group = `/subscriptions/${env.ARM_SUBSCRIPTION_ID}/resourceGroups/rg-keyless-cosmos-${stack}`;
  const found = await idsUnder(`${group}/resources`, "2021-04-01");
  for (const account of found.filter((id) => id.includes("/databaseaccounts/"))) {
    const databases = await idsUnder(`${account}/sqlDatabases`, cosmosVersion);
    found.push(...databases, ...(await idsUnder(`${account}/sqlRoleAssignments`, cosmosVersion)));
    for (const database of databases)
      found.push(...(await idsUnder(`${database}/containers`, cosmosVersion)));
  }
  return found;
}

/** What of the directory bears the stack's name, by the provider's ids. */
async function inDirectory(stack: string): Promise<string[]> {
  const named = z.object({ id: z.string(), displayName: z.string() });
  const lists = ["applications", "servicePrincipals"].map(async (list) =>
    (await listAzure(cloud, "graph", `/v1.0/${list}`, named))
      .filter(({ displayName }) => displayName.startsWith(`${projectName}/${stack}/`))
      .map(({ id }) => `/${list.toLowerCase()}/${id}`),
  );
  return (await Promise.all(lists)).flat();
}

/** What exists, but that the stack's state knows nothing of. */
async function orphans(stack: string): Promise<string[]> {
  const { resources } = readState(stack).checkpoint.latest;
  const known = new Set(resources.map(({ id }) => id?.toLowerCase()));
  return [...(await existing(stack)), ...(await inDirectory(stack))].filter((id) => !known.has(id));
}

test.each([5, 11, 19])(
  "an update that is killed at its create number %i is finished by the next one",
  async (count) => {
    const stack = `killed-${count}`;
    await newStack(stack);
    const killed = clone.start(env, "pulumi", ...up(stack));
    await killed.output((text) => text.split(" creating (").length > count);
    killed.process.kill("SIGKILL");
    await killed.nothingLeft();
    expect((await killed.ended).code).toBeUndefined();
    expect(await recover(stack)).toContain(
      `removed the lock of process ${killed.process.pid}, which is dead`,
    );
    expect(await orphans(stack)).toEqual([]);
    await pulumi(...up(stack));
    expect(await orphans(stack)).toEqual([]);
    expect(await existing(stack)).toHaveLength(8);
    expect(await inDirectory(stack)).toHaveLength(2);
    await pulumi("preview", "--expect-no-changes", "--stack", stack);
  },
);

test("a create that was answered but not written down is imported, one that never came to be is cleared", async () => {
  const stack = "pending";
  await newStack(stack);
  await pulumi(...up(stack));
  const state = readState(stack);
  const { latest } = state.checkpoint;
  const find = (type: string, name: string) => {
    const found = latest.resources.find(({ urn }) => urn.endsWith(`${type}::${name}`));
    if (found === undefined) throw new Error(`the stack has no ${type} ${name}`);
    return found;
  };
  const reader = find(":SqlResourceSqlRoleAssignment", "deployer/reader/orders/orders");
  const scm = find(":WebAppScmAllowed", "orders-api-scm");
  const application = find(":Application", "orders-api");
  const principal = find(":ServicePrincipal", "orders-api");
  const azCli = find(":ApplicationPreAuthorized", "orders-api-az-cli");
  // A kill at this moment comes before what depends on the role assignment.
  const later = [find(":SiteSettings", "orders-api"), find(":WebAppApplicationSettings", "orders-api")];
  const neverMade = {
    ...reader,
    urn: `${reader.urn}/never`,
    inputs: { ...reader.inputs, roleAssignmentId: "00000000-0000-4000-8000-000000000000" },
  };
  const imported = [application, principal, azCli, reader, scm];
  const gone = new Set([...imported, ...later]);
  latest.resources = latest.resources.filter((resource) => !gone.has(resource));
  latest.pending_operations = [...imported, neverMade].map((resource) => ({
    type: "creating",
    resource: { ...resource, id: undefined, outputs: undefined },
  }));
  writeFileSync(stateFile(stack), JSON.stringify(state));
  // Pulumi itself cannot read the stack any more once a kill cut this file off.
  writeFileSync(`${stateFile(stack)}.attrs`, "");

  const named = ({ urn }: StateResource) => urn.split("::").slice(-2).join(" ");
  expect(await recover(stack)).toBe(
    [
      "- removed attribute files that were cut off while they were written: 1",
      ...imported.map((resource) => `- imported ${named(resource)} as ${resource.id}`),
      `- cleared ${named(neverMade)}: it was not created\n`,
    ].join("\n"),
  );
  expect(await orphans(stack)).toEqual([]);
  expect(await pulumi(...up(stack))).toMatch(/\+ 2 created\s+26 unchanged/);
  await pulumi("preview", "--expect-no-changes", "--stack", stack);
  expect(await recover(stack)).toBe(`Stack ${stack}: nothing to recover.\n`);
});

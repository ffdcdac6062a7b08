import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type KeyVaultSecret, SecretClient } from "@azure/keyvault-secrets";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { connect } from "../../connection/azure-cloud.ts";
import { askAzure } from "../../connection/azure-request.ts";
import type { MovableClock } from "../../local-azure/core/movable-clock.ts";
import type { RequestLogEntry } from "../../local-azure/core/request-log.ts";
import { openDirectory } from "../../local-azure/entra/directory.ts";
import { createPulumiProject, type PulumiProject } from "../../local-azure/pulumi/testing/pulumi-project.ts";
import { engineBuildMs } from "../../local-azure/testing/command-line.ts";
import { startTestCloud, type TestCloud } from "../../local-azure/testing/test-cloud.ts";
import { type StackOutputs, stackOutputsSchema } from "../outputs/schema.ts";

const repository = join(import.meta.dirname, "..", "..");
const secretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
const stepMs = 180_000;

const dayMs = 24 * 60 * 60 * 1000;
/** Periods begin every 45 days from this one on. */
const epochMs = Date.UTC(2026, 0, 1);
/** The next beginning of a period: the cloud's clock is only ever moved forward. */
const beginMs = epochMs + Math.ceil((Date.now() - epochMs) / (45 * dayMs)) * 45 * dayMs;
const day = (after: number) => new Date(beginMs + after * dayMs).toISOString().slice(0, "YYYY-MM-DD".length);

/** The first day of a period; 46 days later the next one has begun, and 91 days after that its secret has ended. */
const days = { first: day(0), rotation: day(46), late: day(137) } as const;

type Placed = NonNullable<StackOutputs["workloads"][string]["secret"]>;
type Application = TestCloud["deployer"];

let cloud: TestCloud;
let project: PulumiProject;
let environment: Record<string, string>;
/** What was written to secrets and answered, in this order. */
let writes: string[] = [];

beforeAll(async () => {
  cloud = await startTestCloud();
  const log = cloud.platform.requestLog;
  const record = log.record.bind(log);
  log.record = (entry: RequestLogEntry) => {
    record(entry);
    const write = /\/(addPassword|removePassword)$|\/vaults\/[^/]+\/(secrets)\/[^/]+$/.exec(entry.path);
    if (write !== null && entry.method !== "GET") writes.push(`${entry.method} ${write[1] ?? write[2]}`);
  };
  environment = {
    ARM_METADATA_HOSTNAME: new URL(cloud.origin).host,
    ARM_SUBSCRIPTION_ID: cloud.subscriptionId,
    ARM_TENANT_ID: cloud.tenantId,
    ARM_CLIENT_ID: cloud.deployer.clientId,
    ARM_CLIENT_SECRET: cloud.deployer.clientSecret,
    AZURE_AUTHORITY_HOST: cloud.origin,
    NODE_EXTRA_CA_CERTS: cloud.platform.certificates.caFile,
  };
  project = await createPulumiProject(environment);
  // The program itself, by its own Pulumi.yaml, with the settings of the example.
  symlinkSync(join(repository, "infra"), join(project.directory, "infra"));
  const copy = (from: string, to: string) => project.write(to, readFileSync(join(repository, from), "utf8"));
  copy("Pulumi.yaml", "Pulumi.yaml");
  copy("examples/client-secret/settings.yaml", "Pulumi.rotation.yaml");
  await project.succeed("stack", "init", "rotation");
}, engineBuildMs);
afterAll(async () => {
  project.remove();
  await cloud.close();
});

/** Puts the cloud's clock and the program's day to a day. */
async function moveTo(day: string): Promise<void> {
  (cloud.platform.clock as MovableClock).move(Date.parse(`${day}T08:00:00Z`) - Date.now());
  await project.succeed("config", "set", "keyless-cosmos:today", day);
}

const outputs = async () =>
  stackOutputsSchema.parse(JSON.parse(await project.succeed("stack", "output", "--json")));

/** Answers what was printed, and keeps what was written meanwhile in `writes`. */
function up(): Promise<string> {
  writes = [];
  return project.succeed("up", "--yes", "--skip-preview", "--diff");
}

/** An application that may read the secrets of the deployment. */
async function makeReader({ subscriptionId, resourceGroup }: StackOutputs): Promise<Application> {
  const directory = openDirectory(cloud.platform);
  const { id, appId = "" } = directory.create({ type: "application", displayName: "reader" });
  const principal = directory.create({ type: "servicePrincipal", displayName: "reader", appId });
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  await askAzure(
    await connect(environment),
    "resourceManager",
    "PUT",
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${cloud.platform.ids.uuid()}?api-version=2022-04-01`,
    {
      properties: {
        principalId: principal.id,
        principalType: "ServicePrincipal",
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${secretsUser}`,
      },
    },
  );
  const { secretText } = directory.passwords.add(id, { displayName: "reader" });
  return { clientId: appId, clientSecret: secretText, principalId: principal.id };
}

/** A client of the vault that has no token yet: one from before the clock was moved has ended. */
const vaultOf = ({ vaultUri }: Placed, reader: Application) =>
  new SecretClient(vaultUri, cloud.credential(reader), { disableChallengeResourceVerification: true });

/** Signs in to reach Cosmos DB, with nothing kept from before; answers a refusal by its first sentence. */
async function signIn({ clientId }: Placed, { value = "" }: KeyVaultSecret): Promise<string> {
  try {
    await cloud.credential({ clientId, clientSecret: value }).getToken("https://cosmos.azure.com/.default");
    return "works";
  } catch (error) {
    const refusal = /AADSTS\d+: [^.]*\./.exec(String(error))?.[0];
    if (refusal === undefined) throw error;
    return refusal;
  }
}

const registrationSchema = z.object({
  passwordCredentials: z.array(z.object({ displayName: z.string(), endDateTime: z.coerce.date() })),
});

/** The registration's passwords as Microsoft Graph shows them, in the order of their ends. */
async function passwords({ clientId }: Placed): Promise<[name: string, end: Date][]> {
  const path = `/v1.0/applications(appId='${clientId}')?$select=passwordCredentials`;
  const shown = registrationSchema.parse(await askAzure(await connect(environment), "graph", "GET", path));
  return shown.passwordCredentials
    .map(({ displayName, endDateTime }): [string, Date] => [displayName, endDateTime])
    .sort(([, one], [, other]) => one.getTime() - other.getTime());
}

/** Repeats `look`, each time as soon as it has answered, until `work` has ended. */
async function during<Seen>(work: Promise<string>, look: () => Promise<Seen>): Promise<[string, Seen[]]> {
  let runs = true;
  const repeat = async () => {
    const seen: Seen[] = [];
    while (runs) seen.push(await look());
    return seen;
  };
  const ended = work.finally(() => {
    runs = false;
  });
  return Promise.all([ended, repeat()]);
}

test(
  "`pulumi up` rotates a client secret with no moment in which neither works, and mends one that ended",
  async () => {
    await moveTo(days.first);
    const printed = [await up()];
    const deployed = await outputs();
    const placed = deployed.workloads["orders-api"]?.secret;
    if (placed === undefined) throw new Error("orders-api has no secret");
    expect(placed.endsOn).toBe(day(90));
    const reader = await makeReader(deployed);
    const first = await vaultOf(placed, reader).getSecret(placed.name);
    expect(await signIn(placed, first)).toBe("works");
    expect(await passwords(placed)).toEqual([
      [`until ${day(45)}`, new Date(day(45))],
      [`until ${day(90)}`, new Date(day(90))],
    ]);

    await moveTo(days.rotation);
    const vault = vaultOf(placed, reader);
    const [said, tries] = await during(up(), async () => {
      const held = await vault.getSecret(placed.name);
      const [ofVault, ofFirst] = [await signIn(placed, held), await signIn(placed, first)];
      return { rotated: held.properties.version !== first.properties.version, ofVault, ofFirst };
    });
    printed.push(said);
    // Neither the secret in the vault nor the one that clients may still hold was refused at any time.
    expect(tries.filter(({ ofVault, ofFirst }) => ofVault !== "works" || ofFirst !== "works")).toEqual([]);
    expect(tries[0]?.rotated).toBe(false);
    expect(tries.length).toBeGreaterThan(2);
    // What no try may have fallen between: made, then handed out, and only then the one before the first removed.
    expect(writes).toEqual(["POST addPassword", "PUT secrets", "POST removePassword"]);

    const second = await vault.getSecret(placed.name);
    expect(second.properties.version).not.toBe(first.properties.version);
    expect(second.value === first.value).toBe(false);
    expect(second.properties.expiresOn).toEqual(new Date(day(135)));
    expect([await signIn(placed, second), await signIn(placed, first)]).toEqual(["works", "works"]);
    expect((await outputs()).workloads["orders-api"]?.secret).toEqual({ ...placed, endsOn: day(135) });
    expect(await passwords(placed)).toEqual([
      [`until ${day(90)}`, new Date(day(90))],
      [`until ${day(135)}`, new Date(day(135))],
    ]);

    await moveTo(days.late);
    const ended = `AADSTS7000222: The provided client secret keys for app '${placed.clientId}' are expired.`;
    expect([await signIn(placed, second), await signIn(placed, first)]).toEqual([ended, ended]);
    printed.push(await up());
    const third = await vaultOf(placed, reader).getSecret(placed.name);
    expect(await signIn(placed, third)).toBe("works");
    expect(await passwords(placed)).toEqual([
      [`until ${day(180)}`, new Date(day(180))],
      [`until ${day(225)}`, new Date(day(225))],
    ]);

    // Compared here, so that a failure prints none either.
    const values = [first, second, third].map(({ value = "" }) => value);
    expect(values.map((value) => value.length > 30)).toEqual([true, true, true]);
    const everything = `${printed.join("\n")}\n${await project.succeed("stack", "export")}`;
    expect(values.filter((value) => everything.includes(value)).length).toBe(0);
  },
  4 * stepMs,
);

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ClientSecretCredential } from "@azure/identity";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openTestCommandLine, type TestCommandLine } from "../testing/command-line.ts";

interface Running {
  readonly origin: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clockOffsetSeconds: number;
}

interface Deployer {
  readonly clientId: string;
  readonly clientSecret: string;
}

let cli: TestCommandLine;
let cloud: Running;
beforeAll(async () => {
  cli = openTestCommandLine();
  cloud = JSON.parse(await cli.succeed("start", "--json"));
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(cli.home, "ca.crt"), "utf8")]);
});
afterAll(() => cli.close());

const clock = async (...args: string[]) =>
  JSON.parse(await cli.succeed("clock", ...args, "--json")) as { now: string; offsetSeconds: number };
const status = async () => JSON.parse(await cli.succeed("status", "--json")) as Running;
const deployer = () => JSON.parse(readFileSync(join(cli.home, "deployer.json"), "utf8")) as Deployer;
const day = 86_400;

/** A token of the client for `resource`, by a credential that has none yet. */
async function token({ clientId, clientSecret }: Deployer, resource = cloud.origin): Promise<string> {
  const credential = new ClientSecretCredential(cloud.tenantId, clientId, clientSecret, {
    authorityHost: cloud.origin,
    disableInstanceDiscovery: true,
  });
  return (await credential.getToken(`${resource}/.default`)).token;
}

async function graph(path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(`${cloud.origin}/graph/v1.0${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await token(deployer(), `${cloud.origin}/graph`)}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
}

test("a moved clock ends secrets and tokens, is shown, outlasts a restart and is put back; TLS stays good", async () => {
  const application = await graph("/applications", { displayName: "pipeline" });
  await graph("/servicePrincipals", { appId: application.appId });
  const start = Date.now();
  const { secretText = "" } = await graph(`/applications/${application.id}/addPassword`, {
    passwordCredential: { endDateTime: new Date(start + 30 * day * 1000).toISOString() },
  });
  const pipeline = { clientId: application.appId ?? "", clientSecret: secretText };
  const issued = await token(pipeline);
  const subscription = () =>
    fetch(`${cloud.origin}/subscriptions/${cloud.subscriptionId}?api-version=2022-12-01`, {
      headers: { authorization: `Bearer ${issued}` },
    });
  expect((await subscription()).status).not.toBe(401);

  expect(await clock("advance", "20d")).toMatchObject({ offsetSeconds: 20 * day });
  expect((await subscription()).status).toBe(401);
  await token(pipeline);
  expect(await clock("advance", "11d")).toMatchObject({ offsetSeconds: 31 * day });
  await expect(token(pipeline)).rejects.toThrow("AADSTS7000222");

  await cli.succeed("stop");
  cloud = JSON.parse(await cli.succeed("start", "--json"));
  await expect(token(pipeline)).rejects.toThrow("AADSTS7000222");
  expect(await status()).toEqual(cloud);
  expect(cloud.clockOffsetSeconds).toBe(31 * day);
  expect(await cli.succeed("status")).toContain("\nClock:        31d ahead of the machine's time\n");

  const { now, offsetSeconds } = await clock("reset");
  expect([offsetSeconds, Date.parse(now) - start < 30 * day * 1000]).toEqual([0, true]);
  await token(pipeline);
  expect(await cli.succeed("status")).not.toContain("Clock:");
});

test("the deployer's secret is renewed when the clock passes its end, so that commands still sign in", async () => {
  const before = deployer();
  await clock("advance", "1500d");
  expect(deployer()).toMatchObject({ clientId: before.clientId });
  expect(deployer().clientSecret).not.toBe(before.clientSecret);
  await token(deployer());
  await clock("reset");
  await token(deployer());
});

test("is set to a time, ahead and back, and told for people", async () => {
  const { now } = await clock("set", "2031-01-01");
  expect(now).toMatch(/^2031-01-01T00:00:/);
  expect((await clock("set", "2024-02-29T12:00:00+02:00")).now).toMatch(/^2024-02-29T10:00:/);
  expect(await cli.succeed("clock")).toMatch(/^2024-02-29T10:0\d:\S+Z, \d+d\S* behind the machine's time\n$/);
  expect(await cli.succeed("clock", "reset")).toMatch(/^\S+Z, the machine's time\n$/);
});

test.each([
  [["set", "tomorrow"], 'LA-CLOCK-TIME: "tomorrow" is not a time.'],
  [["set", "2027-02-30T12:00Z"], 'LA-CLOCK-TIME: "2027-02-30T12:00Z" is not a time.'],
  [["set", "1999-12-31"], "LA-CLOCK-TIME: The clock stays between the years 2000 and 9000."],
  [["advance", "3000000d"], "LA-CLOCK-TIME: The clock stays between the years 2000 and 9000."],
  [["advance", "3 days"], 'LA-DURATION: "3 days" is not a duration.'],
])("clock %j is refused", async (args, first) => {
  const { code, stdout, stderr } = await cli.run("clock", ...args);
  expect([code, stdout, stderr.split("\n")[0]]).toEqual([1, "", first]);
});

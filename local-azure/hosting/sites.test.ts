import { existsSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { siteFolder } from "./site-folder.ts";
import { eventually } from "./testing/eventually.ts";
import {
  type HostingCloud,
  reportingApp,
  resourceGroup,
  startHostingCloud,
  type TestSite,
  zipOf,
} from "./testing/hosting-cloud.ts";

let hosting: HostingCloud;
let site: TestSite;

process.env.PLANTED_IN_THE_CLOUD = "must not be seen";

beforeAll(async () => {
  hosting = await startHostingCloud();
  site = await hosting.site("orders-api", {
    siteConfig: { appSettings: [{ name: "GREETING", value: "hello" }] },
  });
});
afterAll(() => hosting.close());

async function publish(to: TestSite, files: Readonly<Record<string, string>>): Promise<void> {
  const answer = await hosting.https(`${to.scmUrl}/api/publish?type=zip`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await hosting.token()}`,
      "content-type": "application/octet-stream",
    },
    body: zipOf(files),
  });
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"status":4')]);
}

const read = async (path: string, of = site) => (await hosting.https(`${of.url}${path}`)).text;
const serves = (version: string, of = site) =>
  eventually(
    () => read("/", of),
    (text) => text === version,
  );
const json = async (path: string, of = site) => JSON.parse(await read(path, of)) as Record<string, unknown>;

test("a site without content answers 503 and says so", async () => {
  const answer = await hosting.https(site.url);
  expect([answer.status, answer.statusText]).toEqual([503, "Service Unavailable"]);
  expect(answer.text).toContain("Application Error");
});

describe("a published site", () => {
  beforeAll(async () => {
    await publish(site, reportingApp("one"));
    await serves("one");
  });

  test("has exactly the environment that App Service gives it, and nothing of the cloud's", async () => {
    const environment = await json("/env");
    const folder = siteFolder(hosting.cloud.platform.directory, "orders-api");
    const host = new URL(site.url).host;
    const { PWD, SHLVL, _, OLDPWD, PATH, WEBSITE_INSTANCE_ID, ...rest } = environment;
    expect({ PWD, PATH, WEBSITE_INSTANCE_ID }).toEqual({
      PWD: expect.stringContaining(folder.releases),
      PATH: expect.stringMatching(`^${folder.programs}:`),
      WEBSITE_INSTANCE_ID: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(rest).toEqual({
      GREETING: "hello",
      APPSETTING_GREETING: "hello",
      HOME: folder.home,
      TMPDIR: folder.temporary,
      LANG: "C.UTF-8",
      PORT: expect.stringMatching(/^\d+$/),
      NODE_EXTRA_CA_CERTS: hosting.cloud.platform.certificates.caFile,
      IDENTITY_ENDPOINT: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/msi\/token$/),
      IDENTITY_HEADER: expect.stringMatching(/^[\w-]{43}$/),
      REGION_NAME: "westeurope",
      WEBSITE_AUTH_ENABLED: "False",
      WEBSITE_DEFAULT_HOSTNAME: host,
      WEBSITE_HOSTNAME: host,
      WEBSITE_OWNER_NAME: `${hosting.cloud.subscriptionId}+hosting-westeuropewebspace-Linux`,
      WEBSITE_PRIVATE_IP: "127.0.0.1",
      WEBSITE_RESOURCE_GROUP: resourceGroup,
      WEBSITE_SITE_NAME: "orders-api",
      WEBSITE_SKU: "Basic",
      WEBSITE_STACK: "NODE",
    });
  });

  test("listens on loopback only, whatever address it asks for", async () => {
    expect(await json("/address")).toMatchObject({ address: "127.0.0.1" });
  });

  test("is told who calls, and no caller can pose as a signed-in user", async () => {
    const answer = await hosting.https(`${site.url}/headers`, {
      headers: {
        "X-MS-CLIENT-PRINCIPAL": "e30=",
        "X-MS-TOKEN-AAD-ACCESS-TOKEN": "forged",
        "X-Forwarded-For": "203.0.113.7",
        "X-Own": "kept",
      },
    });
    const headers = JSON.parse(answer.text) as Record<string, string>;
    expect(headers).toMatchObject({
      host: new URL(site.url).host,
      "x-own": "kept",
      "x-forwarded-proto": "https",
      "x-forwarded-for": expect.stringMatching(/^203\.0\.113\.7, (127\.0\.0\.1|::1):\d+$/),
      "x-forwarded-tlsversion": "1.3",
    });
    expect(Object.keys(headers).filter((name) => name.startsWith("x-ms-"))).toEqual([]);
  });

  test("gets bodies and gives answers unchanged", async () => {
    const body = "x".repeat(300_000);
    for (const [method, header, value] of [
      ["POST", "content-length", "300000"],
      ["POST", "transfer-encoding", "chunked"],
      ["DELETE", "transfer-encoding", "chunked"],
      ["GET", "content-length", "300000"],
    ] as const) {
      const answer = await hosting.https(`${site.url}/echo`, { method, body, headers: { [header]: value } });
      expect([method, header, answer.text === body]).toEqual([method, header, true]);
      expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    }
  });

  test("that ends a request without an answer makes it 502", async () => {
    const answer = await hosting.https(`${site.url}/silent`);
    expect([answer.status, answer.statusText]).toEqual([502, "Bad Gateway"]);
  });

  test("sees a changed setting", async () => {
    const before = await json("/pid");
    await hosting.web.webApps.updateApplicationSettings(resourceGroup, site.name, {
      properties: { GREETING: "bonjour" },
    });
    const environment = await eventually(
      () => json("/env"),
      ({ GREETING }) => GREETING === "bonjour",
    );
    expect(environment.APPSETTING_GREETING).toBe("bonjour");
    expect(await json("/pid")).not.toBe(before);
  });

  test("runs anew after a restart that was asked for, and after its process was killed", async () => {
    const asked = await json("/pid");
    await hosting.web.webApps.restart(resourceGroup, site.name);
    const restarted = await eventually(
      () => json("/pid"),
      (pid) => pid !== asked,
    );
    process.kill(Number(restarted), "SIGKILL");
    const killed = await eventually(
      async () => hosting.https(`${site.url}/pid`),
      ({ status, text }) => status === 200 && text !== String(restarted),
    );
    expect(killed.text).toMatch(/^\d+$/);
  });

  test("finishes a request that its old process has begun", async () => {
    const old = await read("/pid");
    const slow = hosting.https(`${site.url}/slow`);
    await hosting.web.webApps.restart(resourceGroup, site.name);
    await eventually(
      () => read("/pid"),
      (pid) => pid !== old,
    );
    const answer = await slow;
    expect([answer.status, answer.text]).toEqual([200, old]);
  });

  test("answers through the old process until the new one answers", async () => {
    await publish(site, {
      ...reportingApp("two"),
      "package.json": JSON.stringify({ scripts: { start: "exit 7" } }),
    });
    expect(await read("/")).toBe("one");
    await eventually(
      async () => siteLog(),
      (log) => log.includes("ended before it answered: exit code 7"),
    );
    expect(await read("/")).toBe("one");
    await publish(site, reportingApp("three"));
    await serves("three");
  });

  test("is stopped and started", async () => {
    await hosting.web.webApps.stop(resourceGroup, site.name);
    const answer = await hosting.https(site.url);
    expect([answer.status, answer.statusText]).toEqual([403, "Site Disabled"]);
    await hosting.web.webApps.start(resourceGroup, site.name);
    await serves("three");
  });

  test("has a log that only its owner can read", async () => {
    const { logFile } = siteFolder(hosting.cloud.platform.directory, "orders-api");
    expect(statSync(logFile).mode & 0o777).toBe(0o600);
    expect(siteLog()).toMatch(/^\d{4}-.*Z stdout version one listens$/m);
    expect(siteLog()).not.toContain("IDENTITY_HEADER");
  });

  test("admits only the addresses of its access restrictions", async () => {
    const rules = (ipAddress: string) =>
      hosting.web.webApps.updateConfiguration(resourceGroup, site.name, {
        ipSecurityRestrictions: [{ name: "office", action: "Allow", priority: 100, ipAddress }],
        ipSecurityRestrictionsDefaultAction: "Deny",
      });
    const config = await rules("203.0.113.0/24");
    expect(config.ipSecurityRestrictions).toEqual([
      expect.objectContaining({
        name: "office",
        ipAddress: "203.0.113.0/24",
        action: "Allow",
        priority: 100,
      }),
      expect.objectContaining({ name: "Deny all", ipAddress: "Any", action: "Deny" }),
    ]);
    const refused = await hosting.https(site.url);
    expect([refused.status, refused.statusText]).toEqual([403, "Ip Forbidden"]);
    expect(refused.headers["x-ms-forbidden-ip"]).toMatch(/^(127\.0\.0\.1|::1)$/);
    await rules("127.0.0.0/8,::1/128");
    expect(await read("/")).toBe("three");
  });

  test("starts again with the local cloud, on the same port", async () => {
    const before = await json("/pid");
    await hosting.cloud.restart();
    expect(isRunning(Number(before))).toBe(false);
    await serves("three");
  });

  test("leaves nothing behind when it is deleted", async () => {
    const doomed = await hosting.site("doomed");
    await publish(doomed, reportingApp("doomed"));
    await serves("doomed", doomed);
    const pid = Number(await json("/pid", doomed));
    await hosting.web.webApps.delete(resourceGroup, doomed.name, { deleteEmptyServerFarm: false });
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(siteFolder(hosting.cloud.platform.directory, "doomed").root)).toBe(false);
    await expect(hosting.https(doomed.url)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

function siteLog(): string {
  return readFileSync(siteFolder(hosting.cloud.platform.directory, "orders-api").logFile, "utf8");
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

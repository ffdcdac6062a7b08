import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { siteFolder } from "../site-folder.ts";
import { eventually } from "../testing/eventually.ts";
import {
  armScope,
  type HostingCloud,
  type HttpsAnswer,
  reportingApp,
  resourceGroup,
  startHostingCloud,
  type TestApplication,
  type TestSite,
  zipOf,
} from "../testing/hosting-cloud.ts";

const websiteContributor = "de139f84-1756-47ae-9be6-808fbbe84772";
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

let hosting: HostingCloud;
let site: TestSite;
let token: string;

beforeAll(async () => {
  hosting = await startHostingCloud();
  site = await hosting.site("published");
  token = await hosting.token();
});
afterAll(() => hosting.close());

interface PublishOptions {
  readonly method?: string;
  readonly path?: string;
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

function publish({ method = "POST", path = "/api/publish?type=zip", body, headers }: PublishOptions = {}) {
  return hosting.https(`${site.scmUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream", ...headers },
    body: body ?? zipOf(reportingApp("one")),
  });
}

const get = (path: string) =>
  hosting.https(`${site.scmUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
const json = (answer: HttpsAnswer) => JSON.parse(answer.text) as Record<string, unknown>;

describe("publishing", () => {
  test("asynchronously: 202, then the deployment until it is complete", async () => {
    const zip = zipOf(reportingApp("async"));
    const answer = await publish({
      path: "/api/publish?type=zip&async=true&trackDeploymentProgress=true",
      body: zip,
      headers: { "x-ms-artifact-checksum": createHash("sha256").update(zip).digest("hex") },
    });
    expect([answer.status, answer.text]).toEqual([202, ""]);
    const id = answer.headers["scm-deployment-id"];
    expect(answer.headers).toMatchObject({
      location: `${site.scmUrl}/api/deployments/latest?deployer=OneDeploy`,
      "retry-after": expect.stringMatching(/^\d+$/),
    });
    const finished = await eventually(
      () => get("/api/deployments/latest"),
      ({ status }) => status === 200,
    );
    expect(json(finished)).toMatchObject({
      id,
      status: 4,
      complete: true,
      active: true,
      is_temp: false,
      deployer: "OneDeploy",
      provisioningState: "Succeeded",
      site_name: "published",
    });
    const log = JSON.parse((await get(`/api/deployments/${id}/log`)).text) as { message: string }[];
    expect(log.map(({ message }) => message)).toEqual([
      "Received the package.",
      "Unpacked 1 files.",
      "Deployment successful.",
    ]);
    await eventually(
      () => hosting.https(site.url),
      ({ text }) => text === "async",
    );
    const status = await eventually(
      async () => hosting.web.webApps.getProductionSiteDeploymentStatus(resourceGroup, site.name, String(id)),
      (answer) => answer.status === "RuntimeSuccessful",
    );
    expect(status).toMatchObject({ deploymentId: id, numberOfInstancesSuccessful: 1 });
  });

  test.each([
    ["POST", "/api/zipdeploy"],
    ["PUT", "/api/zipdeploy?isAsync=false"],
    ["PUT", "/api/publish?type=zip"],
  ])("synchronously by %s %s", async (method, path) => {
    const version = `${method} ${path}`;
    const answer = await publish({ method, path, body: zipOf(reportingApp(version)) });
    expect([answer.status, json(answer).status]).toEqual([200, 4]);
    await eventually(
      () => hosting.https(site.url),
      ({ text }) => text === version,
    );
    const list = JSON.parse((await get("/api/deployments")).text) as { active: boolean }[];
    expect(list.map(({ active }) => active)).toEqual([true, ...list.slice(1).map(() => false)]);
  });

  test("without clean keeps the files that the package does not have", async () => {
    await publish({ body: zipOf({ "kept.txt": "kept", "both.txt": "old", ...reportingApp("kept") }) });
    await publish({ path: "/api/publish?type=zip&clean=false", body: zipOf({ "both.txt": "new" }) });
    const { releases } = siteFolder(hosting.cloud.platform.directory, "published");
    const active = json(await get("/api/deployments/latest")).id;
    expect(readdirSync(`${releases}/${active}`).toSorted()).toEqual(["both.txt", "kept.txt", "server.js"]);
    expect(readdirSync(releases).length).toBeLessThanOrEqual(3);
  });

  test("a package that leads out of its folder fails and changes nothing", async () => {
    await publish({ body: zipOf(reportingApp("before")) });
    await eventually(
      () => hosting.https(site.url),
      ({ text }) => text === "before",
    );
    const answer = await publish({ body: zipOf({ "server.js": "", "../../evil.js": "" }) });
    const fault = '"../../evil.js" leads out of its folder, or has an empty segment.';
    expect([answer.status, answer.text]).toEqual([400, `Deployment failed: ${fault}`]);
    expect(json(await get("/api/deployments/latest"))).toMatchObject({
      status: 3,
      status_text: fault,
      complete: true,
      active: false,
      provisioningState: "Failed",
    });
    expect((await hosting.https(site.url)).text).toBe("before");
    const { staging, root } = siteFolder(hosting.cloud.platform.directory, "published");
    expect([readdirSync(staging), readdirSync(root).includes("evil.js")]).toEqual([[], false]);
  });

  test("while another deployment runs is refused", async () => {
    const many = zipOf(Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`f/${n}.txt`, `${n}`])));
    const first = await publish({ path: "/api/publish?type=zip&async=true", body: many });
    const second = await publish();
    expect([first.status, second.status, second.text]).toEqual([
      202,
      409,
      "There is a deployment currently in progress. Please try again when it completes.",
    ]);
    await eventually(
      () => get("/api/deployments/latest"),
      ({ status }) => status === 200,
    );
  });
});

describe("refused:", () => {
  test.each<[string, PublishOptions, number, string]>([
    [
      "another package than its checksum says",
      { headers: { "x-ms-artifact-checksum": "0".repeat(64) } },
      400,
      "The package is not the one whose x-ms-artifact-checksum was sent.",
    ],
    [
      "a checksum that is none",
      { headers: { "x-ms-artifact-checksum": "md5" } },
      400,
      "x-ms-artifact-checksum is the SHA-256 of the package, 64 hexadecimal digits.",
    ],
    ["no package", { body: "" }, 400, "The request has no package: send the zip as its body."],
    ["what is no zip", { body: "hello" }, 400, "Deployment failed: The package is not a zip archive."],
    [
      "another type",
      { path: "/api/publish?type=war" },
      400,
      "The local cloud publishes type=zip only, not 'war'.",
    ],
    [
      "another path",
      { path: "/api/publish?type=zip&path=/home" },
      400,
      "The local cloud publishes to /home/site/wwwroot only: leave path out.",
    ],
    [
      "a package to fetch",
      { body: '{"packageUri":"https://example.org"}', headers: { "content-type": "application/json" } },
      400,
      "The local cloud does not fetch packages (packageUri): send the zip itself.",
    ],
    [
      "a flag that is none",
      { path: "/api/publish?type=zip&async=yes" },
      400,
      "The parameter async is true or false.",
    ],
    [
      "another path of Kudu",
      { path: "/api/command" },
      404,
      "The SCM endpoint of the local cloud does not serve this path.",
    ],
    ["another method", { path: "/api/deployments" }, 405, ""],
  ])("%s", async (_, options, status, text) => {
    const answer = await publish(options);
    expect([answer.status, answer.text]).toEqual([status, text]);
  });

  test("a deployment that is not there", async () => {
    const answer = await get("/api/deployments/none");
    expect([answer.status, answer.text]).toEqual([404, "The site published has no deployment of this id."]);
  });

  test("a package that would have to be built", async () => {
    const settings = (properties: Record<string, string>) =>
      hosting.web.webApps.updateApplicationSettings(resourceGroup, site.name, { properties });
    await settings({ SCM_DO_BUILD_DURING_DEPLOYMENT: "true" });
    const answer = await publish();
    expect([answer.status, answer.text]).toEqual([
      400,
      "The local cloud does not build: remove the app setting SCM_DO_BUILD_DURING_DEPLOYMENT and publish a bundle, or the package with its node_modules.",
    ]);
    await settings({});
  });
});

describe("authorization", () => {
  const list = (authorization: Record<string, string>) =>
    hosting.https(`${site.scmUrl}/api/deployments`, { headers: authorization });

  test.each<[string, () => Promise<Record<string, string>> | Record<string, string>]>([
    ["no token", () => ({})],
    ["basic credentials", () => ({ authorization: `Basic ${btoa("$published:secret")}` })],
    ["a token that is none", () => ({ authorization: "Bearer abc" })],
    ["a token for Graph", async () => bearer(await hosting.token(`${hosting.cloud.origin}/graph/.default`))],
    ["a token for Cosmos DB", async () => bearer(await hosting.token("https://cosmos.azure.com/.default"))],
    ["a token with another signature", () => bearer(`${token.slice(0, -4)}AAAA`)],
  ])("%s is answered with 401 as a page", async (_, headers) => {
    const answer = await list(await headers());
    expect([answer.status, answer.headers["content-type"], answer.headers["www-authenticate"]]).toEqual([
      401,
      "text/html; charset=utf-8",
      'Bearer realm="site"',
    ]);
    expect(answer.text).toContain("401 - Unauthorized");
  });

  test.each(["https://appservice.azure.com/.default", "https://management.azure.com//.default"])(
    "a token for %s is accepted",
    async (scope) => {
      expect((await list(bearer(await hosting.token(scope)))).status).toBe(200);
    },
  );

  test("a principal without the publish action is answered with the 403 of a stopped site", async () => {
    const stranger = await hosting.application("stranger");
    expect(await outcome(stranger)).toEqual([403, true]);
    await assign(stranger, reader);
    expect(await outcome(stranger)).toEqual([403, true]);
  });

  test("a Website Contributor of the site may publish to it alone", async () => {
    const publisher = await hosting.application("publisher");
    await assign(publisher, websiteContributor);
    expect(await outcome(publisher)).toEqual([200, false]);
    const other = await hosting.site("other");
    const answer = await hosting.https(`${other.scmUrl}/api/deployments`, {
      headers: bearer(await hosting.token(armScope, publisher)),
    });
    expect(answer.status).toBe(403);
  });

  const outcome = async (application: TestApplication) => {
    const { status, text } = await list(bearer(await hosting.token(armScope, application)));
    return [status, text.includes("Error 403 - This web app is stopped.")];
  };
  const assign = ({ principalId }: TestApplication, role: string) =>
    hosting.authorization.roleAssignments.create(site.id, hosting.cloud.platform.ids.uuid(), {
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    });
});

function bearer(value: string): Record<string, string> {
  return { authorization: `Bearer ${value}` };
}

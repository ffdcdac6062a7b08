import type { IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ResourceManagementClient } from "@azure/arm-resources";
import { strToU8, zipSync } from "fflate";
import { startTestCloud, type TestCloud } from "../../testing/test-cloud.ts";

/** An answer as it came over TLS. */
export interface HttpsAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface HttpsOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** A whole local cloud with a resource group and a plan, and clients of it. */
export interface HostingCloud {
  readonly cloud: TestCloud;
  readonly web: WebSiteManagementClient;
  readonly authorization: AuthorizationManagementClient;
  readonly planId: string;
  https(url: string, options?: HttpsOptions): Promise<HttpsAnswer>;
  /** An access token of the deployer, or of the given application. */
  token(scope?: string, application?: TestApplication): Promise<string>;
  site(name: string, change?: Partial<SiteArguments>): Promise<TestSite>;
  /** An application with a service principal and a secret, without any role. */
  application(displayName: string): Promise<TestApplication>;
  close(): Promise<void>;
}

export interface TestApplication {
  readonly principalId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

type SiteArguments = Parameters<WebSiteManagementClient["webApps"]["createOrUpdate"]>[2];

export interface TestSite {
  readonly name: string;
  readonly id: string;
  readonly principalId: string;
  /** `https://localhost:<port>`. */
  readonly url: string;
  readonly scmUrl: string;
}

export const resourceGroup = "hosting";
export const location = "westeurope";
export const armScope = "https://management.azure.com/.default";

export async function startHostingCloud(): Promise<HostingCloud> {
  const cloud = await startTestCloud();
  const { subscriptionId } = cloud;
  const options = { endpoint: cloud.origin };
  const web = new WebSiteManagementClient(cloud.credential(), subscriptionId, options);
  const resources = new ResourceManagementClient(cloud.credential(), subscriptionId, options);
  const authorization = new AuthorizationManagementClient(cloud.credential(), subscriptionId, options);
  await resources.resourceGroups.createOrUpdate(resourceGroup, { location });
  const plan = await web.appServicePlans.createOrUpdate(resourceGroup, "plan", {
    location,
    kind: "linux",
    reserved: true,
    sku: { name: "B1" },
  });
  const planId = plan.id ?? "";
  const token: HostingCloud["token"] = async (scope = armScope, application = undefined) =>
    (await cloud.credential(application).getToken(scope)).token;
  return {
    cloud,
    web,
    authorization,
    planId,
    token,
    https: (url, request = {}) => send(url, request, cloud),
    async site(name, change = {}) {
      const site = await web.webApps.createOrUpdate(resourceGroup, name, {
        location,
        serverFarmId: planId,
        identity: { type: "SystemAssigned" },
        httpsOnly: true,
        ...change,
        siteConfig: { linuxFxVersion: "NODE|24-lts", ...change.siteConfig },
      });
      const scm = site.hostNameSslStates?.find(({ hostType }) => hostType === "Repository");
      return {
        name,
        id: site.id ?? "",
        principalId: site.identity?.principalId ?? "",
        url: `https://${site.defaultHostName}`,
        scmUrl: `https://${scm?.name}`,
      };
    },
    async application(displayName) {
      const graph = async (path: string, body: unknown) => {
        const answer = await send(
          `${cloud.origin}/graph/v1.0/${path}`,
          {
            method: "POST",
            headers: {
              authorization: `Bearer ${await token(`${cloud.origin}/graph/.default`)}`,
              "content-type": "application/json",
            },
            body: JSON.stringify(body),
          },
          cloud,
        );
        return JSON.parse(answer.text) as Record<string, string>;
      };
      const application = await graph("applications", { displayName });
      const principal = await graph("servicePrincipals", { appId: application.appId });
      const password = await graph(`applications/${application.id}/addPassword`, {});
      return {
        principalId: principal.id ?? "",
        clientId: application.appId ?? "",
        clientSecret: password.secretText ?? "",
      };
    },
    close: () => cloud.close(),
  };
}

function send(url: string, { method = "GET", headers, body }: HttpsOptions, { agent }: TestCloud) {
  return new Promise<HttpsAnswer>((resolve, reject) => {
    const request = httpsRequest(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? "",
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    request.once("error", reject);
    request.end(body);
  });
}

/** A zip of text files. */
export function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

/**
 * A site that tells about itself: `/env`, `/headers`, `/address`, `/pid`; `/exit` ends it, `/silent` closes the connection, `/slow` takes
 * its time,
 * everything else is its version.
 */
export function reportingApp(version: string): Readonly<Record<string, string>> {
  return {
    "server.js": `
const { createServer } = require("node:http");
const answers = {
  "/env": () => process.env,
  "/pid": () => process.pid,
  "/address": () => server.address(),
};
const server = createServer((request, response) => {
  if (request.url === "/exit") process.exit(3);
  if (request.url === "/silent") return request.socket.destroy();
  if (request.url === "/slow") return setTimeout(() => response.end(String(process.pid)), 1500);
  if (request.url === "/headers") return response.end(JSON.stringify(request.headers));
  if (request.url === "/echo") {
    response.setHeader("Set-Cookie", ["a=1", "b=2"]);
    return request.pipe(response);
  }
  const answer = answers[request.url];
  response.end(answer ? JSON.stringify(answer()) : ${JSON.stringify(version)});
});
server.listen(process.env.PORT, "0.0.0.0", () => console.log("version ${version} listens"));
`,
  };
}

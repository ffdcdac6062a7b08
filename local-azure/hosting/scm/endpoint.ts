import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { ControlPlaneAuthorizer } from "../../arm/surface.ts";
import { runPipeline } from "../../core/pipeline.ts";
import type { Platform } from "../../core/platform.ts";
import type { TokenVerifier } from "../../entra/tokens/verify.ts";
import { type Deployment, type Deployments, deploymentStatus } from "../deployments.ts";
import type { Site } from "../site.ts";
import { prepareSiteFolder, siteFolder } from "../site-folder.ts";
import { refusal, type ScmAnswer, sendAnswer } from "./answers.ts";
import { defaultLimits } from "./archive/limits.ts";
import { deploymentBody, deploymentLogBody } from "./deployment-body.ts";
import { type ScmContext, scmPipeline } from "./pipeline.ts";
import { deploymentInProgress, type Publisher } from "./publisher.ts";
import { receivePackage } from "./receive.ts";

export interface ScmEndpointServices {
  readonly platform: Platform;
  readonly verifier: TokenVerifier;
  readonly authorizer: Pick<ControlPlaneAuthorizer, "authorize">;
  readonly deployments: Deployments;
  readonly publisher: Publisher;
}

/** The handler of all sites' SCM endpoints: what Kudu does for a publisher with an Entra token. */
export function createScmEndpoint(services: ScmEndpointServices) {
  const { platform, deployments } = services;
  const pipeline = scmPipeline({ ...services, execute: (context) => execute(context, services) });
  return async (site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const context: ScmContext = {
      request,
      url: URL.parse(request.url ?? "/", scmOrigin(site)) ?? new URL(scmOrigin(site)),
      site,
      correlationId: platform.ids.uuid(),
      startedMs: performance.now(),
      route: "unknown",
    };
    // A client that gave up has no use for an answer.
    request.on("error", () => {});
    await runPipeline(pipeline, context);
    request.resume();
    const answer = context.answer ?? { status: 500 };
    if (!request.complete) response.setHeader("Connection", "close");
    sendAnswer(response, answer);
  };

  async function execute(context: ScmContext, { publisher }: ScmEndpointServices): Promise<ScmAnswer> {
    const { site, publish, deploymentId } = context;
    if (publish !== undefined) return receive(context, publisher);
    const origin = scmOrigin(site);
    if (deploymentId === undefined) {
      const body = deployments.list(site.key).map((deployment) => deploymentBody(deployment, origin));
      return { status: 200, body };
    }
    const deployment = requireDeployment(site, deploymentId);
    if (context.route.endsWith("/log")) return { status: 200, body: deploymentLogBody(deployment) };
    return {
      status: deployment.endTime === undefined ? 202 : 200,
      body: deploymentBody(deployment, origin),
    };
  }

  async function receive(context: ScmContext, publisher: Publisher): Promise<ScmAnswer> {
    const { request, site, publish } = context;
    if (publish === undefined) throw new Error("the request was not validated");
    if (deployments.latest(site.key)?.endTime === undefined && deployments.latest(site.key)) {
      throw deploymentInProgress();
    }
    const folder = siteFolder(platform.directory, site.key);
    prepareSiteFolder(folder);
    const archive = join(folder.staging, `${platform.ids.uuid()}.zip`);
    await receivePackage(request, archive, defaultLimits.packageBytes, publish.checksum);
    const { id, finished } = publisher.begin(site, archive, publish);
    const origin = scmOrigin(site);
    const tracking: Record<string, string> = publish.trackProgress ? { "SCM-DEPLOYMENT-ID": id } : {};
    if (publish.async) {
      const location = `${origin}/api/deployments/latest?deployer=${encodeURIComponent(publish.deployer)}`;
      return { status: 202, headers: { Location: location, "Retry-After": "1", ...tracking } };
    }
    const deployment = await finished;
    if (deployment.status === deploymentStatus.failed) {
      throw refusal(400, "DeploymentFailed", `Deployment failed: ${deployment.statusText}`);
    }
    return { status: 200, headers: tracking, body: deploymentBody(deployment, origin) };
  }

  function requireDeployment({ key, name }: Site, id: string): Deployment {
    const found = id.toLowerCase() === "latest" ? deployments.latest(key) : deployments.find(key, id);
    if (found !== undefined) return found;
    throw refusal(404, "NotFound", `The site ${name} has no deployment of this id.`);
  }
}

function scmOrigin({ internal }: Site): string {
  return `https://localhost:${internal.scmPort}`;
}

import { ArmError, type ServiceTypeRow } from "../../arm/resource-provider.ts";
import { type Deployment, deploymentStatus } from "../deployments.ts";
import { siteKey } from "../site.ts";
import { webApiVersions } from "./api-versions.ts";
import { parentSite } from "./parent-site.ts";
import { groupPath, type WebServices } from "./services.ts";

const type = "Microsoft.Web/sites/deploymentStatus";

/** How a deployment of a Linux site goes, as `az webapp deploy` follows it. */
export const deploymentStatusRow: ServiceTypeRow<WebServices> = {
  type,
  path: `${groupPath}/Microsoft.Web/sites/{name}/deploymentStatus/{deploymentStatusId}`,
  apiVersions: webApiVersions,
  get(call, services) {
    const { site } = parentSite(call, services);
    const wanted = call.parameters.deploymentStatusId ?? "";
    const key = siteKey(site.name);
    const deployment =
      wanted.toLowerCase() === "latest"
        ? services.deployments.latest(key)
        : services.deployments.find(key, wanted);
    if (deployment === undefined) {
      throw new ArmError(404, "NotFound", `Site ${site.name} has no deployment ${wanted}.`);
    }
    const status = statusOf(deployment);
    const failed = status.endsWith("Failed");
    const ended = failed || status === "RuntimeSuccessful";
    return {
      status: 200,
      body: {
        id: `${site.id}/deploymentStatus/${deployment.id}`,
        name: deployment.id,
        type,
        location: site.location,
        properties: {
          deploymentId: deployment.id,
          status,
          numberOfInstancesInProgress: ended ? 0 : 1,
          numberOfInstancesSuccessful: ended && !failed ? 1 : 0,
          numberOfInstancesFailed: failed ? 1 : 0,
          failedInstancesLogs: null,
          errors: failed
            ? [
                {
                  extendedCode: "DeploymentFailed",
                  message: deployment.statusText || "The site's process did not start: see the site's log.",
                },
              ]
            : null,
        },
      },
    };
  },
};

/** The last step of a deployment is that a process runs from it: content alone does not make a site. */
function statusOf({ status, runtime }: Deployment): string {
  if (status === deploymentStatus.failed) return "BuildFailed";
  if (status !== deploymentStatus.success) return "BuildInProgress";
  if (runtime === "up") return "RuntimeSuccessful";
  return runtime === "failed" ? "RuntimeFailed" : "RuntimeStarting";
}

import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type AzureCloud, bearer } from "../connection/azure-cloud.ts";
import { DeploymentError } from "./failure.ts";

const deploymentSchema = z.object({
  status: z.number(),
  complete: z.boolean().optional(),
  status_text: z.string().nullish(),
});
const failed = 3;
const succeeded = 4;

const pollMs = 1_000;
const publishDeadlineMs = 10 * 60_000;

/** Where one site takes packages and answers. */
export interface PublishTarget {
  readonly siteName: string;
  readonly scmUrl: string;
  readonly url: string;
}

/**
 * Publishes `zip` to the site's SCM endpoint with an Entra token (OneDeploy, asynchronous) and waits for its end.
 *
 * @throws DeploymentError KC-PUBLISH with the SCM endpoint's answer or the deployment's status.
 */
export async function publishZip(target: PublishTarget, zip: Uint8Array, cloud: AzureCloud): Promise<void> {
  const authorization = await bearer(cloud);
  const response = await fetch(`${target.scmUrl}/api/publish?type=zip&async=true&clean=true&restart=true`, {
    method: "POST",
    headers: {
      authorization,
      "content-type": "application/octet-stream",
      "cache-control": "no-cache",
      "x-ms-artifact-checksum": createHash("sha256").update(zip).digest("hex"),
    },
    body: Buffer.from(zip),
  });
  if (!response.ok) throw refused(target, `${response.status} ${(await response.text()).slice(0, 500)}`);
  const poll = new URL(response.headers.get("location") ?? "/api/deployments/latest", target.scmUrl);
  const deadline = Date.now() + publishDeadlineMs;
  while (Date.now() < deadline) {
    const answer = await fetch(poll, { headers: { authorization: await bearer(cloud) } });
    if (!answer.ok) throw refused(target, `${answer.status} ${(await answer.text()).slice(0, 500)}`);
    const { status, status_text } = deploymentSchema.parse(await answer.json());
    if (status === succeeded) return;
    if (status === failed)
      throw refused(target, `the deployment failed: ${status_text ?? "see the site's log"}`);
    await delay(pollMs);
  }
  throw refused(target, `the deployment did not end within ${publishDeadlineMs / 60_000} minutes`);
}

const healthSchema = z.object({ status: z.string(), version: z.string().optional() });
const healthDeadlineMs = 4 * 60_000;

/** The version that the site's `/health` reports; undefined when it does not answer as the workload does. */
export async function runningVersion(target: PublishTarget): Promise<string | undefined> {
  try {
    const response = await fetch(`${target.url}/health`, { signal: AbortSignal.timeout(10_000) });
    const health = healthSchema.safeParse(await response.json());
    return response.ok && health.success ? health.data.version : undefined;
  } catch {
    // No listener yet, or an answer of the platform in place of the workload's.
    return undefined;
  }
}

/**
 * Waits until the site runs `version`: App Service allows a container 230 s to start.
 *
 * @throws DeploymentError KC-NOT-HEALTHY.
 */
export async function waitForVersion(target: PublishTarget, version: string): Promise<void> {
  const deadline = Date.now() + healthDeadlineMs;
  while ((await runningVersion(target)) !== version) {
    if (Date.now() > deadline) {
      throw new DeploymentError(
        "KC-NOT-HEALTHY",
        `${target.url}/health does not report version ${version} of the workload.`,
        `Read the site's log (on the local cloud: npx --no local-azure logs ${target.siteName}), and check that allowedAddresses admit this address.`,
      );
    }
    await delay(pollMs);
  }
}

function refused(target: PublishTarget, what: string): DeploymentError {
  return new DeploymentError(
    "KC-PUBLISH",
    `Publishing to ${target.siteName} (${target.scmUrl}) failed: ${what}`,
    "The principal needs Microsoft.Web/sites/publish/Action on the site (Website Contributor, Contributor or Owner), and the SCM endpoint must be reachable from here.",
  );
}

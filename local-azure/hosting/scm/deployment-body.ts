import { type Deployment, deploymentStatus } from "../deployments.ts";

/** A deployment as Kudu shows it. @param origin `https://localhost:<SCM port>`. */
export function deploymentBody(deployment: Deployment, origin: string) {
  const { id, siteKey, status, statusText, deployer, author, message, active } = deployment;
  const { receivedTime, startTime, endTime } = deployment;
  const succeeded = status === deploymentStatus.success;
  return {
    id,
    status,
    status_text: statusText,
    author_email: "N/A",
    author,
    deployer,
    message,
    progress: "",
    received_time: receivedTime,
    start_time: startTime,
    end_time: endTime ?? null,
    last_success_end_time: succeeded ? endTime : null,
    complete: endTime !== undefined,
    active,
    is_temp: false,
    is_readonly: true,
    url: `${origin}/api/deployments/${id}`,
    log_url: `${origin}/api/deployments/${id}/log`,
    site_name: siteKey,
    provisioningState: endTime === undefined ? "InProgress" : succeeded ? "Succeeded" : "Failed",
  };
}

/** The log of a deployment as Kudu shows it. */
export function deploymentLogBody({ log }: Deployment) {
  return log.map(({ id, time, message }) => ({ log_time: time, id, message, type: 0, details_url: null }));
}

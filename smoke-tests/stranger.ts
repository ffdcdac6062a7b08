import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { AzureCloud } from "../connection/azure-cloud.ts";
import { askAzure, ServiceRefusal } from "../connection/azure-request.ts";
import { applicationCredential } from "../connection/credential.ts";
import type { Stranger } from "./target.ts";

const applicationSchema = z.object({ id: z.string(), appId: z.string() });
const objectSchema = z.object({ id: z.string() });
const passwordSchema = z.object({ secretText: z.string() });
const lifeMs = 60 * 60_000;
const longestWaitMs = 2 * 60_000;
const pauseMs = 3_000;
const cosmosScope = "https://cosmos.azure.com/.default";

export interface MadeStranger {
  readonly stranger: Stranger;
  /** Takes the identity out of the directory again. */
  remove(): Promise<void>;
}

/**
 * Makes an identity that holds no grant, through Microsoft Graph: an application, its service principal and a secret that
 * ends in an hour. Where whoever runs the tests may not do that, the tests that need it are skipped with the reason.
 *
 * @throws Error when Microsoft Graph fails otherwise, or when the new identity gets no token within 2 minutes.
 */
export async function makeStranger(cloud: AzureCloud, tenantId: string): Promise<MadeStranger> {
  const undo: (() => Promise<unknown>)[] = [];
  const remove = async () => {
    for (const step of undo.splice(0)) await step();
  };
  try {
    const displayName = `keyless-cosmos smoke test ${new Date().toISOString()}`;
    const application = applicationSchema.parse(
      await graph(cloud, "POST", "/applications", { displayName, signInAudience: "AzureADMyOrg" }),
    );
    undo.push(() => graph(cloud, "DELETE", `/applications/${application.id}`));
    const { appId } = application;
    const principal = objectSchema.parse(
      await replicated(() => graph(cloud, "POST", "/servicePrincipals", { appId })),
    );
    const endDateTime = new Date(Date.now() + lifeMs).toISOString();
    const password = passwordSchema.parse(
      await graph(cloud, "POST", `/applications/${application.id}/addPassword`, {
        passwordCredential: { displayName: "smoke test", endDateTime },
      }),
    );
    const secret = password.secretText;
    const credential = applicationCredential({ tenantId, clientId: appId, secret }, process.env);
    await replicated(() => credential.getToken(cosmosScope));
    return { stranger: { clientId: appId, secret, principalId: principal.id }, remove };
  } catch (error) {
    await remove();
    if (!(error instanceof ServiceRefusal) || error.status !== 403) throw error;
    const unavailable = `whoever runs the tests may not make one: Microsoft Graph answers 403 ${error.code}`;
    return { stranger: { unavailable }, remove };
  }
}

function graph(cloud: AzureCloud, method: string, path: string, body?: object): Promise<unknown> {
  return askAzure(cloud, "graph", method, `/v1.0${path}`, body);
}

/** The directory answers from many replicas: what was just made may be unknown to the next request for some seconds. */
async function replicated<Result>(work: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + longestWaitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error instanceof ServiceRefusal && error.status === 403) || performance.now() > deadline)
        throw error;
      const left = Math.round((deadline - performance.now()) / 1000);
      process.stderr.write(`  waiting for the directory to know the new identity (${left} s left)\n`);
      await delay(pauseMs);
    }
  }
}

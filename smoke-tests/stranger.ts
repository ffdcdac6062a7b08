import { z } from "zod";
import type { AzureCloud } from "../connection/azure-cloud.ts";
import { askAzure, ServiceRefusal } from "../connection/azure-request.ts";
import { applicationCredential } from "../connection/credential.ts";
import { untilReplicated } from "./replication.ts";
import type { Stranger } from "./target.ts";

const applicationSchema = z.object({ id: z.string(), appId: z.string() });
const objectSchema = z.object({ id: z.string() });
const passwordSchema = z.object({ secretText: z.string() });
const lifeMs = 60 * 60_000;
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
      await known(() => graph(cloud, "POST", "/servicePrincipals", { appId })),
    );
    const endDateTime = new Date(Date.now() + lifeMs).toISOString();
    const password = passwordSchema.parse(
      await graph(cloud, "POST", `/applications/${application.id}/addPassword`, {
        passwordCredential: { displayName: "smoke test", endDateTime },
      }),
    );
    const secret = password.secretText;
    const credential = applicationCredential({ tenantId, clientId: appId, secret }, process.env);
    await known(() => credential.getToken(cosmosScope));
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

/** A refusal of Microsoft Graph for lack of permission is for good. */
function known<Result>(work: () => Promise<Result>): Promise<Result> {
  const mayHeal = (error: unknown) => !(error instanceof ServiceRefusal && error.status === 403);
  return untilReplicated("the directory to know the new identity", work, mayHeal);
}

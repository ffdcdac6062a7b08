import { z } from "zod";
import { type AzureCloud, bearer } from "../connection/azure-cloud.ts";
import type { Stranger } from "./target.ts";

const applicationSchema = z.object({ id: z.string(), appId: z.string() });
const objectSchema = z.object({ id: z.string() });
const passwordSchema = z.object({ secretText: z.string() });
const lifeMs = 60 * 60_000;

export interface MadeStranger {
  readonly stranger: Stranger;
  /** Takes the identity out of the directory again. */
  remove(): Promise<void>;
}

/**
 * Makes an identity that holds no grant, through Microsoft Graph: an application, its service principal and a secret that
 * ends in an hour. Where whoever runs the tests may not do that, the tests that need it are skipped with the reason.
 */
export async function makeStranger(cloud: AzureCloud): Promise<MadeStranger> {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${cloud.graph.url}/v1.0${path}`, {
      method,
      headers: { authorization: await bearer(cloud, cloud.graph.scope), "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new GraphRefusal(response.status, text);
    return text === "" ? undefined : JSON.parse(text);
  };
  let application: z.infer<typeof applicationSchema>;
  try {
    const displayName = `keyless-cosmos smoke test ${new Date().toISOString()}`;
    application = applicationSchema.parse(
      await call("POST", "/applications", { displayName, signInAudience: "AzureADMyOrg" }),
    );
  } catch (error) {
    if (error instanceof GraphRefusal && [401, 403].includes(error.status)) {
      return {
        stranger: { unavailable: "whoever runs the tests may not make applications" },
        remove: async () => {},
      };
    }
    throw error;
  }
  const remove = async () => {
    await call("DELETE", `/applications/${application.id}`);
  };
  try {
    const principal = objectSchema.parse(
      await call("POST", "/servicePrincipals", { appId: application.appId }),
    );
    const endDateTime = new Date(Date.now() + lifeMs).toISOString();
    const passwordCredential = { displayName: "smoke test", endDateTime };
    const password = passwordSchema.parse(
      await call("POST", `/applications/${application.id}/addPassword`, { passwordCredential }),
    );
    return {
      stranger: { clientId: application.appId, secret: password.secretText, principalId: principal.id },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

class GraphRefusal extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`Microsoft Graph answered ${status}: ${body.slice(0, 500)}`);
    this.status = status;
  }
}

import { ClientSecretCredential } from "@azure/identity";
import { expect } from "@jest/globals";
import { startTestEntra, type TestEntra } from "./test-entra.ts";

export type Body = Record<string, unknown>;

export interface GraphTest {
  readonly cloud: TestEntra;
  tokenOf(
    client: { readonly clientId: string; readonly clientSecret: string },
    scope?: string,
  ): Promise<string>;
  /** Calls Graph as the deployer unless another header is given; `path` stands below `/graph`, or is a whole URL. */
  call(
    method: string,
    path: string,
    body?: unknown,
    authorization?: string,
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Body }>;
  /** Expects 201. */
  created(path: string, body: Body): Promise<Body>;
}

/** A GUID, whichever. */
export const anyGuid: unknown = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** The refusal that Graph answers, at the time at which test clocks stand. */
export function refusal(status: number, code: string, message: string) {
  const innerError = { date: "2026-11-20T08:00:00", "request-id": anyGuid, "client-request-id": anyGuid };
  return { status, error: { code, message, innerError } };
}

export function missing(id: unknown): string {
  return `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
}

/** Graph and the token service over https, with the deployer signed in. */
export async function startGraphTest(): Promise<GraphTest> {
  const cloud = await startTestEntra();
  const { origin, tenantId } = cloud.platform;
  const tokenOf: GraphTest["tokenOf"] = async (
    { clientId, clientSecret },
    scope = `${origin}/graph/.default`,
  ) => {
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: origin,
      disableInstanceDiscovery: true,
    });
    return (await credential.getToken(scope)).token;
  };
  const deployerToken = await tokenOf(cloud.entra.deployer);
  const call: GraphTest["call"] = async (method, path, body, authorization = `Bearer ${deployerToken}`) => {
    const response = await fetch(path.startsWith("https:") ? path : `${origin}/graph${path}`, {
      method,
      headers: { Authorization: authorization, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, body: (text === "" ? {} : JSON.parse(text)) as Body };
  };
  return {
    cloud,
    tokenOf,
    call,
    async created(path, body) {
      const answer = await call("POST", path, body);
      expect([answer.status, answer.body.error]).toEqual([201, undefined]);
      return answer.body;
    },
  };
}

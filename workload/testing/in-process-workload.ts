import { randomUUID } from "node:crypto";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { createCallerGate } from "../callers/caller-gate.ts";
import { openIssuerKeys } from "../callers/issuer-keys.ts";
import { createFailureLog } from "../failures/access-failure.ts";
import { createWorkloadServer } from "../server.ts";
import { readSettings } from "../settings.ts";
import { openStore } from "../store.ts";
import { startTestIssuer, type TestIssuer } from "./test-issuer.ts";

export interface WorkloadAnswer {
  readonly status: number;
  readonly body: { readonly error?: { readonly code: string; readonly message: string } };
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The workload's HTTP service in this process, without an account behind it. */
export interface InProcessWorkload {
  readonly issuer: TestIssuer;
  /** Object id of a listed service principal, and of a listed group. */
  readonly listed: string;
  readonly listedGroup: string;
  /** The log, one parsed line each. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** @param authorization a header, or several. */
  ask(
    method: string,
    path: string,
    options?: {
      readonly authorization?: string | readonly string[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    },
  ): Promise<WorkloadAnswer>;
  close(): Promise<void>;
}

/** @param issuerTimeoutMs how long its issuer may take for a document. */
export async function startInProcessWorkload(issuerTimeoutMs?: number): Promise<InProcessWorkload> {
  const issuer = await startTestIssuer();
  const listed = randomUUID();
  const listedGroup = randomUUID();
  const settings = readSettings({
    AZURE_COSMOS_RESOURCEENDPOINT: "https://localhost:1/",
    COSMOS_CONTAINERS: JSON.stringify([
      { database: "orders", name: "orders", partitionKey: ["/tenantId", "/orderId"] },
    ]),
    CALLER_ISSUER: issuer.issuer,
    CALLER_AUDIENCE: issuer.audience,
    CALLER_PRINCIPALS: JSON.stringify([
      { name: "deployer", objectId: listed, kind: "principal" },
      { name: "developers", objectId: listedGroup, kind: "group" },
    ]),
  });
  const events: Record<string, unknown>[] = [];
  const log = createFailureLog({ write: (line) => events.push(JSON.parse(line)) });
  const keys = openIssuerKeys(
    issuer.issuer,
    issuerTimeoutMs === undefined ? {} : { timeoutMs: issuerTimeoutMs },
  );
  const server = createWorkloadServer({
    settings,
    store: openStore(settings, log),
    gate: createCallerGate(settings.callers, keys),
    log,
    version: "1.0.0-test",
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    issuer,
    listed,
    listedGroup,
    events,
    ask(method, path, { authorization, headers = {}, body } = {}) {
      return new Promise((resolve, reject) => {
        const sent = request(
          { host: "127.0.0.1", port, method, path, headers: { ...headers } },
          (response) => {
            let text = "";
            response.setEncoding("utf8");
            response.on("data", (chunk: string) => {
              text += chunk;
            });
            response.on("end", () => {
              resolve({
                status: response.statusCode ?? 0,
                body: text === "" ? {} : JSON.parse(text),
                headers: response.headers,
              });
            });
          },
        );
        sent.on("error", reject);
        if (authorization !== undefined) sent.setHeader("authorization", authorization);
        sent.end(body);
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await issuer.close();
    },
  };
}

import { expect } from "@jest/globals";
import { type Body, type GraphTest, startGraphTest } from "./test-graph.ts";

export interface WireAnswer {
  readonly status: number;
  readonly body: Body;
  readonly contentType: string | null;
}

/** Graph as the Pulumi azuread plugin talks to it: its headers, its encoding of the query, its types in bodies. */
export interface AzureadWire {
  readonly graph: GraphTest;
  /** Object id of the deployer: the `oid` of the token, which the plugin makes the owner of what it creates. */
  readonly caller: string;
  /** Sends one request; `path` stands below `/graph` and may hold a query already encoded. */
  send(method: string, path: string, body?: Body): Promise<WireAnswer>;
  /** Sends one request and expects the status; answers the body. */
  step(status: number, method: string, path: string, body?: Body): Promise<Body>;
  /** The reference by which the plugin names an object. */
  reference(id: unknown, version?: "v1.0" | "beta"): string;
  stop(): Promise<void>;
}

/** What go-azure-sdk sends with every request, reads included. */
const headers = {
  Accept: "application/json; charset=utf-8; IEEE754Compatible=false",
  "Content-Type": "application/json; charset=utf-8",
  "Odata-Maxversion": "4.0",
  "Odata-Version": "4.0",
  "Accept-Encoding": "gzip",
  "User-Agent": "HashiCorp/go-azure-sdk (Go-http-Client/1.1 microsoft-graph)",
};

/** The query as Go's `url.Values` encodes it: `$` as `%24`, a space as `+`. */
export function query(options: Readonly<Record<string, string>>): string {
  return `?${new URLSearchParams(options)}`;
}

export async function startAzureadWire(): Promise<AzureadWire> {
  const graph = await startGraphTest();
  const { origin } = graph.cloud.platform;
  const token = await graph.tokenOf(graph.cloud.entra.deployer);
  const send: AzureadWire["send"] = async (method, path, body) => {
    const response = await fetch(`${origin}/graph${path}`, {
      method,
      headers: { ...headers, Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === "" ? {} : JSON.parse(text)) as Body,
      contentType: response.headers.get("content-type"),
    };
  };
  return {
    graph,
    caller: graph.cloud.entra.deployer.principalId,
    send,
    async step(status, method, path, body) {
      const answer = await send(method, path, body);
      expect({ path: `${method} ${path}`, status: answer.status, error: answer.body.error }).toEqual({
        path: `${method} ${path}`,
        status,
        error: status < 400 ? undefined : expect.anything(),
      });
      if (answer.contentType !== null) expect(answer.contentType).toMatch(/^application\/json/);
      return answer.body;
    },
    reference: (id, version = "v1.0") => `${origin}/graph/${version}/directoryObjects/${id}`,
    stop: () => graph.cloud.stop(),
  };
}

/** The ids of a list's objects. */
export function idsOf({ value }: Body): readonly unknown[] {
  return (value as Body[]).map(({ id }) => id);
}

/** What the plugin does with a new application: POST, then two names until the object is everywhere. */
export async function createApplication(wire: AzureadWire, properties: Body = {}): Promise<Body> {
  const displayName = String(properties.displayName ?? "orders");
  const created = await wire.step(201, "POST", "/v1.0/applications", {
    "@odata.type": "#microsoft.graph.application",
    displayName,
    "owners@odata.bind": [wire.reference(wire.caller)],
    ...properties,
  });
  for (const name of ["TERRAFORM_UPDATE_0e2d9a6c-6a54-4f0d-8d5a-0a6ea1c3f001", displayName]) {
    await wire.step(204, "PATCH", `/v1.0/applications/${created.id}`, {
      "@odata.type": "#microsoft.graph.application",
      displayName: name,
      id: created.id,
    });
  }
  return created;
}

/** What the plugin does for a new service principal. */
export async function createServicePrincipal(wire: AzureadWire, appId: unknown): Promise<Body> {
  const temporary = "TERRAFORM_UPDATE_0e2d9a6c-6a54-4f0d-8d5a-0a6ea1c3f002";
  const created = await wire.step(201, "POST", "/v1.0/servicePrincipals", {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    accountEnabled: true,
    alternativeNames: [],
    appId,
    appRoleAssignmentRequired: false,
    description: temporary,
    "owners@odata.bind": [wire.reference(wire.caller)],
    samlSingleSignOnSettings: { "@odata.type": "#microsoft.graph.samlSingleSignOnSettings", relayState: "" },
    tags: [],
  });
  await wire.step(204, "PATCH", `/v1.0/servicePrincipals/${created.id}`, {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    description: "",
  });
  await wire.step(204, "DELETE", `/v1.0/servicePrincipals/${created.id}/owners/${wire.caller}/$ref`);
  return created;
}

import type { HttpResponse, Method } from "../../provider/http.ts";
import type { Values } from "../../provider/values.ts";
import { isObject, type Value } from "../../provider/values.ts";
import { armError } from "../arm/arm-error.ts";
import type { ArmClient } from "../arm/client.ts";
import type { Catalogued } from "../schema/catalog.ts";
import type { ResourceType } from "../schema/resource-type.ts";

/** What an operation on one resource needs. */
export interface ResourceOperation {
  readonly resource: Catalogued<ResourceType>;
  readonly client: ArmClient;
  /** The same for the vaults themselves, with tokens for Key Vault. */
  readonly vaults: ArmClient;
  /** Aborted by the engine's Cancel and by the operation's time limit. */
  readonly signal: AbortSignal;
  /** Tells the user something that is no failure. */
  readonly warn: (message: string) => void;
}

/** Codes that, beside 404, say that a resource is gone. */
const goneCodes = new Set(["SubscriptionNotFound", "RoleAssignmentNotFound"]);

/** Sends the request that reads a resource. */
export function sendRead({ resource, client, signal }: ResourceOperation, id: string): Promise<HttpResponse> {
  const { apiVersion, read } = resource.entry;
  const method: Method = read.method;
  return client.send(
    {
      method,
      url: id + read.suffix,
      query: { "api-version": apiVersion },
      ...(method === "POST" ? { body: {} } : {}),
    },
    signal,
  );
}

/**
 * The ARM body of a resource, or `undefined` when it is gone.
 * @throws {ArmError} for any other answer
 */
export async function readBody(operation: ResourceOperation, id: string): Promise<Values | undefined> {
  const response = await sendRead(operation, id);
  if (response.status === 404) return undefined;
  if (response.status >= 300) {
    const error = armError(
      response.status,
      response.headers.get("x-ms-error-code"),
      response.body,
      response.text,
    );
    if (error.code !== undefined && goneCodes.has(error.code)) return undefined;
    throw error;
  }
  const body = asObject(response);
  return operation.resource.entry.custom === "site" ? withSiteConfig(operation, id, body) : body;
}

/** @throws {Error} when a success has a body that is no JSON object */
export function asObject(response: HttpResponse): Values {
  if (isObject(response.body)) return response.body;
  throw new Error(`unexpected response from Azure: '${response.text}', HTTP status: ${response.status}`);
}

/** A site's own answer lacks its configuration, which has a path of its own. */
async function withSiteConfig(
  { resource, client, signal }: ResourceOperation,
  id: string,
  site: Values,
): Promise<Values | undefined> {
  const response = await client.send(
    { method: "GET", url: `${id}/config/web`, query: { "api-version": resource.entry.apiVersion } },
    signal,
  );
  if (response.status === 404) return undefined;
  if (response.status >= 300) {
    throw armError(response.status, response.headers.get("x-ms-error-code"), response.body, response.text);
  }
  const config = asObject(response).properties;
  const properties = isObject(site.properties) ? site.properties : {};
  return { ...site, properties: { ...properties, siteConfig: withoutRedacted(config ?? {}) } };
}

function withoutRedacted(config: Value): Value {
  if (!isObject(config) || config.publishingUsername !== "REDACTED") return config;
  const { publishingUsername: _, ...rest } = config;
  return rest;
}

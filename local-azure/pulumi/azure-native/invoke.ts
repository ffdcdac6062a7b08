import type { CloudEndpoints } from "../provider/cloud-endpoints.ts";
import { loopbackUrl } from "../provider/loopback.ts";
import { claimsOf } from "../provider/token-service.ts";
import { isObject, type Value, type Values } from "../provider/values.ts";
import { ArmError } from "./arm/arm-error.ts";
import type { ArmClient } from "./arm/client.ts";
import type { Configuration } from "./configuration.ts";
import { functionOutputs, resourceOutputs } from "./convert/outputs.ts";
import type { Credential } from "./credential.ts";
import { functionType } from "./schema/catalog.ts";
import { resourcePath } from "./schema/resource-path.ts";

/** What functions need of the configured provider. */
export interface InvokeContext {
  readonly configuration: Configuration;
  readonly cloud: CloudEndpoints;
  readonly credential: Credential;
  readonly client: ArmClient;
  readonly signal: AbortSignal;
}

async function clientConfig(context: InvokeContext): Promise<Values> {
  const { cloud, configuration, credential } = context;
  if (cloud.graph === undefined) throw new Error("the cloud's metadata names no Microsoft Graph endpoint");
  const token = await credential.token(`${cloud.graph}/.default`);
  const claims = claimsOf(token);
  const clientId = typeof claims.appid === "string" ? claims.appid : configuration.clientId;
  const objectId =
    typeof claims.oid === "string" ? claims.oid : await objectIdOf(clientId, cloud.graph, token, context);
  return {
    clientId,
    objectId,
    tenantId: typeof claims.tid === "string" ? claims.tid : configuration.tenantId,
    subscriptionId: configuration.subscriptionId,
  };
}

async function objectIdOf(
  appId: string,
  graph: string,
  token: string,
  context: InvokeContext,
): Promise<string> {
  const url = loopbackUrl(`${graph}/v1.0/servicePrincipals`, "Microsoft Graph endpoint");
  url.searchParams.set("$filter", `appId eq '${appId}'`);
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    redirect: "manual",
    signal: context.signal,
  });
  const answer = (await response.json()) as { readonly value?: readonly { readonly id?: string }[] };
  const id = answer.value?.[0]?.id;
  if (id === undefined) throw new Error(`Microsoft Graph knows no service principal of application ${appId}`);
  return id;
}

async function clientToken(context: InvokeContext, args: Values): Promise<Values> {
  const endpoint = typeof args.endpoint === "string" ? args.endpoint : `${context.cloud.resourceManager}/`;
  return { token: await context.credential.token(`${endpoint}/.default`) };
}

/**
 * Calls a function of the provider: the two about the client itself, a resource getter, or one of the function table.
 * @throws {NotInCatalog} for any other token
 */
export async function invoke(context: InvokeContext, token: string, args: Values): Promise<Values> {
  if (token === "azure-native:authorization:getClientConfig") return clientConfig(context);
  if (token === "azure-native:authorization:getClientToken") return clientToken(context, args);

  const found = functionType(token);
  const url = resourcePath(found.entry, args, context.configuration.subscriptionId);
  const query = { "api-version": found.entry.apiVersion };
  const body = await context.client
    .call(
      found.getter ? { method: "GET", url, query } : { method: "POST", url, query, body: {} },
      [200, 201],
      context.signal,
    )
    .then((response): Values => (isObject(response.body) ? response.body : { value: response.body as Value }))
    .catch((error: unknown) => {
      if (error instanceof ArmError) throw new Error(`request failed ${url}: ${error.message}`);
      throw error;
    });
  return found.getter
    ? resourceOutputs(found.entry, found.types, body)
    : functionOutputs(found.entry, found.types, body);
}

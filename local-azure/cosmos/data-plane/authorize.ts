import type { VerifiedToken } from "../../entra/tokens/verify.ts";
import { badRequest, forbidden } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import type { Operation } from "./operations.ts";

const learnMore = "Learn more: https://aka.ms/cosmos-native-rbac.";
const identities = new WeakMap<VerifiedToken, readonly string[]>();

/**
 * Decides whether the caller may do what the request asks for.
 *
 * @throws CosmosError 403/5301 when a principal lacks an action, 403/5300 when it asks for a management operation, 403
 * when a key may not: a read-only key for a write, any key for metadata where the account forbids that.
 */
export function authorize(exchange: Exchange, operation: Operation): void {
  const { caller } = exchange;
  if (caller === undefined) throw new Error("the caller was not authenticated");
  if (caller.kind === "key") authorizeKey(exchange, operation, caller.readOnly);
  else authorizePrincipal(exchange, operation, caller.token);
}

function authorizeKey(exchange: Exchange, operation: Operation, readOnly: boolean): void {
  if (readOnly && operation.writes) {
    throw forbidden("The given key is read-only: it cannot create, change or delete anything.");
  }
  if (operation.kind === "management" && operation.writes && exchange.account.keyMetadataWritesDisabled) {
    throw forbidden(
      `Operation '${exchange.method}' on resource '${operation.resourceType}' is not allowed through Azure Cosmos DB endpoint. Please switch on such operations for your account, or perform this operation through Azure Resource Manager, Azure Portal, Azure CLI or Azure Powershell.`,
    );
  }
}

function authorizePrincipal(exchange: Exchange, operation: Operation, token: VerifiedToken): void {
  const { account, target } = exchange;
  if (operation.kind === "management") {
    throw forbidden(
      `Request blocked by Auth ${account.name} : The given request [${exchange.method} ${exchange.url}] cannot be authorized by AAD token in data plane. ${learnMore}`,
      5300,
    );
  }
  const principalIds = principalIdsOf(token);
  const resource =
    target?.database === undefined
      ? {}
      : target.container === undefined
        ? { database: target.database }
        : { database: target.database, container: target.container };
  const actions = operation.actions(exchange);
  if (actions.length === 0) throw badRequest("The request has no operations.");
  let assignmentId: string | undefined;
  for (const action of actions) {
    const decision =
      operation.kind === "account"
        ? account.authorizer.decideAnywhere(principalIds, action)
        : account.authorizer.decide(principalIds, action, resource);
    if (decision.allowed) {
      assignmentId = decision.assignmentId;
      continue;
    }
    const named =
      resource.database === undefined
        ? "/"
        : resource.container === undefined
          ? `dbs/${resource.database}`
          : `dbs/${resource.database}/colls/${resource.container}`;
    throw forbidden(
      `Request blocked by Auth ${account.name} : Request is blocked because principal [${token.principalId}] does not have required RBAC permissions to perform action [${action}] on resource [${named}]. ${learnMore}`,
      5301,
    );
  }
  exchange.roleAssignmentId = assignmentId;
}

/** The principal's own object id, then those of its groups. */
function principalIdsOf(token: VerifiedToken): readonly string[] {
  let ids = identities.get(token);
  if (ids === undefined) {
    ids = [token.principalId, ...token.groups];
    identities.set(token, ids);
  }
  return ids;
}

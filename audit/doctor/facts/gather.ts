import { type AzureCloud, bearer } from "../../../connection/azure-cloud.ts";
import type { StackOutputs } from "../../../infra/outputs/schema.ts";
import { actionsMatching } from "../../../rbac/cosmos/data-actions.ts";
import type { DataOperation } from "../../../rbac/cosmos/operations.ts";
import { absent, type Seen, seen } from "../check.ts";
import { principalIdOf } from "../principal-name.ts";
import {
  actionsOf,
  isManagement,
  type Operation,
  operationFor,
  parseTarget,
  type Question,
} from "../question.ts";
import { type AccountName, findAccount, findStore } from "./account.ts";
import { type Attempt, tryOperation } from "./attempt.ts";
import { askEndpoint } from "./endpoint.ts";
import type { Facts } from "./facts.ts";
import { readPackages } from "./packages.ts";
import { findGroups, findPrincipal } from "./principal.ts";
import { readControlPlaneRights, readRoles } from "./roles.ts";
import { acquireToken, type Claims, type PresentedCredential, readCredential } from "./token.ts";
import { askTokenService } from "./token-service.ts";

/** What the doctor is asked. */
export interface DoctorRequest {
  readonly account: AccountName;
  readonly outputs?: StackOutputs;
  /** A name of the stack, an object id, a client id or a user principal name; without one, whose token was given. */
  readonly principal?: string;
  /** As settings write scopes; without one, where the principal's first declared grant reaches. */
  readonly target?: string;
  /** Without one, the first that the principal's declared grant allows. */
  readonly operation?: Operation;
  /** What stands in the token file. */
  readonly credential?: string;
  readonly write?: boolean;
  readonly address?: string;
  /** Folder of the program whose libraries are looked at. */
  readonly project: string;
  readonly online?: boolean;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** Where and as whom the doctor looks. */
export interface Surroundings {
  readonly cloud: AzureCloud;
  readonly environment: NodeJS.ProcessEnv;
  readonly now: () => Date;
}

/**
 * Gathers all facts. Whatever cannot be looked at is told in its place and keeps nothing else from being looked at.
 *
 * @throws ConnectionError KC-DOCTOR-PRINCIPAL, KC-DOCTOR-TARGET for a question that cannot be read.
 */
export async function gatherFacts(
  request: DoctorRequest,
  { cloud, environment, now }: Surroundings,
): Promise<Facts> {
  const { outputs, address } = request;
  const given = request.credential === undefined ? undefined : readCredential(request.credential);
  const self = await ownClaims(cloud);
  const selfId = self?.oid ?? environment.ARM_CLIENT_ID ?? environment.AZURE_CLIENT_ID;
  const bearerOfGiven = given?.presented.kind === "token" ? given.presented.claims.oid : undefined;
  const askedFor =
    request.principal === undefined ? (bearerOfGiven ?? selfId) : principalIdOf(request.principal, outputs);
  const question = readQuestion(request, askedFor);
  const tenantId = outputs?.tenantId ?? self?.tid ?? environment.ARM_TENANT_ID ?? environment.AZURE_TENANT_ID;

  const [account, tokenService, principal, packages] = await Promise.all([
    findAccount(cloud, request.account),
    tenantId === undefined
      ? absent("the tenant is not known: set AZURE_TENANT_ID")
      : askTokenService(cloud, tenantId, now),
    askedFor === undefined
      ? absent("no principal was named, and whoever runs this has no token")
      : findPrincipal(cloud, askedFor),
    readPackages(request.project, request.online === true, environment),
  ]);
  const found = principal.seen ? principal.value : undefined;
  const known = account.seen ? account.value : undefined;
  const endpoint =
    known?.endpoint ?? ("endpoint" in request.account ? request.account.endpoint : outputs?.account.endpoint);
  const isSelf =
    [self?.oid, self?.appid, environment.ARM_CLIENT_ID].some(
      (id) => id !== undefined && [askedFor, found?.objectId, found?.clientId].includes(id),
    ) || askedFor === undefined;

  const nowhere = absent("there is no account to look at");
  const endpointAnswer = endpoint === undefined ? nowhere : await askEndpoint(endpoint);
  const reached = endpointAnswer.seen && endpointAnswer.value.outcome === "answered";
  const credential = given ?? (isSelf ? await acquireToken(cloud.credential, endpoint) : undefined);
  const id = found?.kind === "application" ? found.servicePrincipalId : found?.objectId;
  const [store, roles, groups, controlPlane, attempt] = await Promise.all([
    known === undefined || question.target.database === undefined
      ? nowhere
      : findStore(cloud, known.id, question.target),
    known === undefined ? nowhere : readRoles(cloud, known.id),
    found === undefined || found.kind === "application"
      ? absent("the principal is not known")
      : findGroups(cloud, found),
    known === undefined || id === undefined ? nowhere : readControlPlaneRights(cloud, known.id, id),
    reached && endpoint !== undefined
      ? tryAs(credential, endpoint, question)
      : absent("the endpoint does not answer"),
  ]);
  const aheadMs = tokenService.seen ? tokenService.value.aheadSeconds * 1000 : 0;
  return {
    question: address === undefined ? question : { ...question, address },
    now: new Date(now().getTime() + aheadMs),
    today: request.today,
    tenantId,
    askedFor: request.principal ?? askedFor ?? "whoever runs this",
    actsAsPrincipal: credential !== undefined,
    account,
    endpoint,
    endpointAnswer,
    tokenService,
    store,
    presented:
      credential === undefined
        ? absent("only the principal itself has its token: --token-file hands one over")
        : seen(credential.presented),
    principal,
    groups,
    roles,
    controlPlane,
    attempt,
    outputs,
    packages,
  };
}

/** The claims of the runner's token for resource manager; undefined where there is none. */
async function ownClaims(cloud: AzureCloud): Promise<Claims | undefined> {
  try {
    const { presented } = readCredential(await bearer(cloud));
    return presented.kind === "token" ? presented.claims : undefined;
  } catch {
    // Why there is none is told wherever the token would have been used.
    return undefined;
  }
}

function readQuestion(request: DoctorRequest, principalId: string | undefined): Question {
  const declared = (request.outputs?.grants ?? []).filter(
    (grant) => grant.principalId.toLowerCase() === principalId?.toLowerCase(),
  );
  const grant = declared.find(({ scope }) => request.target === undefined || scope === request.target);
  const target = parseTarget(request.target ?? grant?.scope ?? "account");
  const held = new Set((grant?.dataActions ?? []).flatMap(actionsMatching));
  const usual: readonly DataOperation[] = ["readItem", "queryItems", "readChangeFeed", "createItem"];
  const declaredOperation =
    target.container === undefined
      ? undefined
      : usual.find((operation) => actionsOf(operation).every((action) => held.has(action)));
  return {
    target,
    operation: request.operation ?? declaredOperation ?? operationFor(target),
    write: request.write === true,
  };
}

async function tryAs(
  credential: PresentedCredential | undefined,
  endpoint: string,
  question: Question,
): Promise<Seen<Attempt>> {
  if (credential?.text === undefined) return absent("there is no token of the principal to try it with");
  if (isManagement(question.operation)) return absent(`the doctor does not try ${question.operation}`);
  return tryOperation(endpoint, credential.text, question);
}

import type { AzureCloud } from "../../../connection/azure-cloud.ts";
import type { StackOutputs } from "../../../infra/outputs/schema.ts";
import { absent, seen } from "../check.ts";
import { principalIdOf } from "../principal-name.ts";
import type { Operation, Question } from "../question.ts";
import { readQuestion } from "../read-question.ts";
import { type Account, type AccountName, findAccount, findStore } from "./account.ts";
import { askEndpoint } from "./endpoint.ts";
import type { Facts } from "./facts.ts";
import { type OwnIdentity, ownIdentity } from "./own-identity.ts";
import { readPackages } from "./packages.ts";
import { findGroups, findPrincipal, type Principal } from "./principal.ts";
import { readControlPlaneRights, readRoles } from "./roles.ts";
import { acquireToken, readCredential } from "./token.ts";
import { askTokenService } from "./token-service.ts";
import { tryAs } from "./try-as.ts";

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
export async function gatherFacts(request: DoctorRequest, surroundings: Surroundings): Promise<Facts> {
  const { cloud, environment, now } = surroundings;
  const { outputs } = request;
  const given = request.credential === undefined ? undefined : readCredential(request.credential);
  const own = await ownIdentity(cloud, environment);
  const bearerOfGiven = given?.presented.kind === "token" ? given.presented.claims.oid : undefined;
  const askedFor =
    request.principal === undefined ? (bearerOfGiven ?? own.id) : principalIdOf(request.principal, outputs);
  const question = readQuestion(request, askedFor);
  const tenantId = outputs?.tenantId ?? own.tenantId;

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
  const known = account.seen ? account.value : undefined;
  const found = principal.seen ? principal.value : undefined;
  const endpoint =
    known?.endpoint ?? ("endpoint" in request.account ? request.account.endpoint : outputs?.account.endpoint);
  const isOwn =
    askedFor === undefined || own.ids.some((id) => [askedFor, found?.objectId, found?.clientId].includes(id));
  const credential = given ?? (isOwn ? await acquireToken(cloud.credential, endpoint) : undefined);
  const endpointAnswer = endpoint === undefined ? nowhere : await askEndpoint(endpoint);

  const objectId = principal.seen
    ? found?.kind === "application"
      ? found.servicePrincipalId
      : found?.objectId
    : objectIdWithoutDirectory(askedFor, own, outputs);
  const reached = endpointAnswer.seen && endpointAnswer.value.outcome === "answered";
  const [access, attempt] = await Promise.all([
    readAccess(cloud, known, found, objectId, question),
    reached && endpoint !== undefined
      ? tryAs(credential, objectId, { endpoint, named: known !== undefined }, question)
      : absent("the endpoint does not answer"),
  ]);
  const aheadMs = tokenService.seen ? tokenService.value.aheadSeconds * 1000 : 0;
  return {
    question,
    now: new Date(now().getTime() + aheadMs),
    today: request.today,
    tenantId,
    askedFor: request.principal ?? askedFor ?? "whoever runs this",
    actsAsPrincipal: credential !== undefined,
    account,
    endpoint,
    endpointAnswer,
    tokenService,
    presented:
      credential === undefined
        ? absent("only the principal itself has its token: --token-file hands one over")
        : seen(credential.presented),
    principal,
    objectId: objectId?.toLowerCase(),
    ...access,
    attempt,
    outputs,
    packages,
  };
}

const nowhere = absent("there is no account to look at");

/** What was asked for is an object id where the stack or the runner's own token says it; anything else may be a client id. */
function objectIdWithoutDirectory(
  askedFor: string | undefined,
  own: OwnIdentity,
  outputs: StackOutputs | undefined,
): string | undefined {
  const known = [own.objectId, ...(outputs?.grants ?? []).map(({ principalId }) => principalId)];
  return known.find((id) => id !== undefined && id.toLowerCase() === askedFor?.toLowerCase());
}

/** What resource manager and the directory say of the target and of the principal's rights on it. */
async function readAccess(
  cloud: AzureCloud,
  account: Account | undefined,
  principal: Principal | undefined,
  id: string | undefined,
  { target }: Question,
): Promise<Pick<Facts, "store" | "roles" | "groups" | "controlPlane">> {
  const [store, roles, groups, controlPlane] = await Promise.all([
    account === undefined || target.database === undefined ? nowhere : findStore(cloud, account.id, target),
    account === undefined ? nowhere : readRoles(cloud, account.id),
    principal === undefined || principal.kind === "application"
      ? absent("the principal is not known")
      : findGroups(cloud, principal),
    account === undefined || id === undefined ? nowhere : readControlPlaneRights(cloud, account.id, id),
  ]);
  return { store, roles, groups, controlPlane };
}

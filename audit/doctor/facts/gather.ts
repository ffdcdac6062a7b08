import { type AzureCloud, bearer } from "../../../connection/azure-cloud.ts";
import type { StackOutputs } from "../../../infra/outputs/schema.ts";
import { absent, type Seen, seen } from "../check.ts";
import { principalIdOf } from "../principal-name.ts";
import { isManagement, type Operation, type Question } from "../question.ts";
import { readQuestion } from "../read-question.ts";
import { type Account, type AccountName, findAccount, findStore } from "./account.ts";
import { type Attempt, tryOperation } from "./attempt.ts";
import { askEndpoint } from "./endpoint.ts";
import type { Facts } from "./facts.ts";
import { readPackages } from "./packages.ts";
import { findGroups, findPrincipal, type Principal } from "./principal.ts";
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
export async function gatherFacts(request: DoctorRequest, surroundings: Surroundings): Promise<Facts> {
  const { cloud, environment, now } = surroundings;
  const { outputs } = request;
  const given = request.credential === undefined ? undefined : readCredential(request.credential);
  const own = await ownIdentity(surroundings);
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

  const reached = endpointAnswer.seen && endpointAnswer.value.outcome === "answered";
  const [access, attempt] = await Promise.all([
    readAccess(cloud, known, found, question),
    reached && endpoint !== undefined
      ? tryAs(credential, endpoint, question)
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
    ...access,
    attempt,
    outputs,
    packages,
  };
}

const nowhere = absent("there is no account to look at");

/** Who runs the doctor, as far as that can be known without a token. */
interface OwnIdentity {
  readonly id: string | undefined;
  /** Every id that means it. */
  readonly ids: readonly string[];
  readonly tenantId: string | undefined;
}

async function ownIdentity({ cloud, environment }: Surroundings): Promise<OwnIdentity> {
  const claims = await ownClaims(cloud);
  if (claims === undefined) {
    const id = environment.ARM_CLIENT_ID ?? environment.AZURE_CLIENT_ID;
    const tenantId = environment.ARM_TENANT_ID ?? environment.AZURE_TENANT_ID;
    return { id, ids: id === undefined ? [] : [id], tenantId };
  }
  const { oid, appid, idtyp, tid } = claims;
  // The client id in a person's token is that of the program that signed them in.
  const ids = [oid, idtyp === "app" ? appid : undefined].flatMap((id) => id ?? []);
  return { id: oid, ids, tenantId: tid };
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

/** What resource manager and the directory say of the target and of the principal's rights on it. */
async function readAccess(
  cloud: AzureCloud,
  account: Account | undefined,
  principal: Principal | undefined,
  { target }: Question,
): Promise<Pick<Facts, "store" | "roles" | "groups" | "controlPlane">> {
  const id = principal?.kind === "application" ? principal.servicePrincipalId : principal?.objectId;
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

async function tryAs(
  credential: PresentedCredential | undefined,
  endpoint: string,
  question: Question,
): Promise<Seen<Attempt>> {
  if (credential?.text === undefined) return absent("there is no token of the principal to try it with");
  if (isManagement(question.operation)) return absent(`the doctor does not try ${question.operation}`);
  return tryOperation(endpoint, credential.text, question);
}

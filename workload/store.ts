import { type Container, CosmosClient, ErrorResponse } from "@azure/cosmos";
import { type AccessMode, openAccess } from "./access/access-mode.ts";
import type { FailureLog } from "./failures/access-failure.ts";
import { refusalByCosmos } from "./failures/refusal-by-azure.ts";
import type { DeclaredContainer, WorkloadSettings } from "./settings.ts";

/** What the workload is about to do, for the log of refusals. */
export interface Attempt {
  /** `database/container`. */
  readonly target: string;
  readonly action: string;
}

/** The workload's one way to Cosmos DB: its identity, one client for as long as its tokens are taken, no account key. */
export interface Store {
  readonly access: AccessMode;
  /**
   * Runs `work` with the client. Where Cosmos DB refuses the token as such, once more with a new one: the client and the
   * credential keep a token for as long as they believe it to be good.
   */
  use<Result>(attempt: Attempt, work: (client: CosmosClient) => Promise<Result>): Promise<Result>;
  useContainer<Result>(
    declared: DeclaredContainer,
    action: string,
    work: (container: Container) => Promise<Result>,
  ): Promise<Result>;
}

/** A token that is refused again and again is not renewed at every request. */
const renewalPauseMs = 10_000;

/** @param now milliseconds since the Unix epoch. */
export function openStore(settings: WorkloadSettings, log: FailureLog, now: () => number = Date.now): Store {
  const accountScope = `${new URL(settings.endpoint).origin}/.default`;
  const access = openAccess(settings.access, { log, now, accountScope });
  const open = () =>
    new CosmosClient({
      endpoint: settings.endpoint,
      aadCredentials: access.credential,
      userAgentSuffix: "keyless-cosmos-workload",
    });
  let client = open();
  let renewedAt = Number.NEGATIVE_INFINITY;

  /** @returns false when the token was renewed a moment ago, and is refused all the same. */
  const renew = (refused: CosmosClient): boolean => {
    if (refused !== client) return true;
    if (now() - renewedAt < renewalPauseMs) return false;
    renewedAt = now();
    access.renew();
    client = open();
    refused.dispose();
    return true;
  };

  const logged = async <Result>(
    { target, action }: Attempt,
    used: CosmosClient,
    work: (client: CosmosClient) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await work(used);
    } catch (error) {
      const refusal = refusalByCosmos(error, { principal: access.principal, action, resource: target });
      if (refusal !== undefined) log(refusal);
      throw error;
    }
  };

  const use: Store["use"] = async (attempt, work) => {
    const used = client;
    try {
      return await logged(attempt, used, work);
    } catch (error) {
      if (!refusesToken(error) || !renew(used)) throw error;
      return logged(attempt, client, work);
    }
  };

  return {
    access,
    use,
    useContainer: ({ database, name }, action, work) =>
      use({ target: `${database}/${name}`, action }, (used) => work(used.database(database).container(name))),
  };
}

/** 401 in general; a 403 where an expired token was seen to get one (https://github.com/Azure/azure-sdk-for-python/issues/45886). */
function refusesToken(error: unknown): boolean {
  if (!(error instanceof ErrorResponse)) return false;
  return error.code === 401 || (error.code === 403 && /token has been expired/i.test(error.message));
}

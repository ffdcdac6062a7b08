import { randomUUID } from "node:crypto";
import { beforeAll, describe, test } from "@jest/globals";
import { type AzureCloud, bearer, connect } from "../connection/azure-cloud.ts";
import { declaredRights } from "./declared-rights.ts";
import { failOn } from "./finding.ts";
import { keyHeader, type RawAnswer, rawCosmos, tokenHeader, withChangedSignature } from "./raw-cosmos.ts";
import { readTarget } from "./target.ts";

const { outputs, runner } = readTarget();
const { endpoint, id: accountId } = outputs.account;
const apiVersion = "2025-10-15";
const cosmosScope = "https://cosmos.azure.com/.default";
/** Base64 of 64 bytes, the form of a key; it opens nothing. */
const madeUpKey = Buffer.alloc(64, 7).toString("base64");

let cloud: AzureCloud;
let token: string;
beforeAll(async () => {
  cloud = await connect();
  token = (await bearer(cloud, cosmosScope)).slice("Bearer ".length);
});

function expectRefusal(
  what: string,
  came: RawAnswer,
  status: number,
  substatus: number | undefined,
  hint: { cause: string; fix: string },
): void {
  const right = came.status === status && (substatus === undefined || came.substatus === substatus);
  const shown = (code: number, sub: number | undefined) => (sub === undefined ? `${code}` : `${code}/${sub}`);
  failOn(
    right
      ? []
      : [
          {
            what,
            expected: shown(status, substatus),
            came: `${shown(came.status, came.substatus)} ${came.code ?? ""}`,
            likelyCause: hint.cause,
            fix: hint.fix,
          },
        ],
  );
}

const opensToAnyone = {
  cause: "the data plane accepts a request that proves nothing",
  fix: "stop using this account and report it: a token must be verified in full",
};

test("a token that nobody touched is taken: what follows is refused for what is wrong with it", async () => {
  const came = await rawCosmos(endpoint, { method: "GET", path: "/", authorization: tokenHeader(token) });
  if (came.status === 200 || came.status === 403) return;
  failOn([
    {
      what: "GET / with the runner's token",
      expected: "200, or 403 where the runner has no grant",
      came: `${came.status} ${came.code ?? ""}`,
      likelyCause: "the account does not know the runner's tenant, or is not ready",
      fix: "sign in to the tenant of the account",
    },
  ]);
});

describe("a request is refused", () => {
  test("without a token: 401", async () => {
    expectRefusal(
      "GET / without a token",
      await rawCosmos(endpoint, { method: "GET", path: "/" }),
      401,
      undefined,
      opensToAnyone,
    );
  });

  test("with a token for another audience: 401", async () => {
    const wrong = (await bearer(cloud)).slice("Bearer ".length);
    const came = await rawCosmos(endpoint, { method: "GET", path: "/", authorization: tokenHeader(wrong) });
    expectRefusal("GET / with a token for resource manager", came, 401, undefined, opensToAnyone);
  });

  test("with a token whose signature was changed: 401", async () => {
    const authorization = tokenHeader(withChangedSignature(token));
    const came = await rawCosmos(endpoint, { method: "GET", path: "/", authorization });
    expectRefusal("GET / with a changed signature", came, 401, undefined, opensToAnyone);
  });

  test("with an account key: 401/5202", async () => {
    const date = new Date().toUTCString();
    const authorization = keyHeader(await accountKey(), "GET", "dbs", "", date);
    const came = await rawCosmos(endpoint, { method: "GET", path: "/dbs", authorization, date });
    expectRefusal("GET /dbs with an account key", came, 401, 5202, {
      cause: "local authorization is on: keys open the account",
      fix: "take localAuthorization out of the settings, then pulumi up",
    });
  });

  test("that would create a container with a token: 403/5300", async () => {
    const [first] = outputs.containers;
    const id = `smoke-${randomUUID()}`;
    const came = await rawCosmos(endpoint, {
      method: "POST",
      path: `/dbs/${first?.database}/colls`,
      authorization: tokenHeader(token),
      body: { id, partitionKey: { paths: ["/id"], kind: "Hash", version: 2 } },
    });
    if (came.status === 201) await removeContainer(`sqlDatabases/${first?.database}/containers/${id}`);
    expectRefusal("POST a container with a token", came, 403, 5300, {
      cause: "the data plane let a token manage resources, or refused the request for another reason",
      fix: "look into the account's requests, and report an account that lets tokens manage resources",
    });
  });

  const rights = declaredRights(outputs, runner);
  const others = outputs.containers.filter(
    (container) => rights.grantFor("readContainer", container) === undefined,
  );
  for (const { database, name } of others) {
    test(`by another container, ${database}/${name}, which the runner has no grant on: 403/5301`, async () => {
      const path = `/dbs/${database}/colls/${name}`;
      const came = await rawCosmos(endpoint, { method: "GET", path, authorization: tokenHeader(token) });
      expectRefusal(`GET ${path}`, came, 403, 5301, {
        cause: "a role assignment that is not declared here reaches this container",
        fix: "list the account's sqlRoleAssignments, and delete or declare it",
      });
    });
  }
});

async function removeContainer(path: string): Promise<void> {
  await fetch(`${cloud.resourceManager.url}${accountId}/${path}?api-version=${apiVersion}`, {
    method: "DELETE",
    headers: { authorization: await bearer(cloud) },
  });
}

/**
 * The account's real key where the runner may list it: with local authorization off it must open nothing. Listing works
 * even then, so only trying the key proves anything.
 */
async function accountKey(): Promise<string> {
  const response = await fetch(
    `${cloud.resourceManager.url}${accountId}/listKeys?api-version=${apiVersion}`,
    {
      method: "POST",
      headers: { authorization: await bearer(cloud) },
    },
  );
  if (!response.ok) return madeUpKey;
  const { primaryMasterKey } = (await response.json()) as { primaryMasterKey: string };
  return primaryMasterKey;
}

import { beforeAll, describe, test } from "@jest/globals";
import { connect } from "../connection/azure-cloud.ts";
import { environmentCredential } from "../connection/credential.ts";
import type { StackOutputs } from "../infra/outputs/schema.ts";
import type { DataOperation } from "../rbac/cosmos/operations.ts";
import { declaredRights } from "./declared-rights.ts";
import { type Finding, failOn } from "./finding.ts";
import { judge } from "./judge.ts";
import { type LiveGrants, readLiveGrants } from "./live-grants.ts";
import { untilPropagated } from "./propagation.ts";
import { notACaller } from "./runner-access.ts";
import { askSite, type Probe, probeSite } from "./site.ts";
import { siteToken } from "./site-token.ts";
import { readTarget } from "./target.ts";

/** The probe's operations by the names that rights are declared with. */
const operations: Readonly<Record<string, DataOperation>> = {
  readMetadata: "readContainer",
  create: "createItem",
  read: "readItem",
  query: "queryItems",
  replace: "replaceItem",
  upsert: "upsertItem",
  delete: "deleteItem",
};

const { outputs, runner } = readTarget();

const workloads = Object.entries(outputs.workloads);
if (workloads.length === 0) (test.skip as typeof test)("(skipped: no workload is declared)", () => {});
for (const [name, workload] of workloads) describe(`workload ${name}`, () => proveWorkload(name, workload));

function proveWorkload(name: string, workload: StackOutputs["workloads"][string]): void {
  const { url, siteName } = workload;
  // A secret proves its registration, not the site.
  const principalId = workload.secret?.principalId ?? workload.principalId;
  const rights = declaredRights(outputs, principalId);
  let live: LiveGrants;
  let token: string;
  const unlisted = notACaller(outputs, workload, runner);
  beforeAll(async () => {
    live = await readLiveGrants(await connect(), outputs);
    if (unlisted === undefined) {
      token = await siteToken(name, workload, environmentCredential(process.env), "the runner");
    }
  });
  const probe = () => probeSite(name, url, token, withheld());

  test("its site is healthy", async () => {
    const what = `${name}: GET ${url}/health`;
    const { status, body } = await askSite(what, `${url}/health`);
    if (status === 200 && body.includes('"healthy"')) return;
    failOn([
      {
        what,
        expected: '200 and "healthy"',
        came: `${status} ${body.slice(0, 500)}`,
        likelyCause:
          status === 403
            ? "the site's access restrictions refuse this address"
            : "the workload is not published, or it does not start",
        fix:
          status === 403
            ? "add this address to allowedAddresses, then `pulumi up`"
            : "run `npm run deploy`, then read the site's log",
      },
    ]);
  });

  if (unlisted !== undefined) {
    (test.skip as typeof test)(`can do exactly what its grants say (skipped: ${unlisted})`, () => {});
    return;
  }

  test("its identity gives tokens, and they are its own", async () => {
    const { identityEndpoint, claims } = await probe();
    const findings: Finding[] = [];
    if (!identityEndpoint.available) {
      findings.push({
        what: `${name}: a token from the site's identity endpoint`,
        expected: "200",
        came: String(identityEndpoint.status),
        likelyCause: "the identity endpoint of the site is down, or its identity was taken away",
        fix: "check the identity of the site; on the local cloud: `npx --no local-azure faults list`",
      });
    }
    if (claims.oid !== principalId || claims.tid !== outputs.tenantId) {
      findings.push({
        what: `${name}: whom the workload's token is for`,
        expected: `oid ${principalId} of tenant ${outputs.tenantId}, the principal of ${
          workload.secret === undefined ? siteName : "the secret's registration"
        }`,
        came: `oid ${claims.oid} of tenant ${claims.tid}`,
        likelyCause: "the workload signs in as another identity, or the site was given a new one",
        fix: "`pulumi up --refresh`, then restart the site",
      });
    }
    failOn(findings);
  });

  test("can do exactly what its grants say", async () => {
    failOn(await untilPropagated(name, async () => judgeProbe(await probe())));
  });

  test("cannot create a container with its token: 403/5300", async () => {
    const { outcomes } = await probe();
    const outcome = outcomes.find(({ operation }) => operation === "createContainer");
    if (outcome?.code === 403 && outcome.substatus === 5300) return;
    failOn([
      {
        what: `${name}: creates a container with its token`,
        expected: "403/5300",
        came: outcome === undefined ? "nothing was tried" : `${outcome.code}/${outcome.substatus ?? "-"}`,
        likelyCause: "the data plane let a token manage resources, or refused the request for another reason",
        fix: "look into the account's requests, and report an account that lets tokens manage resources",
      },
    ]);
  });

  /** What the workload may create and could not delete again. */
  function withheld(): string[] {
    return outputs.containers
      .filter((container) => rights.grantFor("deleteItem", container) === undefined)
      .flatMap((container) =>
        (["create", "upsert"] as const)
          .filter((operation) => rights.grantFor(`${operation}Item`, container) !== undefined)
          .map((operation) => `${container.database}/${container.name}:${operation}`),
      );
  }

  function judgeProbe({ outcomes, leftBehind }: Probe): Finding[] {
    const left = leftBehind.map((item) => ({
      what: `${name}: ${item}, which the probe made`,
      expected: "deleted again",
      came: "it could not be deleted",
      likelyCause: "the workload may create here, which no grant declares, and not delete",
      fix: "delete it, and the role assignment that is not declared",
    }));
    const judged = outputs.containers.flatMap((container) =>
      outcomes
        .filter(({ target }) => target === `${container.database}/${container.name}`)
        .flatMap((outcome) => {
          const operation = operations[outcome.operation];
          if (operation === undefined) return [];
          return judge(name, rights, container, { ...outcome, operation }, live) ?? [];
        }),
    );
    return [...judged, ...left];
  }
}

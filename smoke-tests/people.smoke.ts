import { beforeAll, describe, test } from "@jest/globals";
import { connect } from "../connection/azure-cloud.ts";
import type { WorkloadOutput } from "../infra/outputs/schema.ts";
import { groupsOf } from "./declared-rights.ts";
import { expectDeclaredRights } from "./expect-declared-rights.ts";
import { failOn } from "./finding.ts";
import { type LiveGrants, readLiveGrants } from "./live-grants.ts";
import { type Person, signInPerson } from "./person.ts";
import { askSite, writeSettingsAnew } from "./site.ts";
import { siteToken } from "./site-token.ts";
import { readTarget } from "./target.ts";

const { outputs } = readTarget();
const person = await signInPerson(outputs.tenantId);
/** Nothing is there: whoever is let in is told so. */
const path = "/items/no-database/no-container";

describe("a person", () => {
  if ("unavailable" in person) {
    (test.skip as typeof test)(
      `may do exactly what the grants of their groups say (skipped: ${person.unavailable})`,
      () => {},
    );
  } else provePerson(person);
});

function provePerson({ username, credential, objectId }: Person): void {
  let live: LiveGrants;
  beforeAll(async () => {
    live = await readLiveGrants(await connect(), outputs);
  });

  const groupIds = groupsOf(outputs, objectId);
  const memberOf = Object.entries(outputs.groups)
    .filter(([, group]) => groupIds.includes(group.objectId))
    .map(([name]) => name);
  const groups = memberOf.length === 0 ? "who is in no declared group" : `who is in ${memberOf.join(", ")}`;

  test(`${groups} may do exactly what the grants of their groups say`, () =>
    expectDeclaredRights(outputs, live, username, objectId, credential));

  for (const [name, workload] of Object.entries(outputs.workloads)) {
    const may = declaredCaller(workload);
    test(
      may ? `calls ${name} as themselves` : `is refused by ${name}, where no group of theirs is listed`,
      async () => {
        const token = await siteToken(name, workload, credential, username);
        const came = await askSite(`${name}: GET ${path} by ${username}`, `${workload.url}${path}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const [status, code] = may ? [404, "UnknownContainer"] : [403, "CallerNotListed"];
        if (came.status === status && came.code === code) return;
        failOn([
          {
            what: `${name}: GET ${path} by ${username}, ${groups}`,
            expected: `${status} ${code}`,
            came: `${came.status} ${came.body.slice(0, 500)}`,
            likelyCause: may
              ? "the person's tokens name no groups (groupMembershipClaims of the workload's registration), or the site has other callers than the stack"
              : "the site has other callers than the stack declares",
            fix: writeSettingsAnew,
          },
        ]);
      },
    );
  }

  function declaredCaller({ callers }: WorkloadOutput): boolean {
    const own = new Set([objectId, ...groupIds].map((id) => id.toLowerCase()));
    return callers.some((caller) => own.has(caller.objectId.toLowerCase()));
  }
}

import type { TokenCredential } from "@azure/identity";
import { beforeAll, describe, test } from "@jest/globals";
import { connect } from "../connection/azure-cloud.ts";
import { applicationCredential, environmentCredential } from "../connection/credential.ts";
import { tokenClient } from "../connection/data-plane-attempt.ts";
import { tryOperations } from "./attempts.ts";
import { declaredRights } from "./declared-rights.ts";
import { type Finding, failOn } from "./finding.ts";
import { judge } from "./judge.ts";
import { type LiveGrants, readLiveGrants } from "./live-grants.ts";
import { untilPropagated } from "./propagation.ts";
import { readTarget } from "./target.ts";

const { outputs, runner, stranger } = readTarget();
let live: LiveGrants;
beforeAll(async () => {
  live = await readLiveGrants(await connect(), outputs);
});

async function expectDeclaredRights(
  who: string,
  principalId: string,
  credential: TokenCredential,
): Promise<void> {
  const rights = declaredRights(outputs, principalId);
  const look = async () => {
    const client = tokenClient(outputs.account.endpoint, credential);
    const findings: Finding[] = [];
    for (const container of outputs.containers) {
      const outcomes = await tryOperations(
        client,
        container,
        (operation) => rights.grantFor(operation, container) !== undefined,
      );
      findings.push(...outcomes.flatMap((outcome) => judge(who, rights, container, outcome, live) ?? []));
    }
    client.dispose();
    return findings;
  };
  failOn(await untilPropagated(who, look));
}

describe("whoever runs the tests", () => {
  test("may do exactly what the declared grants say for them", () =>
    expectDeclaredRights("the runner", runner, environmentCredential(process.env)));
});

describe("an identity without a grant", () => {
  if ("unavailable" in stranger) {
    (test.skip as typeof test)(`is refused everything (skipped: ${stranger.unavailable})`, () => {});
  } else {
    const credential = applicationCredential({ tenantId: outputs.tenantId, ...stranger }, process.env);
    test("is refused everything with 403/5301", () =>
      expectDeclaredRights("an identity without a grant", stranger.principalId, credential));
  }
});

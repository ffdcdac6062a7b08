import type { TokenCredential } from "@azure/identity";
import { beforeAll, describe, test } from "@jest/globals";
import { connect } from "../connection/azure-cloud.ts";
import { applicationCredential, environmentCredential } from "../connection/credential.ts";
import { tokenClient, tryOperations } from "./attempts.ts";
import { declaredRights } from "./declared-rights.ts";
import { failOn } from "./finding.ts";
import { judge } from "./judge.ts";
import { missingGrants } from "./live-grants.ts";
import { untilPropagated } from "./propagation.ts";
import { readTarget } from "./target.ts";

const { outputs, runner, stranger } = readTarget();
let missing: ReadonlySet<string>;
beforeAll(async () => {
  missing = await missingGrants(await connect(), outputs);
});

async function expectDeclaredRights(
  who: string,
  principalId: string,
  credential: TokenCredential,
): Promise<void> {
  const rights = declaredRights(outputs, principalId);
  const look = async () => {
    const client = tokenClient(outputs.account.endpoint, credential);
    const findings = [];
    for (const container of outputs.containers) {
      const expected = (operation: Parameters<typeof rights.grantFor>[0]) =>
        rights.grantFor(operation, container) !== undefined;
      for (const outcome of await tryOperations(client, container, expected)) {
        findings.push(
          ...[judge(who, rights, container, outcome, missing)].filter((finding) => finding !== undefined),
        );
      }
    }
    client.dispose();
    return findings;
  };
  failOn(await untilPropagated(who, look, () => missing.size === 0));
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

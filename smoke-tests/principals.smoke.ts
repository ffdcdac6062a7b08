import { beforeAll, describe, test } from "@jest/globals";
import { connect } from "../connection/azure-cloud.ts";
import { applicationCredential, environmentCredential } from "../connection/credential.ts";
import { expectDeclaredRights } from "./expect-declared-rights.ts";
import { type LiveGrants, readLiveGrants } from "./live-grants.ts";
import { readTarget } from "./target.ts";

const { outputs, runner, stranger } = readTarget();
let live: LiveGrants;
beforeAll(async () => {
  live = await readLiveGrants(await connect(), outputs);
});

describe("whoever runs the tests", () => {
  test("may do exactly what the declared grants say for them", () =>
    expectDeclaredRights(outputs, live, "the runner", runner, environmentCredential(process.env)));
});

describe("an identity without a grant", () => {
  const who = "an identity without a grant";
  if ("unavailable" in stranger) {
    (test.skip as typeof test)(`is refused everything (skipped: ${stranger.unavailable})`, () => {});
  } else {
    const credential = applicationCredential({ tenantId: outputs.tenantId, ...stranger }, process.env);
    test("is refused everything with 403/5301", () =>
      expectDeclaredRights(outputs, live, who, stranger.principalId, credential));
  }
});

/** Grants whose holder signs in elsewhere: by a token of an outside issuer, or as somebody else. */
describe("who cannot be signed in as from here", () => {
  const outside = new Map(
    [...Object.entries(outputs.applications), ...Object.entries(outputs.identities)].map(
      ([name, { principalId }]) => [principalId.toLowerCase(), name],
    ),
  );
  for (const { id, role, scope, principalId } of outputs.grants) {
    const name = outside.get(principalId.toLowerCase());
    if (name === undefined) continue;
    (test.skip as typeof test)(
      `${name} is ${role} on ${scope} (skipped: it signs in with tokens of its own issuers only; grant ${id})`,
      () => {},
    );
  }
});

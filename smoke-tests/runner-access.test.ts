import { expect, test } from "@jest/globals";
import { notACaller } from "./runner-access.ts";
import { outputs, runnerPrincipal, workloadPrincipal } from "./testing/outputs.ts";

const group = "77777777-7777-4777-8777-777777777777";
const declared = (members: string[]) => ({
  ...outputs,
  groups: { developers: { objectId: group, members: members.map((objectId) => ({ name: "m", objectId })) } },
});
const reason = "whoever runs the tests is not among its callers; list `deployer` under callers";
const principal = (objectId: string) => ({ name: "p", objectId, kind: "principal" as const });
const byGroup = { name: "developers", objectId: group, kind: "group" as const };

test.each([
  ["listed in person", outputs, [principal(runnerPrincipal.toUpperCase())], undefined],
  ["in a listed group", declared([runnerPrincipal]), [byGroup], undefined],
  ["perhaps in a group of others", outputs, [byGroup], undefined],
  ["not in a listed group", declared([workloadPrincipal]), [byGroup], reason],
  ["not listed", outputs, [principal(workloadPrincipal)], reason],
  ["without any caller", outputs, [], reason],
])("a runner %s", (_, stack, callers, expected) => {
  expect(notACaller(stack, { callers }, runnerPrincipal)).toBe(expected);
});

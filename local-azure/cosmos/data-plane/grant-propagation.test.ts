import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ArmResource } from "../../arm/resource-store.ts";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";
import { openGrantPropagation } from "./grant-propagation.ts";

let cosmos: TestCosmos;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  await cosmos.items("orders").items.create({ id: "a", pk: "p" });
});
afterEach(() => {
  cosmos.platform.faults.clear("grant-propagation");
  cosmos.platform.faults.clear("grant-propagation", cosmos.accountId);
});
afterAll(() => cosmos.close());

const delay = (seconds: number, target?: string) =>
  cosmos.platform.faults.set("grant-propagation", target, seconds);
/** Tries to read and to write as the principal, with a client of its own. */
async function attempt(principal: string): Promise<"none" | "reads" | "writes"> {
  const container = cosmos.client(principal).database("orders").container("orders");
  const tried = async (call: Promise<unknown>) =>
    call.then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 403, substatus: 5301 });
        return false;
      },
    );
  if (await tried(container.items.upsert({ id: "b", pk: "p" }))) return "writes";
  return (await tried(container.item("a", "p").read())) ? "reads" : "none";
}

/** Gives an assignment another role, as resource manager would. */
async function change(id: string, role: "reader" | "contributor"): Promise<void> {
  const assignment = cosmos.resources.get(`${cosmos.accountId}/sqlRoleAssignments/${id}`);
  if (assignment === undefined) throw new Error(`no assignment ${id}`);
  const definition = { reader: 1, contributor: 2 }[role];
  const roleDefinitionId = `${cosmos.accountId}/sqlRoleDefinitions/00000000-0000-0000-0000-00000000000${definition}`;
  await cosmos.resources.put({ ...assignment, properties: { ...assignment.properties, roleDefinitionId } });
}

test("a new grant, a changed one and a removed one count when they have reached the data plane, to the millisecond", async () => {
  const principal = cosmos.principal("late");
  delay(30);
  const id = await cosmos.grant(principal, "reader");
  expect(await attempt(principal)).toBe("none");
  cosmos.clock.advance(29_999);
  expect(await attempt(principal)).toBe("none");
  cosmos.clock.advance(1);
  expect(await attempt(principal)).toBe("reads");

  await change(id, "contributor");
  expect(await attempt(principal)).toBe("reads");
  cosmos.clock.advance(30_000);
  expect(await attempt(principal)).toBe("writes");

  await cosmos.resources.delete(`${cosmos.accountId}/sqlRoleAssignments/${id}`);
  expect(await attempt(principal)).toBe("writes");
  cosmos.clock.advance(30_000);
  expect(await attempt(principal)).toBe("none");
});

test("what is on its way arrives after a restart, and after the fault was cleared", async () => {
  const principal = cosmos.principal("restarted");
  delay(30);
  await cosmos.grant(principal, "reader");
  await cosmos.restart();
  cosmos.platform.faults.clear("grant-propagation");
  expect(await attempt(principal)).toBe("none");
  cosmos.clock.advance(30_000);
  expect(await attempt(principal)).toBe("reads");
});

test("a change without the fault overtakes one that is on its way", async () => {
  const principal = cosmos.principal("overtaken");
  delay(30);
  const id = await cosmos.grant(principal, "reader");
  cosmos.platform.faults.clear("grant-propagation");
  await change(id, "contributor");
  expect(await attempt(principal)).toBe("writes");
});

test("a write that says the same delays nothing", async () => {
  const principal = cosmos.principal("same");
  const id = await cosmos.grant(principal, "reader");
  delay(30);
  await change(id, "reader");
  expect(await attempt(principal)).toBe("reads");
});

test("the fault of another account delays nothing here, one of this account does", async () => {
  delay(30, `${cosmos.accountId}2`);
  const first = cosmos.principal("first");
  await cosmos.grant(first, "reader");
  expect(await attempt(first)).toBe("reads");
  cosmos.platform.faults.clear("grant-propagation", `${cosmos.accountId}2`);
  delay(30, cosmos.accountId);
  const second = cosmos.principal("second");
  await cosmos.grant(second, "reader");
  expect(await attempt(second)).toBe("none");
  cosmos.clock.advance(30_000);
  expect(await attempt(second)).toBe("reads");
});

test("for any changes, the data plane knows the last one that has arrived, and when it will know another", async () => {
  const accountId = `${cosmos.accountId}-model`;
  const id = `${accountId}/sqlRoleAssignments/one`;
  const resource = (scope: string): ArmResource => ({
    id,
    name: "one",
    type: "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments",
    properties: { principalId: "p", roleDefinitionId: "r", scope },
    internal: {},
    etag: "",
  });
  /** A scope to write, undefined to delete. */
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 9 }),
    delayMs: fc.integer({ min: 0, max: 20 }),
    scope: fc.option(fc.integer({ min: 0, max: 2 }).map(String), { nil: undefined }),
  });
  const { platform, clock, resources } = cosmos;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const propagation = openGrantPropagation(platform, resources);
      const history: { from: number; scope: string | undefined }[] = [{ from: 0, scope: undefined }];
      const check = () => {
        const { assignments, changesAtMs } = propagation.known(accountId);
        const arrived = history.findLastIndex(({ from }) => from <= clock.nowMs());
        expect(assignments.map(({ properties }) => properties.scope)).toEqual(
          [history[arrived]?.scope].filter((scope) => scope !== undefined),
        );
        const underway = history.slice(arrived + 1).map(({ from }) => from);
        expect(changesAtMs).toBe(underway.length === 0 ? undefined : Math.min(...underway));
      };
      for (const { waitMs, delayMs, scope } of steps) {
        clock.advance(waitMs);
        check();
        platform.faults.clear("grant-propagation", accountId);
        if (delayMs > 0) delay(delayMs / 1000, accountId);
        const before = resources.get(id);
        if (scope === before?.properties.scope) continue;
        if (scope === undefined) await resources.delete(id);
        else await resources.put(resource(scope));
        const from = clock.nowMs() + delayMs;
        history.push({ from, scope });
        check();
      }
      clock.advance(20);
      check();
      platform.faults.clear("grant-propagation", accountId);
      await resources.delete(id);
      propagation.forget(accountId);
    }),
    { numRuns: 60 },
  );
});

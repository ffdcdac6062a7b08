import { describe, expect, test } from "@jest/globals";
import { subscriptionId } from "../../testing/loopback-arm.ts";
import { account, databaseAccount, messageOf, useProvider } from "../../testing/provider-harness.ts";

const harness = useProvider();

describe("repeated requests", () => {
  test.each([429, 500, 502, 503, 504, 408])(
    "%i is tried again three times, with growing waits",
    async (status) => {
      for (let count = 0; count < 4; count++)
        harness.arm.script.push({
          method: "PUT",
          path: "acct",
          status,
          body: { error: { code: "E", message: "m" } },
        });
      expect(await messageOf(harness.provider.create(databaseAccount, account))).toBe(
        `Status=${status} Code="E" Message="m"`,
      );
      expect(harness.waits).toEqual([20_000, 40_000, 80_000]);
    },
  );

  test("Retry-After is honoured", async () => {
    harness.arm.script.push({ method: "PUT", path: "acct", status: 429, headers: { "retry-after": "7" } });
    await harness.provider.create(databaseAccount, account);
    expect(harness.waits).toEqual([7_000]);
  });

  test.each([
    ["AnotherOperationInProgress", 1],
    ["StorageAccountOperationInProgress", 1],
    ["ConflictingConcurrentWriteNotAllowed", 1],
    ["Conflict", 0],
    ["ScopeLocked", 0],
  ])("409 %s is tried again: %i", async (code, count) => {
    harness.arm.script.push({
      method: "PUT",
      path: "acct",
      status: 409,
      body: { error: { code, message: "m" } },
    });
    await messageOf(harness.provider.create(databaseAccount, account));
    expect(harness.waits).toHaveLength(count);
  });

  test.each([400, 404, 412])("%i is not tried again", async (status) => {
    harness.arm.script.push({
      method: "PUT",
      path: "acct",
      status,
      body: { error: { code: "E", message: "m" } },
    });
    expect(await messageOf(harness.provider.create(databaseAccount, account))).toBe(
      `Status=${status} Code="E" Message="m"`,
    );
    expect(harness.waits).toEqual([]);
  });

  test("a subscription that lacks the resource provider is registered for it first", async () => {
    const namespace = `/subscriptions/${subscriptionId}/providers/Microsoft.DocumentDB`;
    const body = {
      error: {
        code: "MissingSubscriptionRegistration",
        message: "m",
        details: [{ target: "Microsoft.DocumentDB" }],
      },
    };
    harness.arm.script.push(
      { method: "PUT", path: "acct", status: 409, body },
      { method: "POST", path: "/register", status: 200, body: {} },
      { method: "GET", path: namespace, status: 200, body: { registrationState: "Registering" } },
      { method: "GET", path: namespace, status: 200, body: { registrationState: "Registered" } },
    );
    await harness.provider.create(databaseAccount, account);
    expect(harness.waits).toEqual([15_000]);
  });
});

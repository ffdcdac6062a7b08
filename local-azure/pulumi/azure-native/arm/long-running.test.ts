import { describe, expect, test } from "@jest/globals";
import { PartialFailure } from "../../provider/partial-failure.ts";
import { subscriptionId } from "../../testing/loopback-arm.ts";
import {
  account,
  accountId,
  databaseAccount,
  messageOf,
  request,
  useProvider,
} from "../../testing/provider-harness.ts";
import { AzureNativeProvider } from "../provider.ts";

const harness = useProvider();

describe("long-running operations", () => {
  const accepted = {
    method: "PUT",
    path: "acct",
    status: 201,
    store: true,
    body: { properties: { provisioningState: "Creating" } },
  };
  const poll = (status: string, headers = {}, error?: object) => ({
    method: "GET",
    path: "/operations/1",
    status: 200,
    headers,
    body: { status, ...(error === undefined ? {} : { error }) },
  });
  const asyncHeader = { "azure-asyncoperation": `{origin}/subscriptions/${subscriptionId}/operations/1` };

  test("by Azure-AsyncOperation: polled as told, then the resource is read", async () => {
    harness.arm.script.push(
      { ...accepted, headers: { ...asyncHeader, "retry-after": "2" } },
      poll("InProgress"),
      poll("InProgress", { "retry-after-ms": "40" }),
      poll("Succeeded"),
    );
    const live = await harness.provider.create(databaseAccount, account);
    expect(live.id).toBe(accountId);
    expect(harness.waits).toEqual([2_000, 10_000, 40]);
    expect(harness.sent().map((line) => line.split("?")[0]?.split("/")[0])).toEqual([
      "GET ",
      "PUT ",
      "GET ",
      "GET ",
      "GET ",
      "GET ",
      "GET ",
    ]);
  });

  test("by Location: 202 means wait; a relative one is completed", async () => {
    const location = `/subscriptions/${subscriptionId}/results/1`;
    harness.arm.script.push(
      { ...accepted, status: 202, headers: { location } },
      { method: "GET", path: "/results/1", status: 202 },
      { method: "GET", path: "/results/1", status: 200, body: { id: accountId, name: "acct" } },
    );
    await harness.provider.create(databaseAccount, account);
    expect(harness.waits).toEqual([10_000]);
    expect(harness.sent().filter((line) => line.includes("results"))).toEqual(
      Array.from({ length: 2 }, () => `GET ${location}?api-version=2025-10-15`),
    );
  });

  test("by the body: until provisioningState has ended", async () => {
    const state = (provisioningState: string) => ({
      method: "GET",
      path: "acct",
      status: 200,
      body: { id: accountId, properties: { provisioningState } },
    });
    harness.arm.script.push(
      { method: "GET", path: "acct", status: 404 },
      { ...accepted },
      state("Creating"),
      state("Succeeded"),
    );
    await harness.provider.create(databaseAccount, account);
    expect(harness.waits).toEqual([10_000]);
  });

  test("one that fails keeps the state of what exists", async () => {
    harness.arm.script.push(
      { ...accepted, headers: asyncHeader },
      poll("Failed", {}, { code: "ServiceUnavailable", message: "No capacity." }),
    );
    const error: unknown = await harness.provider
      .create(databaseAccount, account)
      .catch((caught: unknown) => caught);
    if (!(error instanceof PartialFailure)) throw new Error(`no PartialFailure, but ${error}`);
    expect(error.message).toBe('Status=200 Code="ServiceUnavailable" Message="No capacity."');
    expect(error.id).toBe(accountId);
    expect(error.inputs).toEqual(account);
    expect(error.outputs).toMatchObject({ id: accountId, databaseAccountOfferType: "Standard" });
  });

  test("one whose resource is gone again fails plainly", async () => {
    harness.arm.script.push(
      { ...accepted, store: false, headers: asyncHeader },
      poll("Canceled", {}, { code: "OperationPreempted", message: "Preempted." }),
    );
    expect(await messageOf(harness.provider.create(databaseAccount, account))).toBe(
      'Status=200 Code="OperationPreempted" Message="Preempted."',
    );
  });

  test.each([
    [
      "that names another machine",
      { "azure-asyncoperation": "https://example.com/op" },
      "the resource manager URL is 'https://example.com/op'",
    ],
    ["without a status", asyncHeader, "answered without a status"],
  ])("an operation %s is an error", async (_, headers, message) => {
    harness.arm.script.push(
      { ...accepted, headers },
      { method: "GET", path: "/operations/1", status: 200, body: {} },
    );
    expect(await messageOf(harness.provider.create(databaseAccount, account))).toContain(message);
  });

  test("deletion is polled every 30 seconds, and a resource that is gone meanwhile is no error", async () => {
    harness.arm.script.push(
      {
        method: "DELETE",
        path: "acct",
        status: 202,
        headers: { location: `{origin}/subscriptions/${subscriptionId}/results/1` },
      },
      { method: "GET", path: "/results/1", status: 202 },
      { method: "GET", path: "/results/1", status: 404, body: { error: { code: "ResourceNotFound" } } },
    );
    await harness.provider.delete(databaseAccount, accountId);
    expect(harness.waits).toEqual([30_000]);
  });

  test.each([
    ["and the state of what exists is kept", true],
    ["and nothing is kept where nothing is", false],
  ])("a time limit ends the wait with the official words, %s", async (_, store) => {
    const impatient = new AzureNativeProvider(
      harness.host({
        sleep: (_milliseconds, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(new Error("The operation was aborted")));
          }),
      }),
    );
    await impatient.configure(new Map());
    harness.arm.script.push({ ...accepted, store, headers: asyncHeader }, poll("InProgress"));
    const work = impatient.create(request("cosmosdb:DatabaseAccount", 0.2), account);
    const error: unknown = await work.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: "operation timed out" });
    expect(error instanceof PartialFailure).toBe(store);
  });
});

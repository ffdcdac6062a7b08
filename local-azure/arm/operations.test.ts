import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startResourceManager, type TestResourceManager } from "./testing/resource-manager.ts";

let rm: TestResourceManager;
let account: string;

beforeEach(async () => {
  rm = await startResourceManager();
  const group = `${rm.subscription}/resourceGroups/rg`;
  await rm.request("PUT", `${group}?api-version=2024-03-01`, { body: { location: "westeurope" } });
  account = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/slow`;
});

afterEach(() => rm.close());

const version = "api-version=2025-10-15";

function createAccount() {
  return rm.request("PUT", `${account}?${version}`, {
    body: {
      location: "westeurope",
      properties: { databaseAccountOfferType: "Standard", locations: [{ locationName: "westeurope" }] },
    },
  });
}

function pathOf(url: string | null): string {
  return (url ?? "").replace(rm.platform.origin, "");
}

test("a stop fails the operation that it cuts off, and keeps the account that was acknowledged", async () => {
  const started = Promise.withResolvers<void>();
  const never = new Promise<void>(() => {});
  rm.resources.observe(({ kind, ...change }) => {
    if (kind !== "put" || !("after" in change) || change.after.properties.provisioningState !== "Succeeded")
      return;
    if (change.after.type !== "Microsoft.DocumentDB/databaseAccounts") return;
    started.resolve();
    return never;
  });
  const answer = await createAccount();
  await started.promise;
  expect(answer).toMatchObject({ status: 200, body: { properties: { provisioningState: "Creating" } } });
  expect(answer.headers.get("retry-after")).toBe("0");
  const [status, result] = ["azure-asyncoperation", "location"].map((name) =>
    pathOf(answer.headers.get(name)),
  );
  const principalId = rm.entra.deployer.principalId;

  await rm.restart();

  const message = "The operation was cut off by a stop of the local cloud. Repeat the request.";
  expect((await rm.request("GET", status ?? "")).body).toMatchObject({
    status: "Failed",
    error: { code: "InternalServerError", message },
  });
  expect(await rm.request("GET", result ?? "")).toMatchObject({
    status: 500,
    body: { error: { code: "InternalServerError", message } },
  });
  expect((await rm.request("GET", `${account}?${version}`)).body).toMatchObject({
    properties: { provisioningState: "Succeeded" },
  });
  expect((await createAccount()).status).toBe(200);
  expect(rm.entra.deployer.principalId).toBe(principalId);
});

test("an account that a stop caught half-written is finished at the next start", async () => {
  await createAccount();
  const stored = rm.resources.get(account);
  if (stored === undefined) throw new Error("the account is missing");
  for (const [state, expected] of [
    ["Creating", "Succeeded"],
    ["Updating", "Succeeded"],
    ["Deleting", undefined],
  ] as const) {
    await rm.resources.put({ ...stored, properties: { ...stored.properties, provisioningState: state } });
    await rm.restart();
    expect(rm.resources.get(account)?.properties.provisioningState).toBe(expected);
  }
});

test("a resource group whose deletion a stop cut off is there as before", async () => {
  const group = rm.resources.get(`${rm.subscription}/resourceGroups/rg`);
  if (group === undefined) throw new Error("the group is missing");
  await rm.resources.put({ ...group, properties: { provisioningState: "Deleting" } });
  await rm.restart();
  expect(rm.resources.get(group.id)?.properties.provisioningState).toBe("Succeeded");
});

test("an operation is shown to who began it and to readers of the subscription only", async () => {
  const answer = await createAccount();
  const status = pathOf(answer.headers.get("azure-asyncoperation"));
  expect((await rm.request("GET", status)).body).toMatchObject({ status: "Succeeded" });
  const reader = rm.createPrincipal("reader");
  await rm.assign(reader.principalId, "acdd72a7-3385-48ef-bd42-f606fba81ae7", rm.subscription);
  expect((await rm.request("GET", status, { token: rm.token(reader.principalId) })).status).toBe(200);
  const stranger = rm.createPrincipal("stranger");
  const id = /operationsStatus\/([^?]+)/.exec(status)?.[1];
  expect(await rm.request("GET", status, { token: rm.token(stranger.principalId) })).toMatchObject({
    status: 404,
    body: { error: { code: "OperationNotFound", message: `The operation '${id}' was not found.` } },
  });
});

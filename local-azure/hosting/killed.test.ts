import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openResourceStore } from "../arm/resource-store.ts";
import { openDirectory } from "../entra/directory.ts";
import { openTestPlatform, type TestPlatform } from "../testing/test-platform.ts";
import { deploymentStatus, openDeployments } from "./deployments.ts";
import { createWebProvider } from "./resource-provider/provider.ts";

let opened: TestPlatform;
beforeEach(async () => {
  opened = await openTestPlatform();
});
afterEach(() => opened.close());

test("an identity whose site was never written goes at the next start, others stay", async () => {
  const siteId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/lost";
  const accountId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.DocumentDB/databaseAccounts/a";
  const before = openDirectory(opened.platform);
  const lost = before.createManagedIdentity(siteId, "lost");
  const account = before.createManagedIdentity(accountId, "a");
  opened = await opened.reopen();
  const { platform } = opened;
  const directory = openDirectory(platform);
  const services = {
    resources: openResourceStore(platform.store),
    beginOperation: () => ({ status: 202 }),
    completion: async () => {},
  };
  createWebProvider(platform, services, { directory });
  expect([directory.find(lost.principalId), directory.find(account.principalId)?.displayName]).toEqual([
    undefined,
    "a",
  ]);
});

test("a deployment that was cut off has failed, and the next one may begin", async () => {
  const time = "2026-11-20T08:00:00.000Z";
  const deployment = (id: string) => ({
    id,
    siteKey: "site",
    status: deploymentStatus.deploying,
    statusText: "",
    deployer: "OneDeploy",
    author: "N/A",
    message: "OneDeploy",
    receivedTime: time,
    startTime: time,
    active: false,
    log: [],
  });
  const before = openDeployments(opened.platform.store);
  expect(before.begin(deployment("first"))).toBe(true);
  before.activate("site", "first", { status: deploymentStatus.success, endTime: time });
  expect(before.begin(deployment("second"))).toBe(true);
  expect(before.begin(deployment("third"))).toBe(false);
  opened = await opened.reopen();
  const deployments = openDeployments(opened.platform.store);
  deployments.failInterrupted();
  expect(deployments.latest("site")).toMatchObject({
    id: "second",
    status: deploymentStatus.failed,
    statusText: "The local cloud was stopped during this deployment.",
  });
  expect(deployments.active("site")?.id).toBe("first");
  expect(deployments.begin(deployment("third"))).toBe(true);
});

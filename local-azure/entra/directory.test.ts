import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openTestPlatform, type TestPlatform } from "../testing/test-platform.ts";
import { openDeployer } from "./deployer.ts";
import { type Directory, DirectoryError, openDirectory } from "./directory.ts";

let context: TestPlatform;
let directory: Directory;

beforeEach(async () => {
  context = await openTestPlatform();
  directory = openDirectory(context.platform);
});
afterEach(() => context.close());

describe("objects", () => {
  test("are found by object id and application id without case, also after a restart", async () => {
    const application = directory.create({ type: "application", displayName: "shop" });
    const principal = directory.create({
      type: "servicePrincipal",
      displayName: "shop",
      appId: application.appId,
    });
    context = await context.reopen();
    const reopened = openDirectory(context.platform);
    expect(reopened.find(application.id.toUpperCase())).toEqual(application);
    expect(reopened.findServicePrincipalByAppId((application.appId ?? "").toUpperCase())).toEqual(principal);
    expect(principal.servicePrincipalType).toBe("Application");
  });

  test("a service principal needs an application, and an application has one at most", () => {
    const appId = "11111111-1111-1111-1111-111111111111";
    const create = () => directory.create({ type: "servicePrincipal", displayName: "shop", appId });
    expect(create).toThrow(
      new DirectoryError("noApplication", `No application has the application id ${appId}.`),
    );
    directory.create({ type: "application", displayName: "shop", appId });
    create();
    expect(create).toThrow(
      new DirectoryError("conflict", `Application ${appId} has a service principal already.`),
    );
  });

  test("deleting an application takes its service principal, secrets and memberships along", () => {
    const application = directory.create({ type: "application", displayName: "shop" });
    const principal = directory.create({
      type: "servicePrincipal",
      displayName: "shop",
      appId: application.appId,
    });
    const group = directory.create({ type: "group", displayName: "readers" });
    directory.memberships.add(group.id, principal.id);
    const { secretText } = directory.passwords.add(application.id);
    expect(directory.delete(application.id)).toBe(true);
    expect(directory.find(principal.id)).toBeUndefined();
    expect(directory.passwords.check([application.id, principal.id], secretText)).toBe("wrong");
    expect(directory.memberships.membersOf(group.id)).toEqual([]);
    expect(directory.delete(application.id)).toBe(false);
  });

  test("a resource that is made again gets another identity", () => {
    const armId = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/shop";
    const first = directory.createManagedIdentity(armId, "shop");
    const second = directory.createManagedIdentity(armId.toUpperCase(), "shop");
    expect(second.principalId).not.toBe(first.principalId);
    expect(directory.find(first.principalId)).toBeUndefined();
    expect(directory.find(second.principalId)).toMatchObject({
      servicePrincipalType: "ManagedIdentity",
      appId: second.clientId,
    });
    directory.deleteManagedIdentity(second.principalId);
    expect(directory.find(second.principalId)).toBeUndefined();
  });

  test("groups hold their members' members, also in a circle", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => directory.create({ type: "group", displayName: name }));
    const user = directory.create({ type: "user", displayName: "kim" });
    const add = (group = "", member = "") => directory.memberships.add(group, member);
    add(a?.id, user.id);
    add(b?.id, a?.id);
    add(a?.id, b?.id);
    add(c?.id, c?.id);
    expect(directory.groupsOf(user.id)).toEqual([a?.id, b?.id].sort());
  });
});

describe("secrets", () => {
  test("are good from their start to their end, and the store holds only their hash", () => {
    const { id } = directory.create({ type: "application", displayName: "shop" });
    const start = new Date(context.clock.nowMs() + 1000);
    const password = directory.passwords.add(id, { start, end: new Date(start.getTime() + 1000) });
    const check = () => directory.passwords.check([id], password.secretText);
    expect(check()).toBe("wrong");
    context.clock.advance(1000);
    expect(check()).toBe("valid");
    expect(directory.passwords.check([id], `${password.secretText}x`)).toBe("wrong");
    context.clock.advance(1000);
    expect(check()).toBe("expired");
    expect(directory.passwords.of(id)).toEqual([
      {
        keyId: password.keyId,
        displayName: null,
        hint: password.secretText.slice(0, 3),
        startDateTime: password.startDateTime,
        endDateTime: password.endDateTime,
        createdDateTime: "2026-11-20T08:00:00.000Z",
      },
    ]);
    context.platform.store.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const state = readFileSync(join(context.platform.directory, "state.sqlite"));
    expect(state.includes(password.secretText)).toBe(false);
    expect(directory.passwords.remove(id, password.keyId)).toBe(true);
    expect(check()).toBe("wrong");
  });
});

describe("the deployer", () => {
  const file = () => join(context.platform.directory, "deployer.json");
  const isGood = (secret: string, id: string) => directory.passwords.check([id], secret) === "valid";

  test("is made once and written for its owner only", () => {
    const made = openDeployer(context.platform, directory);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file(), "utf8"))).toEqual(made);
    expect(openDeployer(context.platform, directory)).toEqual(made);
    expect(directory.find(made.principalId)?.isDirectoryAdministrator).toBe(true);
  });

  test.each([
    ["spoiled", () => writeFileSync(file(), "{")],
    [
      "of another secret",
      () => {
        const kept = JSON.parse(readFileSync(file(), "utf8"));
        writeFileSync(file(), JSON.stringify({ ...kept, clientSecret: "another" }));
      },
    ],
    ["about to expire", () => context.clock.advance(2 * 365 * 86_400_000)],
  ])("keeps its identity and gets a new secret when its file is %s", (_, spoil) => {
    const made = openDeployer(context.platform, directory);
    spoil();
    const again = openDeployer(context.platform, directory);
    expect(again.principalId).toBe(made.principalId);
    expect(isGood(again.clientSecret, again.principalId)).toBe(true);
    expect(isGood(made.clientSecret, made.principalId)).toBe(false);
  });
});

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openTestCommandLine, type TestCommandLine } from "../testing/command-line.ts";

let cli: TestCommandLine;
beforeAll(() => {
  cli = openTestCommandLine();
});
afterAll(() => cli.close());

const faults = (...args: string[]) => cli.run("faults", ...args);

test("faults are set, listed and cleared, for people and for machines, while the cloud runs and while it does not", async () => {
  expect(await cli.succeed("faults", "set", "directory-replication", "20s")).toBe(
    "On: directory-replication of 20s\n",
  );
  await cli.succeed("start");
  const account = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/shop";
  const target = account.toLowerCase();
  expect(
    JSON.parse(await cli.succeed("faults", "set", "grant-propagation", account, "1m30s", "--json")),
  ).toEqual({
    on: { name: "grant-propagation", target, seconds: 90 },
  });
  expect(await cli.succeed("faults")).toBe(
    `directory-replication of 20s\ngrant-propagation of 1m30s for ${target}\n`,
  );
  expect(await cli.succeed("faults", "clear", "grant-propagation")).toBe(
    `Off: grant-propagation of 1m30s for ${target}\n`,
  );
  expect(await cli.succeed("faults", "clear", "--json")).toBe(
    '{"off":[{"name":"directory-replication","seconds":20}]}\n',
  );
  expect(await cli.succeed("faults", "clear")).toBe("No such fault was on.\n");
  expect((await cli.succeed("faults", "list")).split("\n")[0]).toBe("No fault is on.");
});

test("help names every fault with what it takes", async () => {
  const help = await cli.succeed("faults", "set", "--help");
  expect(help).toContain("Usage: local-azure faults set [options] <fault> [target] [duration]");
  expect(help.slice(help.indexOf("Known faults:")).match(/^ {2}\S.*$/gm)).toEqual([
    "  identity-endpoint <target>",
    "  directory-replication <duration>",
    "  grant-propagation [target] <duration>",
  ]);
});

test.each([
  [["set", "grant-propagation", "shop", "20"], 'LA-DURATION: "20" is not a duration.'],
  [
    ["set", "grant-propagation", "shop"],
    "LA-UNKNOWN-TARGET: There is no Microsoft.DocumentDB/databaseAccounts called shop.",
  ],
  [["set", "grant-propagation"], "LA-FAULT-DURATION: The fault grant-propagation needs a duration."],
  [
    ["set", "identity-endpoint", "orders"],
    "LA-UNKNOWN-TARGET: There is no Microsoft.Web/sites called orders.",
  ],
  [["clear", "no-such-fault"], 'LA-UNKNOWN-FAULT: There is no fault called "no-such-fault".'],
])("faults %j is refused", async (args, first) => {
  const { code, stdout, stderr } = await faults(...args);
  expect([code, stdout, stderr.split("\n")[0]]).toEqual([1, "", first]);
});

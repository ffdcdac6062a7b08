import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { UsernamePasswordCredential } from "@azure/identity";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openTestCommandLine, type TestCommandLine } from "../../testing/command-line.ts";
import type { PersonCredential } from "./password-output.ts";

/** The public client of the az CLI, which is in every tenant. */
const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

let cli: TestCommandLine;
let cloud: { readonly origin: string; readonly tenantId: string };
beforeAll(async () => {
  cli = openTestCommandLine();
  cloud = JSON.parse(await cli.succeed("start", "--json"));
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(cli.home, "ca.crt"), "utf8")]);
});
afterAll(() => cli.close());

const users = async (...args: string[]) => JSON.parse(await cli.succeed("users", ...args, "--json"));
const names = async () =>
  ((await users("list")) as PersonCredential[]).map(({ userPrincipalName }) => userPrincipalName);
const held = (file: string) => JSON.parse(readFileSync(file, "utf8")) as PersonCredential;
/** Signs in as the person, with a credential that has no token yet. */
const signIn = ({ userPrincipalName, password }: PersonCredential) =>
  new UsernamePasswordCredential(cloud.tenantId, azureCli, userPrincipalName, password, {
    authorityHost: cloud.origin,
    disableInstanceDiscovery: true,
  }).getToken(`${cloud.origin}/.default`);

test("a person is added to the running cloud, signs in, gets another password and goes", async () => {
  const file = join(cli.cwd, "kim.json");
  const kim = "kim@local-azure.example";
  const added = await users("add", kim, "--display-name", "Kim", "--out", file);
  expect(added).toEqual({ userPrincipalName: kim, objectId: held(file).objectId, file });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const first = held(file);
  await signIn(first);
  expect(await names()).toEqual(["developer@local-azure.example", kim]);
  expect(await cli.succeed("users")).toContain(`${kim}  ${first.objectId}  Kim\n`);

  await users("password", kim.toUpperCase(), "--out", file);
  expect(held(file)).toMatchObject({ userPrincipalName: kim, objectId: first.objectId });
  await signIn(held(file));
  await expect(signIn(first)).rejects.toThrow("AADSTS50126");

  expect(await cli.succeed("users", "remove", kim)).toBe(`Removed: ${kim} (${first.objectId})\n`);
  await expect(signIn(held(file))).rejects.toThrow("AADSTS50034");
  expect(await names()).toEqual(["developer@local-azure.example"]);
});

test("a new password of the developer stands in developer.json too, so that exec still hands it on", async () => {
  const file = join(cli.cwd, "developer.json");
  await users("password", "developer@local-azure.example", "--out", file);
  expect(held(join(cli.home, "developer.json"))).toEqual(held(file));
  await signIn(held(file));
});

test("a password that cannot be handed over is not made", async () => {
  const refused = await cli.run("users", "add", "sam@local-azure.example");
  expect(refused).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "LA-PASSWORD-OUT: A password is printed to a terminal alone, and standard output is none.\nFix: Name a file for it: --out <file>. Only you will be able to read it.\n",
  });
  const nowhere = join(cli.cwd, "missing", "sam.json");
  const unwritable = await cli.run("users", "add", "sam@local-azure.example", "--out", nowhere);
  expect(unwritable.stderr.split("\n")[0]).toBe(
    `LA-PASSWORD-OUT: ${nowhere}.new cannot be written (ENOENT).`,
  );
  expect(await names()).not.toContain("sam@local-azure.example");
});

test("a refused change leaves the file as it was", async () => {
  const file = join(cli.cwd, "kept.json");
  writeFileSync(file, "kept");
  const { stderr } = await cli.run("users", "add", "developer@local-azure.example", "--out", file);
  expect(stderr.split("\n")[0]).toBe(
    "LA-USER-EXISTS: There is a person called developer@local-azure.example already.",
  );
  expect(readFileSync(file, "utf8")).toBe("kept");
  expect(() => statSync(`${file}.new`)).toThrow("ENOENT");
});

test.each([
  [["add", "kim@example.org", "--out", "x"], "LA-USER-NAME: The directory has no domain example.org."],
  [["add", "kim", "--out", "x"], 'LA-USER-NAME: "kim" is not a user principal name.'],
  [
    ["remove", "sam@local-azure.example"],
    "LA-USER-UNKNOWN: There is no person called sam@local-azure.example.",
  ],
])("users %j is refused", async (args, first) => {
  const { code, stdout, stderr } = await cli.run("users", ...args);
  expect([code, stdout, stderr.split("\n")[0]]).toEqual([1, "", first]);
});

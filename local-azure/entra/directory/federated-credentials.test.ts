import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openTestPlatform, type TestPlatform } from "../../testing/test-platform.ts";
import { DirectoryError } from "./directory-error.ts";
import {
  type FederatedCredentials,
  mostFederatedCredentials,
  openFederatedCredentials,
} from "./federated-credentials.ts";

let context: TestPlatform;
let credentials: FederatedCredentials;

beforeEach(async () => {
  context = await openTestPlatform();
  credentials = openFederatedCredentials(context.platform);
});
afterEach(() => context.close());

const holder = "A0000000-0000-0000-0000-000000000000";
const given = (name: string, subject = name) => ({
  name,
  issuer: "https://token.actions.githubusercontent.com",
  subject,
  audiences: ["api://AzureADTokenExchange"],
  description: null,
});

test("are found by id and name without case, changed, removed, and kept through a restart", async () => {
  const github = credentials.add(holder, given("GitHub"));
  const okta = credentials.add(holder, { ...given("okta"), issuer: "https://example.okta.com" });
  expect(credentials.of(holder.toLowerCase())).toEqual([github, okta]);
  expect(credentials.find(holder, "github")).toEqual(github);
  expect(credentials.find(holder, okta.id.toUpperCase())).toEqual(okta);
  expect(credentials.find("b", "github")).toBeUndefined();

  const changed = credentials.update(holder, "GITHUB", { subject: "repo:a/b", description: "d" });
  expect(changed).toEqual({ ...github, subject: "repo:a/b", description: "d" });
  context = await context.reopen();
  credentials = openFederatedCredentials(context.platform);
  expect(credentials.find(holder, github.id)).toEqual(changed);

  expect([credentials.remove(holder, okta.id), credentials.remove(holder, okta.id)]).toEqual([true, false]);
  credentials.removeAll(holder);
  expect(credentials.of(holder)).toEqual([]);
});

test("take each name, and each issuer with subject, once for a holder", () => {
  credentials.add(holder, given("one", "s"));
  credentials.add("another", given("one", "s"));
  expect(() => credentials.add(holder, given("ONE", "t"))).toThrow(
    new DirectoryError("conflict", "FederatedIdentityCredential with name ONE already exists."),
  );
  const taken = new DirectoryError(
    "conflict",
    "FederatedIdentityCredential with the same issuer and subject already exists on the object.",
  );
  expect(() => credentials.add(holder, given("two", "s"))).toThrow(taken);
  credentials.add(holder, given("two", "S"));
  expect(() => credentials.update(holder, "two", { subject: "s" })).toThrow(taken);
  expect(credentials.update(holder, "two", { subject: "S" }).subject).toBe("S");
  expect(() => credentials.update(holder, "three", {})).toThrow(
    new DirectoryError("notFound", "Federated credential three does not exist."),
  );
});

test("are twenty at most for a holder", () => {
  for (let count = 0; count < mostFederatedCredentials; count += 1) {
    credentials.add(holder, given(`credential-${count}`));
  }
  expect(() => credentials.add(holder, given("one more"))).toThrow(
    new DirectoryError(
      "limit",
      "The object holds 20 federated identity credentials, which is the most that one may hold.",
    ),
  );
  credentials.remove(holder, "credential-7");
  expect(credentials.add(holder, given("one more")).name).toBe("one more");
});

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readConfiguration, readSettingsFile } from "../infra/settings/file.ts";
import { faultsOf } from "../infra/testing/settings-baseline.ts";

const examples = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);
const settingsOf = (name: string) => join(import.meta.dirname, name, "settings.yaml");

test.each(examples.map(({ name }) => name))("the settings of examples/%s are good", (name) => {
  const { workloads } = readSettingsFile(settingsOf(name));
  expect(Object.keys(workloads).length).toBeGreaterThan(0);
});

test("federation has the tokens of GitHub, Okta and AWS, one person and a role of its own", () => {
  const { applications, groups, roles, today } = readSettingsFile(settingsOf("federation"));
  const issuers = applications.flatMap(({ federatedCredentials }) =>
    federatedCredentials.map(({ issuer }) => new URL(issuer).hostname),
  );
  expect(issuers).toEqual([
    "token.actions.githubusercontent.com",
    "login.shop.example",
    "00000000-0000-0000-0000-000000000000.tokens.sts.global.api.aws",
  ]);
  expect(groups.map(({ name, members }) => [name, members])).toEqual([
    ["developers", [{ userPrincipalName: "developer@local-azure.example" }]],
  ]);
  expect(roles.map(({ name }) => name)).toEqual(["exporter"]);
  expect(today).toBeUndefined();
});

test("each credential that federation trusts is refused anywhere but in an example", () => {
  const { "keyless-cosmos:example": example, ...rest } = readConfiguration(settingsOf("federation"));
  expect(example).toBe(true);
  const { applications, identities } = readSettingsFile(settingsOf("federation"));
  const credentials = Object.entries({ applications, identities }).flatMap(([section, holders]) =>
    holders.flatMap((holder) =>
      holder.federatedCredentials.map(
        ({ name }) => `keyless-cosmos:${section}.${holder.name}.federatedCredentials.${name}`,
      ),
    ),
  );
  const placeholders = faultsOf(rest).filter(({ problem }) => problem.includes(" is a placeholder: "));
  expect(credentials.length).toBeGreaterThan(0);
  expect(
    credentials.filter((credential) => !placeholders.some(({ path }) => path.startsWith(`${credential}.`))),
  ).toEqual([]);
});

test.each(["dev", "staging", "prod"])(
  "Pulumi.%s.yaml names no outside issuer and no person",
  (environment) => {
    const file = join(import.meta.dirname, "..", `Pulumi.${environment}.yaml`);
    const { applications, identities, groups } = readSettingsFile(file);
    const credentials = [...applications, ...identities].flatMap(
      ({ federatedCredentials }) => federatedCredentials,
    );
    expect(credentials).toEqual([]);
    expect(groups.flatMap(({ members }) => members)).toEqual([]);
  },
);

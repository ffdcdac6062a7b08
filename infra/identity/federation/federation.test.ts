import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { awsRoleBreach } from "./aws.ts";
import { azurePipelinesToken } from "./azure-pipelines.ts";
import { audienceBreach, issuerBreach, literalBreach } from "./expected-token.ts";
import {
  environmentBreach,
  gitHubActionsToken,
  organizationBreach,
  repositoryBreach,
} from "./github-actions.ts";
import { oidcToken } from "./oidc.ts";
import { oktaDomainBreach, oktaToken } from "./okta.ts";
import { expectedToken } from "./providers.ts";

const audience = "api://AzureADTokenExchange";

describe("what tokens say", () => {
  test("of GitHub Actions, in both forms of the subject", () => {
    const job = { organization: "octo-org", repository: "octo-repo", environment: "Prod: EU" };
    const issuer = "https://token.actions.githubusercontent.com";
    expect(gitHubActionsToken(job)).toEqual({
      issuer,
      subject: "repo:octo-org/octo-repo:environment:Prod%3A EU",
      audience,
    });
    expect(gitHubActionsToken({ ...job, organizationId: "9919", repositoryId: "1296269" })).toEqual({
      issuer,
      subject: "repo:octo-org@9919/octo-repo@1296269:environment:Prod%3A EU",
      audience,
    });
  });

  // A connection as its owner published it, with ids in another case.
  test("of Azure Pipelines, by either issuer", () => {
    expect(
      azurePipelinesToken({
        tenantId: "16B3C013-D300-468D-AC64-7EDA0820B6D3",
        organizationId: "D5106CA9-0bc1-43d4-8696-0c69b4b62550",
        serviceConnectionId: "6a1d0b70-31d6-47a7-b105-81fb42da4b30",
      }),
    ).toEqual({
      issuer: "https://login.microsoftonline.com/16b3c013-d300-468d-ac64-7eda0820b6d3/v2.0",
      subject:
        "/eid1/c/pub/t/E8CzFgDTjUasZH7aCCC20w/a/rISbSSETf0KqFyZ8ppdXmA/sc/d5106ca9-0bc1-43d4-8696-0c69b4b62550/6a1d0b70-31d6-47a7-b105-81fb42da4b30",
      audience,
    });
    expect(
      azurePipelinesToken({
        organizationId: "d1a8f71c-7f64-45ad-9c5c-19c2f469d620",
        organization: "octo-org",
        project: "Orders Core",
        serviceConnection: "orders-dev",
      }),
    ).toEqual({
      issuer: "https://vstoken.dev.azure.com/d1a8f71c-7f64-45ad-9c5c-19c2f469d620",
      subject: "sc://octo-org/Orders Core/orders-dev",
      audience,
    });
  });

  test("of Okta, AWS and any other issuer, with an audience of one's own", () => {
    expect(
      oktaToken({
        domain: "shop.okta.com",
        authorizationServer: "default",
        subject: "0oa1",
        audience: "api://x",
      }),
    ).toEqual({ issuer: "https://shop.okta.com/oauth2/default", subject: "0oa1", audience: "api://x" });
    const issuer = "https://0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d.tokens.sts.global.api.aws";
    expect(expectedToken({ aws: { issuer, role: "arn:aws:iam::210987654321:role/orders" } })).toEqual({
      issuer,
      subject: "arn:aws:iam::210987654321:role/orders",
      audience,
    });
    expect(expectedToken({})).toBeUndefined();
  });
});

const name = fc.stringMatching(/^[A-Za-z0-9]{1,12}(-[A-Za-z0-9]{1,12})?$/);
const environment = fc
  .string({ minLength: 1, maxLength: 60 })
  .filter((text) => environmentBreach(text) === undefined);

describe("rules", () => {
  test("two jobs of GitHub Actions never have one subject, whatever their names hold", () => {
    const job = fc.record({ organization: name, repository: name, environment });
    fc.assert(
      fc.property(job, job, (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        // A percent sign stays as it is, so `%3A` written out reads as a colon would.
        fc.pre(![left, right].some((written) => written.environment.includes("%3A")));
        expect(gitHubActionsToken(left).subject === gitHubActionsToken(right).subject).toBe(same);
        // Repository and environment can be told apart: a colon is never part of a name.
        expect(gitHubActionsToken(left).subject.split(":")).toHaveLength(4);
      }),
    );
  });

  test("what any issuer's tokens say is taken as it is written", () => {
    const path = fc.stringMatching(/^(\/[a-z0-9]{1,8}){0,3}\/?$/);
    const host = fc.stringMatching(/^[a-z]{1,12}\.[a-z]{2,6}(:[1-9][0-9]{1,3})?$/);
    fc.assert(
      fc.property(host, path, fc.string(), (where, rest, subject) => {
        const issuer = `https://${where}${rest}`;
        expect(issuerBreach(issuer)).toBeUndefined();
        expect(oidcToken({ issuer, subject }).issuer).toBe(issuer);
        expect(oidcToken({ issuer, subject }).subject).toBe(subject);
        for (const added of ["?a=b", "?", "#a", "#"]) expect(issuerBreach(issuer + added)).toBeDefined();
        for (const other of ["http://", "HTTPS://", "https://user:secret@", "ftp://", ""]) {
          expect(issuerBreach(`${other}${where}${rest}`)).toBeDefined();
        }
      }),
    );
  });

  test("nothing with a wildcard, at more than 600 characters, empty or with a space at an end is taken", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(literalBreach(`${left}*${right}`)).toBeDefined();
        expect(literalBreach(` ${left}`)).toBeDefined();
        expect(literalBreach(`${right} `)).toBeDefined();
        expect(audienceBreach(`a${left} ${right}a`)).toBeDefined();
      }),
    );
    expect(literalBreach("")).toBeDefined();
    expect(literalBreach("x".repeat(600))).toBeUndefined();
    expect(literalBreach("x".repeat(601))).toBeDefined();
  });

  test.each([
    [
      "organization",
      organizationBreach,
      ["octo", "Octo-Org", "a1"],
      ["-a", "a-", "a--b", "a_b", "a/b", "a".repeat(40)],
    ],
    ["repository", repositoryBreach, ["orders", ".github", "a_b-c.d"], ["a/b", "a b", "", "a:b"]],
    [
      "environment",
      environmentBreach,
      ["prod", "a:b", "EU west", "a"],
      ["", " prod", "prod ", "p*", "x".repeat(256)],
    ],
    [
      "domain",
      oktaDomainBreach,
      ["shop.okta.com", "login.shop.org"],
      ["shop", "Shop.okta.com", "shop.okta.com/x", "a..b"],
    ],
    [
      "role",
      awsRoleBreach,
      ["arn:aws:iam::210987654321:role/a", "arn:aws-us-gov:iam::210987654321:role/path/to/a.b@c"],
      [
        "arn:aws:iam::21098765432:role/a",
        "arn:aws:iam::210987654321:user/a",
        "arn:aws:iam::210987654321:role/*",
      ],
    ],
  ])("the rule for %s", (_what, breach, good, bad) => {
    expect(good.filter((value) => breach(value) !== undefined)).toEqual([]);
    expect(bad.filter((value) => breach(value) === undefined)).toEqual([]);
  });
});

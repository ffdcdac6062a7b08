import { describe, expect, test } from "@jest/globals";
import { baseline, type FaultCase, faultsOf } from "../../testing/settings-baseline.ts";

const credentials = (federatedCredentials: object) => ({
  "keyless-cosmos:applications": { pipeline: { federatedCredentials, grants: [] } },
});
const gitHub = { organization: "octo-org", repository: "orders", environment: "prod" };
const withGitHub = (changes: object) => credentials({ github: { githubActions: { ...gitHub, ...changes } } });
const connection = {
  organizationId: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
  tenantId: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4e",
  serviceConnectionId: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4f",
};
const withPipelines = (azurePipelines: object) => credentials({ pipelines: { azurePipelines } });
const okta = { domain: "shop.okta.com", authorizationServer: "default", subject: "0oa1b2c3d4E5f6G7h8i9" };
const withOkta = (changes: object) => credentials({ okta: { okta: { ...okta, ...changes } } });
const aws = {
  issuer: "https://0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d.tokens.sts.global.api.aws",
  role: "arn:aws:iam::210987654321:role/service/orders",
};
const withAws = (changes: object) => credentials({ aws: { aws: { ...aws, ...changes } } });
const oidc = { issuer: "https://login.shop.org/", subject: "exporter" };
const withOidc = (changes: object) => credentials({ other: { oidc: { ...oidc, ...changes } } });
const AT = "keyless-cosmos:applications.pipeline.federatedCredentials";
const LITERALLY = "write it out; for several values declare a credential each";
const FORMS =
  "beside organizationId write tenantId and serviceConnectionId when its issuer is login.microsoftonline.com, or organization, project, serviceConnection when it is vstoken.dev.azure.com";
const PROVIDERS = "write one of githubActions, azurePipelines, okta, aws, oidc";

test.each([
  ["GitHub Actions", withGitHub({})],
  ["GitHub Actions with ids", withGitHub({ organizationId: "9919", repositoryId: "1296269" })],
  ["Azure Pipelines by Entra", withPipelines(connection)],
  [
    "Azure Pipelines by Azure DevOps",
    withPipelines({
      organizationId: connection.organizationId,
      organization: "octo-org",
      project: "O365 Core",
      serviceConnection: "orders-prod",
    }),
  ],
  ["Okta", withOkta({ domain: "login.shop.org", authorizationServer: "aus1b2c3d4E5f6G7h8i9" })],
  ["AWS", withAws({})],
  ["any issuer, with an audience of its own", withOidc({ audience: "api://shop" })],
])("%s is taken", (_what, change) => {
  expect(faultsOf({ ...baseline(), ...change })).toEqual([]);
});

const cases: readonly FaultCase[] = [
  [
    "a credential without a provider",
    credentials({ empty: {} }),
    `${AT}.empty`,
    "names no provider",
    PROVIDERS,
  ],
  [
    "a credential with two providers",
    credentials({ both: { githubActions: gitHub, oidc } }),
    `${AT}.both`,
    "names several providers: githubActions, oidc",
    PROVIDERS,
  ],
  [
    "a provider that is not known",
    credentials({ lab: { githubActions: gitHub, gitlab: {} } }),
    `${AT}.lab.gitlab`,
    '"gitlab" is not a known key',
    "use a known key; known keys: githubActions, azurePipelines, okta, aws, oidc",
  ],
  [
    "a name that Entra does not take",
    credentials({ gh: { githubActions: gitHub } }),
    `${AT}.gh`,
    '"gh" cannot be the name of a federated credential',
    "use 3 to 120 letters, digits, hyphens and underscores, a letter or digit first; it cannot be changed later",
  ],
  [
    "issuer and subject twice",
    credentials({
      first: { githubActions: gitHub },
      second: { githubActions: { ...gitHub, audience: "x" } },
    }),
    `${AT}.second`,
    'takes the same issuer and subject as "first"',
    "remove one of the two",
  ],
  [
    "an organization with its repository",
    withGitHub({ organization: "octo-org/orders" }),
    `${AT}.github.githubActions.organization`,
    '"octo-org/orders" is no GitHub organization',
    "write its name as in github.com/<organization>, with its upper and lower case",
  ],
  [
    "a repository with its organization",
    withGitHub({ repository: "octo-org/orders" }),
    `${AT}.github.githubActions.repository`,
    '"octo-org/orders" is no GitHub repository',
    "write its name alone, without the organization, with its upper and lower case",
  ],
  [
    "a wildcard for environments",
    withGitHub({ environment: "*" }),
    `${AT}.github.githubActions.environment`,
    '"*" is no GitHub environment',
    "write one environment of the repository as its settings name it; there are no wildcards",
  ],
  [
    "a job without an environment",
    withGitHub({ environment: undefined }),
    `${AT}.github.githubActions.environment`,
    "is missing",
    "write for example: environment: prod",
  ],
  [
    "one id of two",
    withGitHub({ repositoryId: "1296269" }),
    `${AT}.github.githubActions`,
    "says repositoryId alone",
    "write both ids when the repository's tokens have the immutable subject, or none",
  ],
  [
    "an id that is no number",
    withGitHub({ organizationId: "octo", repositoryId: "1" }),
    `${AT}.github.githubActions.organizationId`,
    '"octo" is no id of GitHub',
    "write the digits, quoted: gh api repos/<organization>/<repository> --jq '.owner.id, .id'",
  ],
  [
    "part of a service connection",
    withPipelines({ organizationId: connection.organizationId, tenantId: connection.tenantId }),
    `${AT}.pipelines.azurePipelines`,
    "says only part of a connection",
    FORMS,
  ],
  [
    "both forms of a service connection",
    withPipelines({ ...connection, project: "orders" }),
    `${AT}.pipelines.azurePipelines`,
    "mixes the two forms of a connection",
    FORMS,
  ],
  [
    "an organization by its name where its id belongs",
    withPipelines({ ...connection, organizationId: "octo-org" }),
    `${AT}.pipelines.azurePipelines.organizationId`,
    '"octo-org" is no organization id',
    "write the GUID of the Azure DevOps organization",
  ],
  [
    "a project with a slash",
    withPipelines({
      organizationId: connection.organizationId,
      organization: "octo-org",
      project: "a/b",
      serviceConnection: "c",
    }),
    `${AT}.pipelines.azurePipelines.project`,
    '"a/b" is no name of Azure DevOps',
    "write it as the service connection's subject has it: sc://<organization>/<project>/<serviceConnection>",
  ],
  [
    "an Okta domain as a URL",
    withOkta({ domain: "https://shop.okta.com" }),
    `${AT}.okta.okta.domain`,
    '"https://shop.okta.com" is no domain of Okta',
    "write the host of the issuer in lower case, without https:// and path, e.g. shop.okta.com",
  ],
  [
    "the host of Okta's console",
    withOkta({ domain: "shop-admin.okta.com" }),
    `${AT}.okta.okta.domain`,
    '"shop-admin.okta.com" is the host of Okta\'s console',
    "write shop.okta.com",
  ],
  [
    "the path of an authorization server",
    withOkta({ authorizationServer: "/oauth2/default" }),
    `${AT}.okta.okta.authorizationServer`,
    '"/oauth2/default" is no authorization server',
    "write default or the server's id, the last part of its issuer; tokens of the organization's own server are for Okta alone",
  ],
  [
    "a subject of Okta with a space",
    withOkta({ subject: "orders exporter" }),
    `${AT}.okta.okta.subject`,
    '"orders exporter" is no subject of Okta',
    "write the sub of the client's tokens: with client credentials its client id",
  ],
  [
    "AWS's endpoint in place of the account's issuer",
    withAws({ issuer: "https://sts.amazonaws.com" }),
    `${AT}.aws.aws.issuer`,
    '"https://sts.amazonaws.com" is no issuer of an AWS account',
    "write what aws iam get-outbound-web-identity-federation-info answers: https://<guid>.tokens.sts.global.api.aws",
  ],
  [
    "an AWS session",
    withAws({ role: "arn:aws:sts::210987654321:assumed-role/orders/i-1" }),
    `${AT}.aws.aws.role`,
    '"arn:aws:sts::210987654321:assumed-role/orders/i-1" is a session, not a role',
    "write the role's own ARN: arn:aws:iam::<account>:role/<name>",
  ],
  [
    "an AWS role by its name",
    withAws({ role: "orders" }),
    `${AT}.aws.aws.role`,
    '"orders" is no ARN of a role',
    "write it as IAM shows it: arn:aws:iam::<account of 12 digits>:role/<name>",
  ],
  [
    "an issuer over http",
    withOidc({ issuer: "http://login.shop.org" }),
    `${AT}.other.oidc.issuer`,
    '"http://login.shop.org" is no issuer',
    "write the https URL that the tokens have as iss, e.g. https://login.shop.org",
  ],
  [
    "an issuer with a query",
    withOidc({ issuer: "https://login.shop.org/?tenant=1" }),
    `${AT}.other.oidc.issuer`,
    '"https://login.shop.org/?tenant=1" has a query or fragment, which an issuer has not',
    "write the URL that the tokens have as iss, letter by letter",
  ],
  [
    "a subject with a wildcard",
    withOidc({ subject: "repo:octo-org/*" }),
    `${AT}.other.oidc.subject`,
    '"repo:octo-org/*" holds a wildcard, and Entra compares letter by letter',
    LITERALLY,
  ],
  [
    "a subject with a space at its end",
    withOidc({ subject: "exporter " }),
    `${AT}.other.oidc.subject`,
    '"exporter " begins or ends with a space',
    "remove it: Entra compares letter by letter",
  ],
  [
    "a subject that is too long",
    withOidc({ subject: "y".repeat(601) }),
    `${AT}.other.oidc.subject`,
    "has 601 characters",
    "use at most 600",
  ],
  [
    "several audiences in one",
    withOidc({ audience: "api://a api://b" }),
    `${AT}.other.oidc.audience`,
    '"api://a api://b" is no audience',
    "write one audience, or leave it out for api://AzureADTokenExchange",
  ],
  [
    "audiences as a list",
    withOidc({ audience: ["api://a"] }),
    `${AT}.other.oidc.audience`,
    "must be text, not a list",
    "write for example: audience: api://AzureADTokenExchange",
  ],
  [
    "21 credentials",
    credentials(
      Object.fromEntries(
        Array.from({ length: 21 }, (_, index) => [
          `env${index}`,
          { githubActions: { ...gitHub, environment: `env${index}` } },
        ]),
      ),
    ),
    AT,
    "21 federated credentials are declared, and Entra takes 20",
    "declare another application or identity for the rest",
  ],
];

test.each(cases)("a fault in whose tokens are taken: %s", (_what, change, path, problem, fix) => {
  expect(faultsOf({ ...baseline(), ...change })).toEqual([{ path, problem, fix }]);
});

describe("placeholders", () => {
  const ISSUER = "other.oidc.issuer";
  test.each([
    ["https://login.example.com", withOidc({ issuer: "https://login.example.com" }), ISSUER],
    ["https://login.shop.example", withOidc({ issuer: "https://login.shop.example" }), ISSUER],
    ["https://idp.invalid/x", withOidc({ issuer: "https://idp.invalid/x" }), ISSUER],
    ["<subject>", withOidc({ subject: "<subject>" }), "other.oidc.subject"],
    ["{{ subject }}", withOidc({ subject: "{{ subject }}" }), "other.oidc.subject"],
    ["TODO", withOidc({ subject: "TODO" }), "other.oidc.subject"],
    ["your-subject", withOidc({ subject: "your-subject" }), "other.oidc.subject"],
    ["agent@shop.test", withOidc({ subject: "agent@shop.test" }), "other.oidc.subject"],
    ["xxxxxxxx-xxxx", withOidc({ subject: "xxxxxxxx-xxxx" }), "other.oidc.subject"],
    ["change-me", withOidc({ subject: "change-me" }), "other.oidc.subject"],
    [
      "https://your-domain.okta.com",
      withOidc({ issuer: "https://your-domain.okta.com" }),
      "other.oidc.issuer",
    ],
    ["https://idp.test:8443/x", withOidc({ issuer: "https://idp.test:8443/x" }), ISSUER],
    ["contoso", withGitHub({ organization: "contoso" }), "github.githubActions.organization"],
    ["your-org", withGitHub({ organization: "your-org" }), "github.githubActions.organization"],
    ["my-repo", withGitHub({ repository: "my-repo" }), "github.githubActions.repository"],
    ["shop.example", withOkta({ domain: "shop.example" }), "okta.okta.domain"],
    ["0oa00000000000000000", withOkta({ subject: "0oa00000000000000000" }), "okta.okta.subject"],
    [
      "arn:aws:iam::123456789012:role/orders",
      withAws({ role: "arn:aws:iam::123456789012:role/orders" }),
      "aws.aws.role",
    ],
    [
      "https://00000000-0000-0000-0000-000000000000.tokens.sts.global.api.aws",
      withAws({ issuer: "https://00000000-0000-0000-0000-000000000000.tokens.sts.global.api.aws" }),
      "aws.aws.issuer",
    ],
    [
      "11111111-1111-1111-1111-111111111111",
      withPipelines({ ...connection, organizationId: "11111111-1111-1111-1111-111111111111" }),
      "pipelines.azurePipelines.organizationId",
    ],
  ])("%s is refused outside an example", (text, change, place) => {
    const [fault, ...others] = faultsOf({ ...baseline(), ...change });
    expect(others).toEqual([]);
    expect(fault?.path).toBe(`${AT}.${place}`);
    expect(fault?.problem.startsWith(`"${text}" is a placeholder: it `)).toBe(true);
    expect(fault?.fix).toBe(
      "write the real value; only settings with keyless-cosmos:example: true may keep it",
    );
    expect(faultsOf({ ...baseline(), ...change, "keyless-cosmos:example": true })).toEqual([]);
    // As Pulumi hands it over.
    expect(faultsOf({ ...baseline(), ...change, "keyless-cosmos:example": "true" })).toEqual([]);
  });

  test.each(["orders", "octo-org", "exemplary", "testing-team", "latest", "your", "methodology"])(
    "an organization may be called %s",
    (organization) => {
      expect(faultsOf({ ...baseline(), ...withGitHub({ organization }) })).toEqual([]);
    },
  );

  test.each(["todo", "todo-app", "my-app", "my-apparel", "myaccounting", "orders.test", "your-orders"])(
    "a repository may be called %s",
    (repository) => {
      expect(faultsOf({ ...baseline(), ...withGitHub({ repository }) })).toEqual([]);
    },
  );

  test.each([
    ["a host with a part called test", withOkta({ domain: "login.test.shop.org" })],
    ["an issuer with a part called test", withOidc({ issuer: "https://auth.test.acme.io/" })],
    ["an issuer with example.com as its parts", withOidc({ issuer: "https://example.com.shop.org/" })],
    ["an issuer with a path", withOidc({ issuer: "https://login.shop.org/shop.test/" })],
    ["a namespace called my-app", withOidc({ subject: "system:serviceaccount:my-app:agent" })],
  ])("%s is none", (_what, change) => {
    expect(faultsOf({ ...baseline(), ...change })).toEqual([]);
  });
});

test("identities take the same credentials by the same rules", () => {
  expect(
    faultsOf({
      ...baseline(),
      "keyless-cosmos:identities": { agent: { federatedCredentials: { none: {} }, grants: [] } },
    }),
  ).toEqual([
    {
      path: "keyless-cosmos:identities.agent.federatedCredentials.none",
      problem: "names no provider",
      fix: PROVIDERS,
    },
  ]);
});

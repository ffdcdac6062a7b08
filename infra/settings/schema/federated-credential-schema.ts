import { z } from "zod";
import { awsIssuerBreach, awsRoleBreach } from "../../identity/federation/aws.ts";
import { devOpsNameBreach } from "../../identity/federation/azure-pipelines.ts";
import {
  audienceBreach,
  exchangeAudience,
  issuerBreach,
  literalBreach,
} from "../../identity/federation/expected-token.ts";
import {
  environmentBreach,
  gitHubIdBreach,
  organizationBreach,
  repositoryBreach,
} from "../../identity/federation/github-actions.ts";
import {
  authorizationServerBreach,
  oktaDomainBreach,
  oktaSubjectBreach,
} from "../../identity/federation/okta.ts";
import { guid, text } from "./schema-rules.ts";

const audience = text(audienceBreach, exchangeAudience).optional();

const githubActions = z.strictObject({
  organization: text(organizationBreach, "octo-org"),
  repository: text(repositoryBreach, "octo-repo"),
  environment: text(environmentBreach, "prod"),
  organizationId: text(gitHubIdBreach, '"9919"').optional(),
  repositoryId: text(gitHubIdBreach, '"1296269"').optional(),
  audience,
});

const connectionId = "write the GUID that the service connection shows in Azure DevOps";

const azurePipelines = z.strictObject({
  organizationId: guid("organization id", "write the GUID of the Azure DevOps organization"),
  tenantId: guid("tenant id", "write the GUID of the tenant in the connection's issuer").optional(),
  serviceConnectionId: guid("service connection id", connectionId).optional(),
  organization: text(devOpsNameBreach, "octo-org").optional(),
  project: text(devOpsNameBreach, "orders").optional(),
  serviceConnection: text(devOpsNameBreach, "orders-prod").optional(),
  audience,
});

const okta = z.strictObject({
  domain: text(oktaDomainBreach, "shop.okta.com"),
  authorizationServer: text(authorizationServerBreach, "default"),
  subject: text(oktaSubjectBreach, "0oa1b2c3d4E5f6G7h8i9"),
  audience,
});

const aws = z.strictObject({
  issuer: text(awsIssuerBreach, "https://0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d.tokens.sts.global.api.aws"),
  role: text(awsRoleBreach, "arn:aws:iam::210987654321:role/orders"),
  audience,
});

const oidc = z.strictObject({
  issuer: text(issuerBreach, "https://login.shop.org"),
  subject: text(literalBreach, "orders-exporter"),
  audience,
});

/** Whose tokens are taken for the holder's. That exactly one provider is named stands in `checks/federation-checks.ts`. */
export const federatedCredential = z.strictObject({
  githubActions: githubActions.optional(),
  azurePipelines: azurePipelines.optional(),
  okta: okta.optional(),
  aws: aws.optional(),
  oidc: oidc.optional(),
});

/** By name. */
export const federatedCredentials = z.record(z.string(), federatedCredential);

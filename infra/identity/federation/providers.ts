import { type Aws, awsToken } from "./aws.ts";
import { type AzurePipelines, azurePipelinesToken } from "./azure-pipelines.ts";
import type { ExpectedToken } from "./expected-token.ts";
import { type GitHubActions, gitHubActionsToken } from "./github-actions.ts";
import { type Oidc, oidcToken } from "./oidc.ts";
import { type Okta, oktaToken } from "./okta.ts";

/** Whose tokens a federated credential takes, by its one provider. */
export interface ProviderChoice {
  readonly githubActions?: GitHubActions | undefined;
  readonly azurePipelines?: AzurePipelines | undefined;
  readonly okta?: Okta | undefined;
  readonly aws?: Aws | undefined;
  readonly oidc?: Oidc | undefined;
}

/** Every provider, in the order in which messages name them. */
export const providers = ["githubActions", "azurePipelines", "okta", "aws", "oidc"] as const;

/**
 * What a token must say for the chosen provider.
 *
 * @returns undefined when none is chosen.
 */
export function expectedToken(choice: ProviderChoice): ExpectedToken | undefined {
  if (choice.githubActions !== undefined) return gitHubActionsToken(choice.githubActions);
  if (choice.azurePipelines !== undefined) return azurePipelinesToken(choice.azurePipelines);
  if (choice.okta !== undefined) return oktaToken(choice.okta);
  if (choice.aws !== undefined) return awsToken(choice.aws);
  if (choice.oidc !== undefined) return oidcToken(choice.oidc);
  return undefined;
}

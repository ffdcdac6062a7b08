import { ApplicationPreAuthorized } from "@pulumi/azuread/applicationPreAuthorized.js";
import * as pulumi from "@pulumi/pulumi";
import { type DelegatedAccess, Registration } from "./registration.ts";

/** What a workload's registration is made from. */
export interface WorkloadApiArgs {
  readonly displayName: string;
  /** Object ids. */
  readonly owners: readonly string[];
  /** Whether a group is among its callers, so that tokens must name groups. */
  readonly groupsInTokens: boolean;
}

/** The public client of the az CLI: https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in. */
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const SCOPE = "user_impersonation";

/**
 * A workload as an API: callers ask for tokens for this registration, `<client id>/.default`. It has no credential, so
 * nobody can sign in as it. People get such a token with `az login` alone, as the az CLI is authorized beforehand.
 */
export class WorkloadApi extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** How an application asks for access to the workload on behalf of who signs in. */
  readonly delegatedAccess: DelegatedAccess;

  constructor(name: string, args: WorkloadApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:identity:WorkloadApi", name, {}, opts);
    const registration = new Registration(
      name,
      {
        ...args,
        scopes: [{ value: SCOPE, description: `Call ${name} on behalf of who signs in`, consent: "user" }],
      },
      { parent: this },
    );
    const scopeId = registration.scopeId(SCOPE);
    new ApplicationPreAuthorized(
      `${name}-az-cli`,
      { applicationId: registration.applicationId, authorizedClientId: AZURE_CLI, permissionIds: [scopeId] },
      { parent: this },
    );
    this.clientId = registration.clientId;
    this.delegatedAccess = { clientId: registration.clientId, scopeId };
    this.registerOutputs({ clientId: this.clientId });
  }
}

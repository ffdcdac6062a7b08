import { Application } from "@pulumi/azuread/application.js";
import { ServicePrincipal } from "@pulumi/azuread/servicePrincipal.js";
import * as pulumi from "@pulumi/pulumi";
import { guidFrom } from "../access/guid.ts";
import type { AppRoleSettings, ScopeSettings } from "../settings/settings.ts";

/** Access to an API on behalf of who signs in. */
export interface DelegatedAccess {
  /** Client id of the API's registration. */
  readonly clientId: pulumi.Input<string>;
  /** Id of the exposed scope. */
  readonly scopeId: pulumi.Input<string>;
}

/** What a registration is made from. */
export interface RegistrationArgs {
  /** One of a kind in the tenant among those of this program. */
  readonly displayName: string;
  /** Object ids; whoever deploys must be among them to change it with the permission Application.ReadWrite.OwnedBy. */
  readonly owners: readonly string[];
  readonly appRoles?: readonly AppRoleSettings[];
  readonly scopes?: readonly ScopeSettings[];
  readonly access?: readonly DelegatedAccess[];
  /** Whether tokens for it name the security groups of who they are for. */
  readonly groupsInTokens?: boolean;
}

const MEMBER_TYPES = { applications: "Application", users: "User" } as const;
const CONSENT_TYPES = { admin: "Admin", user: "User" } as const;

/**
 * An app registration of this tenant alone, and its service principal. It takes no implicit flow and gets tokens of
 * version 2. Grants name the service principal: Cosmos DB refuses the registration's own object id.
 */
export class Registration extends pulumi.ComponentResource {
  /** The application, as other resources of the provider refer to it. */
  readonly applicationId: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  /** Object id of the registration. */
  readonly objectId: pulumi.Output<string>;
  /** Object id of the service principal. */
  readonly principalId: pulumi.Output<string>;
  readonly #displayName: string;

  constructor(name: string, args: RegistrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:identity:Registration", name, {}, opts);
    this.#displayName = args.displayName;
    const child = { parent: this };
    const owners = [...new Set(args.owners)].sort();
    const application = new Application(
      name,
      {
        displayName: args.displayName,
        // An interrupted deployment must not leave a second one behind unseen.
        preventDuplicateNames: true,
        signInAudience: "AzureADMyOrg",
        owners,
        api: {
          requestedAccessTokenVersion: 2,
          oauth2PermissionScopes: (args.scopes ?? []).map((scope) => this.#scope(scope)),
        },
        appRoles: (args.appRoles ?? []).map((role) => this.#appRole(role)),
        requiredResourceAccesses: (args.access ?? []).map(({ clientId, scopeId }) => ({
          resourceAppId: clientId,
          resourceAccesses: [{ id: scopeId, type: "Scope" }],
        })),
        web: { implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false } },
        ...(args.groupsInTokens === true ? { groupMembershipClaims: ["SecurityGroup"] } : {}),
      },
      child,
    );
    const principal = new ServicePrincipal(name, { clientId: application.clientId, owners }, child);
    this.applicationId = application.id;
    this.clientId = application.clientId;
    this.objectId = application.objectId;
    this.principalId = principal.objectId;
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId });
  }

  /** The id of an exposed scope, the same in every run. */
  scopeId(value: string): string {
    return guidFrom(["scope", this.#displayName, value]);
  }

  #scope({ value, description, consent }: ScopeSettings) {
    return {
      id: this.scopeId(value),
      value,
      type: CONSENT_TYPES[consent],
      enabled: true,
      adminConsentDisplayName: value,
      adminConsentDescription: description,
      userConsentDisplayName: value,
      userConsentDescription: description,
    };
  }

  #appRole({ value, description, allowedFor }: AppRoleSettings) {
    return {
      id: guidFrom(["app-role", this.#displayName, value]),
      value,
      displayName: value,
      description,
      enabled: true,
      allowedMemberTypes: allowedFor.map((kind) => MEMBER_TYPES[kind]).sort(),
    };
  }
}

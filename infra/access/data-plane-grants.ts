import { SqlResourceSqlRoleAssignment } from "@pulumi/azure-native/cosmosdb/sqlResourceSqlRoleAssignment.js";
import { SqlResourceSqlRoleDefinition } from "@pulumi/azure-native/cosmosdb/sqlResourceSqlRoleDefinition.js";
import * as pulumi from "@pulumi/pulumi";
import { type BuiltInRole, builtInRoles } from "../../rbac/cosmos/built-in-roles.ts";
import { type DataScope, formatDataScope } from "../../rbac/cosmos/scope.ts";
import type { GrantOutput } from "../outputs/schema.ts";
import { formatGrantScope } from "../settings/reading/grant-scope.ts";
import type { GrantSettings, RoleSettings } from "../settings/settings.ts";
import { assignableScopes } from "./assignable-scopes.ts";
import { guidFrom } from "./guid.ts";
import { roleWriteRetry } from "./role-write-retry.ts";

/** Somebody and what they are granted. */
export interface GrantHolder {
  /** As the settings name it. */
  readonly name: string;
  /** Object id of a service principal, user or group; never of an app registration. */
  readonly principalId: pulumi.Input<string>;
  readonly grants: readonly GrantSettings[];
}

/** What the grants on an account are made from. */
export interface DataPlaneGrantsArgs {
  readonly accountId: pulumi.Output<string>;
  readonly accountName: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly roles: readonly RoleSettings[];
  readonly holders: readonly GrantHolder[];
}

/** A grant as it stands after deployment. */
type DeployedGrant = pulumi.Output<GrantOutput>;

interface DeployedRole {
  readonly definitionId: pulumi.Output<string>;
  readonly dataActions: readonly string[];
}

/**
 * All data-plane role definitions and assignments of one account. Cosmos DB refuses role writes that overlap, so they
 * form one chain. An assignment's name is derived from account, principal, role and scope: a change of any of them
 * makes a new assignment, and the old one goes only afterwards, so that access never lapses. A custom role is assignable
 * only where a grant uses it; one that nobody holds is not defined.
 */
export class DataPlaneGrants extends pulumi.ComponentResource {
  /** What is granted, in the order of the holders. */
  readonly grants: readonly DeployedGrant[];
  readonly #args: DataPlaneGrantsArgs;
  readonly #retry: pulumi.ErrorHook;
  #last: pulumi.Resource | undefined;

  constructor(name: string, args: DataPlaneGrantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:access:DataPlaneGrants", name, {}, opts);
    this.#args = args;
    this.#retry = roleWriteRetry(`${name}-retry`);
    const grants = args.holders.flatMap((holder) => holder.grants);
    const roles = new Map(
      args.roles.flatMap((role) => {
        const scopes = assignableScopes(role.name, grants);
        return scopes.length === 0 ? [] : [[role.name, this.#define(role, scopes)] as const];
      }),
    );
    this.grants = args.holders.flatMap((holder) =>
      holder.grants.map((grant) =>
        this.#assign(holder, grant, roles.get(grant.role) ?? this.#builtIn(grant.role)),
      ),
    );
    this.registerOutputs({});
  }

  #builtIn(name: string): DeployedRole {
    const role: BuiltInRole | undefined = Object.entries(builtInRoles).find(([known]) => known === name)?.[1];
    if (role === undefined) throw new Error(`${name} is neither a built-in role nor one of the settings`);
    const definitionId = this.#args.accountId.apply((account) => `${account}/sqlRoleDefinitions/${role.id}`);
    return { definitionId, dataActions: role.dataActions };
  }

  #define(role: RoleSettings, scopes: readonly DataScope[]): DeployedRole {
    const { accountId, accountName, resourceGroupName } = this.#args;
    const definition = new SqlResourceSqlRoleDefinition(
      `role-${role.name}`,
      {
        accountName,
        resourceGroupName,
        roleDefinitionId: accountId.apply((account) => guidFrom(["role", account.toLowerCase(), role.name])),
        roleName: role.name,
        type: "CustomRole",
        assignableScopes: scopes.map((scope) =>
          accountId.apply((account) => formatDataScope(scope, account)),
        ),
        permissions: [{ dataActions: [...role.dataActions] }],
      },
      this.#nextInChain(),
    );
    this.#last = definition;
    return { definitionId: definition.id, dataActions: role.dataActions };
  }

  #assign(holder: GrantHolder, grant: GrantSettings, role: DeployedRole): DeployedGrant {
    const { accountId, accountName, resourceGroupName } = this.#args;
    const scope = formatGrantScope(grant.scope);
    const identity = pulumi.all([accountId, holder.principalId, role.definitionId]);
    const assignmentId = identity.apply(([account, principal, definition]) =>
      guidFrom([
        "assignment",
        account.toLowerCase(),
        principal.toLowerCase(),
        definition.toLowerCase(),
        scope,
      ]),
    );
    const resourceScope = accountId.apply((account) => formatDataScope(grant.scope, account));
    const assignment = new SqlResourceSqlRoleAssignment(
      `${holder.name}/${grant.role}/${scope}`,
      {
        accountName,
        resourceGroupName,
        roleAssignmentId: assignmentId,
        principalId: holder.principalId,
        roleDefinitionId: role.definitionId,
        scope: resourceScope,
      },
      // The plugin would delete first, as the resource has a name of our choosing; but another principal, role or
      // scope gives another name, so both can stand side by side.
      { ...this.#nextInChain(), deleteBeforeReplace: false },
    );
    this.#last = assignment;
    return pulumi
      .all([assignment.name, identity, resourceScope])
      .apply(([id, [, principalId, roleDefinitionId], resource]) => ({
        id,
        principal: holder.name,
        principalId,
        role: grant.role,
        roleDefinitionId,
        dataActions: [...role.dataActions],
        scope,
        resourceScope: resource,
        justification: grant.justification,
        owner: grant.owner,
        reviewBy: grant.reviewBy,
      }));
  }

  #nextInChain(): pulumi.CustomResourceOptions {
    return {
      parent: this,
      hooks: { onError: [this.#retry] },
      ...(this.#last === undefined ? {} : { dependsOn: [this.#last] }),
    };
  }
}

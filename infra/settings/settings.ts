import type { DataScope } from "../../rbac/cosmos/scope.ts";
import type { ExpectedToken } from "../identity/federation/expected-token.ts";
import type { MemberSettings } from "./schema/people.ts";
import type { BACKUP_TIERS } from "./schema/schema.ts";

/** Request units per second: scaled by Azure up to a maximum, or fixed. */
export type Throughput =
  | { readonly mode: "autoscale"; readonly maximum: number }
  | { readonly mode: "manual"; readonly throughput: number };

/** A container to provision. */
export interface ContainerSettings {
  readonly name: string;
  /** One path, or two to three for a hierarchical key. */
  readonly partitionKey: readonly string[];
  /** Absent: the database's throughput is shared, or Azure's smallest is used. */
  readonly throughput?: Throughput;
}

/** A database to provision. */
export interface DatabaseSettings {
  readonly name: string;
  /** Shared by the containers that have none of their own. */
  readonly throughput?: Throughput;
  readonly containers: readonly ContainerSettings[];
}

/** What somebody may do, where, and why. */
export interface GrantSettings {
  /** `reader`, `contributor` or the name of a role in `roles`. */
  readonly role: string;
  readonly scope: DataScope;
  readonly justification: string;
  readonly owner: string;
  /** The day by which the grant is looked at again, `YYYY-MM-DD`. */
  readonly reviewBy: string;
}

/** Somebody who may call a workload. */
export interface CallerSettings {
  readonly name: string;
  /** Whether tokens name it as who they are for, or among the groups of who they are for. */
  readonly kind: "principal" | "group";
}

/** How a workload reaches Cosmos DB. */
export type AccessSettings =
  | { readonly access: "managedIdentity" }
  /** `migrationEnds`: the day by which the workload is to do without, `YYYY-MM-DD`. */
  | { readonly access: "clientSecret"; readonly migrationEnds: string };

/** A service that is deployed and gets an identity. */
export type WorkloadSettings = AccessSettings & {
  readonly name: string;
  readonly host: "appService";
  /** Who may call it; nobody else is answered, but on `/health`. */
  readonly callers: readonly CallerSettings[];
  readonly grants: readonly GrantSettings[];
};

/** A principal that exists already: by its object id, or whoever runs the deployment. */
export interface PrincipalSettings {
  readonly name: string;
  readonly identity: { readonly objectId: string } | "deployer";
  /** Whether tokens name it as who they are for, or among the groups of who they are for. */
  readonly kind: "principal" | "group";
  readonly grants: readonly GrantSettings[];
}

/** An outside token that is taken for the holder's own. */
export interface FederatedCredentialSettings extends ExpectedToken {
  readonly name: string;
}

/** A role that an application gives to users, applications or both. */
export interface AppRoleSettings {
  /** As tokens have it in `roles`. */
  readonly value: string;
  readonly description: string;
  readonly allowedFor: readonly ("applications" | "users")[];
}

/** Something that others may do with an application on behalf of who signs in. */
export interface ScopeSettings {
  /** As tokens have it in `scp`. */
  readonly value: string;
  readonly description: string;
  /** Who may consent to it. */
  readonly consent: "admin" | "user";
}

/** An app registration with its service principal. */
export interface ApplicationSettings {
  readonly name: string;
  /** Object ids besides the deployer's. */
  readonly owners: readonly string[];
  readonly appRoles: readonly AppRoleSettings[];
  readonly scopes: readonly ScopeSettings[];
  /** APIs that it calls on behalf of who signs in: `azureCosmosDb` or a workload. */
  readonly access: readonly string[];
  readonly federatedCredentials: readonly FederatedCredentialSettings[];
  readonly grants: readonly GrantSettings[];
}

/** A user-assigned managed identity. */
export interface IdentitySettings {
  readonly name: string;
  readonly federatedCredentials: readonly FederatedCredentialSettings[];
  readonly grants: readonly GrantSettings[];
}

/** A security group. */
export interface GroupSettings {
  readonly name: string;
  readonly members: readonly MemberSettings[];
  readonly grants: readonly GrantSettings[];
}

/** A role of our own. */
export interface RoleSettings {
  readonly name: string;
  readonly dataActions: readonly string[];
}

/** `Pulumi.<environment>.yaml`, checked. */
export interface Settings {
  readonly environment: string;
  /** Azure region, from `azure-native:location`. */
  readonly location: string;
  /** Whether a deployment may delete the account, databases and containers. */
  readonly dataLoss: "allowed" | "refused";
  /** CIDR ranges that may call the sites; everybody else is denied. */
  readonly allowedAddresses: readonly string[];
  readonly capacity: "provisioned" | "serverless";
  readonly backup: (typeof BACKUP_TIERS)[number];
  readonly databases: readonly DatabaseSettings[];
  readonly roles: readonly RoleSettings[];
  readonly workloads: readonly WorkloadSettings[];
  readonly principals: readonly PrincipalSettings[];
  readonly applications: readonly ApplicationSettings[];
  readonly identities: readonly IdentitySettings[];
  /** The people of a development environment are the last, by the name `developers`. */
  readonly groups: readonly GroupSettings[];
  /** The day to reckon from, `YYYY-MM-DD`; absent: the real one. */
  readonly today?: string;
}

/** Everybody who may hold grants, in the order in which grants are made. */
export function holdersOf(
  settings: Settings,
): readonly { readonly name: string; readonly grants: readonly GrantSettings[] }[] {
  const { workloads, principals, applications, identities, groups } = settings;
  return [...workloads, ...principals, ...applications, ...identities, ...groups];
}

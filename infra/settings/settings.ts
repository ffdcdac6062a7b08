import type { DataScope } from "../../rbac/cosmos/scope.ts";
import { formatGrantScope, parseGrantScope } from "./grant-scope.ts";
import { LOCATION_KEY } from "./raw.ts";
import { parseReviewDate } from "./review-date.ts";
import type { BACKUP_TIERS, WrittenGrant, WrittenSettings, WrittenThroughput } from "./schema.ts";

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

/** A service that is deployed and gets an identity. */
export interface WorkloadSettings {
  readonly name: string;
  readonly host: "appService";
  readonly access: "managedIdentity";
  readonly grants: readonly GrantSettings[];
}

/** A principal that exists already: by its object id, or whoever runs the deployment. */
export interface PrincipalSettings {
  readonly name: string;
  readonly identity: { readonly objectId: string } | "deployer";
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
}

/**
 * Turns checked settings into the values the program works with.
 *
 * @throws when a value was not checked before; that is a mistake of ours, not of the settings.
 */
export function settingsFrom(written: WrittenSettings): Settings {
  return {
    environment: written.environment,
    location: written[LOCATION_KEY],
    dataLoss: written.dataLoss,
    allowedAddresses: written.allowedAddresses,
    capacity: written.cosmos.capacity,
    backup: written.cosmos.backup,
    databases: named(written.cosmos.databases).map(({ name, value }) => ({
      name,
      ...withThroughput(value.throughput),
      containers: named(value.containers).map((container) => ({
        name: container.name,
        partitionKey: container.value.partitionKey,
        ...withThroughput(container.value.throughput),
      })),
    })),
    roles: named(written.roles).map(({ name, value }) => ({ name, dataActions: value.dataActions })),
    workloads: named(written.workloads).map(({ name, value }) => ({
      name,
      host: supported(value.host, "appService"),
      access: supported(value.access, "managedIdentity"),
      grants: value.grants.map(grantFrom),
    })),
    principals: named(written.principals).map(({ name, value }) => ({
      name,
      identity:
        value.objectId === undefined ? ("deployer" as const) : { objectId: value.objectId.toLowerCase() },
      grants: value.grants.map(grantFrom),
    })),
  };
}

function named<Value>(record: Readonly<Record<string, Value>>): { name: string; value: Value }[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}

function withThroughput(written: WrittenThroughput | undefined): { throughput?: Throughput } {
  if (written === undefined) return {};
  if (written.autoscaleMax !== undefined) {
    return { throughput: { mode: "autoscale", maximum: written.autoscaleMax } };
  }
  if (written.manual !== undefined) return { throughput: { mode: "manual", throughput: written.manual } };
  throw new Error("throughput without a value passed the checks");
}

function grantFrom(written: WrittenGrant): GrantSettings {
  const scope = parseGrantScope(written.scope);
  const reviewBy = parseReviewDate(written.reviewBy);
  if (scope === undefined || reviewBy === undefined) throw new Error("a malformed grant passed the checks");
  const { role, justification, owner } = written;
  return { role, scope, justification: justification.trim(), owner: owner.trim(), reviewBy };
}

function supported<const Value extends string>(written: string, only: Value): Value {
  if (written !== only) throw new Error(`${written} passed the checks although only ${only} is supported`);
  return only;
}

/** A grant whose review date has passed. */
export interface OverdueGrant {
  readonly holder: string;
  readonly grant: GrantSettings;
}

/**
 * Finds the grants that should have been looked at again.
 *
 * @param today the current day, `YYYY-MM-DD`.
 */
export function overdueGrants({ workloads, principals }: Settings, today: string): OverdueGrant[] {
  return [...workloads, ...principals].flatMap(({ name, grants }) =>
    grants.filter(({ reviewBy }) => reviewBy < today).map((grant) => ({ holder: name, grant })),
  );
}

/** Says in one sentence what is overdue and what to do. */
export function overdueWarning({ holder, grant }: OverdueGrant): string {
  return (
    `${holder} holds ${grant.role} on ${formatGrantScope(grant.scope)}, which was due for review on ${grant.reviewBy}: ` +
    `ask ${grant.owner} whether it is still needed, then set a new reviewBy or remove the grant.`
  );
}

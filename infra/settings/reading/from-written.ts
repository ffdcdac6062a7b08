import type { z } from "zod";
import { expectedToken } from "../../identity/federation/providers.ts";
import type { WrittenGrant } from "../schema/access-schema.ts";
import type { federatedCredentials } from "../schema/federated-credential-schema.ts";
import type { WrittenApplication, WrittenGroup } from "../schema/identity-schema.ts";
import { memberFrom } from "../schema/people.ts";
import type { WrittenSettings, WrittenThroughput } from "../schema/schema.ts";
import type {
  AccessSettings,
  ApplicationSettings,
  FederatedCredentialSettings,
  GrantSettings,
  GroupSettings,
  Settings,
  Throughput,
} from "../settings.ts";
import { parseGrantScope } from "./grant-scope.ts";
import { DEVELOPERS, isGroup } from "./holders.ts";
import { LOCATION_KEY } from "./raw.ts";
import { parseWrittenDate } from "./written-date.ts";

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
      ...accessFrom(value),
      callers: value.callers.map((caller) => ({
        name: caller,
        kind: isGroup(caller, written) ? ("group" as const) : ("principal" as const),
      })),
      grants: value.grants.map(grantFrom),
    })),
    principals: named(written.principals).map(({ name, value }) => ({
      name,
      identity:
        value.objectId === undefined ? ("deployer" as const) : { objectId: value.objectId.toLowerCase() },
      kind: value.kind,
      grants: value.grants.map(grantFrom),
    })),
    applications: named(written.applications).map(({ name, value }) => applicationFrom(name, value)),
    identities: named(written.identities).map(({ name, value }) => ({
      name,
      federatedCredentials: credentialsFrom(value.federatedCredentials),
      grants: value.grants.map(grantFrom),
    })),
    groups: [
      ...named(written.groups).map(({ name, value }) => groupFrom(name, value)),
      ...(written.developers === undefined ? [] : [groupFrom(DEVELOPERS, written.developers)]),
    ],
    ...(written.today === undefined ? {} : { today: dateFrom(written.today) }),
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
  if (scope === undefined) throw new Error("a malformed scope passed the checks");
  const { role, justification, owner } = written;
  const reviewBy = dateFrom(written.reviewBy);
  return { role, scope, justification: justification.trim(), owner: owner.trim(), reviewBy };
}

function dateFrom(written: string): string {
  const date = parseWrittenDate(written);
  if (date === undefined) throw new Error("a malformed date passed the checks");
  return date;
}

function accessFrom(written: WrittenSettings["workloads"][string]): AccessSettings {
  if (written.access !== "clientSecret") return { access: supported(written.access, "managedIdentity") };
  if (written.migrationEnds === undefined) throw new Error("a migration without an end passed the checks");
  return { access: "clientSecret", migrationEnds: dateFrom(written.migrationEnds) };
}

function applicationFrom(name: string, written: WrittenApplication): ApplicationSettings {
  return {
    name,
    owners: written.owners.map((owner) => owner.toLowerCase()),
    appRoles: Object.entries(written.appRoles).map(([value, { description, allowedFor }]) => ({
      value,
      description: description.trim(),
      allowedFor,
    })),
    scopes: Object.entries(written.scopes).map(([value, { description, consent }]) => ({
      value,
      description: description.trim(),
      consent,
    })),
    access: written.access,
    federatedCredentials: credentialsFrom(written.federatedCredentials),
    grants: written.grants.map(grantFrom),
  };
}

function credentialsFrom(written: z.output<typeof federatedCredentials>): FederatedCredentialSettings[] {
  return named(written).map(({ name, value }) => {
    const token = expectedToken(value);
    if (token === undefined) throw new Error("a federated credential without a provider passed the checks");
    return { name, ...token };
  });
}

function groupFrom(name: string, written: WrittenGroup): GroupSettings {
  return { name, members: written.members.map(memberFrom), grants: written.grants.map(grantFrom) };
}

function supported<const Value extends string>(written: string, only: Value): Value {
  if (written !== only) throw new Error(`${written} passed the checks although only ${only} is supported`);
  return only;
}

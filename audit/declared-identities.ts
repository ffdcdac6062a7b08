import type { FederatedCredentialOutput, StackOutputs } from "../infra/outputs/schema.ts";

/** One line of the audit: who there is, how each proves itself, and whom it may call. */
export interface DeclaredIdentity {
  readonly name: string;
  readonly kind: "workload" | "application" | "identity" | "group";
  /** Of the service principal or group. */
  readonly objectId: string;
  /** By what others tell that it is the one: a sentence each; for a group, its members. */
  readonly proof: readonly string[];
  /** Workloads that let it call them. */
  readonly mayCall: readonly string[];
}

/** The identities that a stack made, sorted by kind and name. Principals that existed before show in their grants. */
export function declaredIdentities(outputs: StackOutputs): DeclaredIdentity[] {
  const mayCall = (name: string) =>
    Object.entries(outputs.workloads)
      .filter(([, { callers }]) => callers.some((caller) => caller.name === name))
      .map(([workload]) => workload);
  const workloads = Object.entries(outputs.workloads).map(
    ([name, { principalId, secret }]): DeclaredIdentity => ({
      name,
      kind: "workload",
      objectId: principalId,
      proof: [
        `managed identity of ${outputs.workloads[name]?.siteName}`,
        ...(secret === undefined
          ? []
          : [
              `client secret of ${secret.clientId} until ${secret.endsOn}; its migration ends on ${secret.migrationEnds}`,
            ]),
      ],
      mayCall: mayCall(name),
    }),
  );
  const applications = Object.entries(outputs.applications).map(
    ([name, { principalId, federatedCredentials }]): DeclaredIdentity => ({
      name,
      kind: "application",
      objectId: principalId,
      proof: federatedCredentials.map(tokenOf),
      mayCall: mayCall(name),
    }),
  );
  const identities = Object.entries(outputs.identities).map(
    ([name, { principalId, federatedCredentials }]): DeclaredIdentity => ({
      name,
      kind: "identity",
      objectId: principalId,
      proof: federatedCredentials.map(tokenOf),
      mayCall: mayCall(name),
    }),
  );
  const groups = Object.entries(outputs.groups).map(
    ([name, { objectId, members }]): DeclaredIdentity => ({
      name,
      kind: "group",
      objectId,
      proof: members.map((member) => `member ${member.name}`),
      mayCall: mayCall(name),
    }),
  );
  return [workloads, applications, identities, groups].flatMap((sort) =>
    sort.toSorted((left, right) => left.name.localeCompare(right.name, "en")),
  );
}

function tokenOf({ issuer, subject }: FederatedCredentialOutput): string {
  return `token of ${issuer} for ${subject}`;
}

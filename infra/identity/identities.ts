import * as pulumi from "@pulumi/pulumi";
import type { DeploymentNames } from "../naming/deployment-names.ts";
import type { FederatedCredentialOutput } from "../outputs/schema.ts";
import type { FederatedCredentialSettings, Settings } from "../settings/settings.ts";
import { ApplicationCredentials } from "./application-credentials.ts";
import { ManagedIdentity } from "./managed-identity.ts";
import { type DelegatedAccess, Registration } from "./registration.ts";
import { type GroupMember, SecurityGroup } from "./security-group.ts";

/** What the identities of a deployment are made from. */
export interface IdentitiesArgs {
  readonly settings: Pick<Settings, "applications" | "identities" | "groups" | "location">;
  readonly names: Pick<DeploymentNames, "identity" | "inDirectory">;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Object id of whoever deploys: it owns what it makes in the directory. */
  readonly deployerId: string;
  /** By the name of the API: `azureCosmosDb` or a workload. */
  readonly apis: ReadonlyMap<string, DelegatedAccess>;
  /** By the name of the group. */
  readonly members: ReadonlyMap<string, readonly GroupMember[]>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The applications, user-assigned identities and groups of the settings. */
export class Identities extends pulumi.ComponentResource {
  /** Of service principals and groups, by the names of the settings: what grants and callers name. */
  readonly objectIds: ReadonlyMap<string, pulumi.Output<string>>;
  readonly applications: Readonly<Record<string, ApplicationOutputs>>;
  readonly identities: Readonly<Record<string, IdentityOutputs>>;
  readonly groups: Readonly<Record<string, GroupOutputs>>;

  constructor(name: string, args: IdentitiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:identity:Identities", name, {}, opts);
    const { settings, names } = args;
    const child = { parent: this };
    const objectIds = new Map<string, pulumi.Output<string>>();

    const applications = settings.applications.map((declared) => {
      const registration = new Registration(
        declared.name,
        {
          displayName: names.inDirectory(declared.name),
          owners: [args.deployerId, ...declared.owners],
          appRoles: declared.appRoles,
          scopes: declared.scopes,
          access: declared.access.map((api) => known(args.apis, api)),
        },
        child,
      );
      const { applicationId, clientId, objectId, principalId } = registration;
      const credentials = declared.federatedCredentials;
      new ApplicationCredentials(declared.name, { applicationId, credentials }, child);
      objectIds.set(declared.name, principalId);
      const federatedCredentials = credentials.map(credentialOutput);
      return [declared.name, { clientId, objectId, principalId, federatedCredentials }] as const;
    });

    const identities = settings.identities.map((declared) => {
      const { clientId, principalId } = new ManagedIdentity(
        declared.name,
        {
          identityName: names.identity(declared.name),
          resourceGroupName: args.resourceGroupName,
          location: settings.location,
          credentials: declared.federatedCredentials,
          tags: args.tags,
        },
        child,
      );
      objectIds.set(declared.name, principalId);
      const federatedCredentials = declared.federatedCredentials.map(credentialOutput);
      return [declared.name, { clientId, principalId, federatedCredentials }] as const;
    });

    const groups = settings.groups.map((declared) => {
      const members = known(args.members, declared.name);
      const { objectId } = new SecurityGroup(
        declared.name,
        { displayName: names.inDirectory(declared.name), owners: [args.deployerId], members },
        child,
      );
      objectIds.set(declared.name, objectId);
      return [declared.name, { objectId, members: members.map((member) => ({ ...member })) }] as const;
    });

    this.objectIds = objectIds;
    this.applications = Object.fromEntries(applications);
    this.identities = Object.fromEntries(identities);
    this.groups = Object.fromEntries(groups);
    this.registerOutputs({});
  }
}

interface ApplicationOutputs {
  readonly clientId: pulumi.Output<string>;
  readonly objectId: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
  readonly federatedCredentials: FederatedCredentialOutput[];
}

type IdentityOutputs = Omit<ApplicationOutputs, "objectId">;

interface GroupOutputs {
  readonly objectId: pulumi.Output<string>;
  readonly members: { name: string; objectId: string }[];
}

function credentialOutput(credential: FederatedCredentialSettings): FederatedCredentialOutput {
  const { name, issuer, subject, audience } = credential;
  return { name, issuer, subject, audience };
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined)
    throw new Error(`${name} is declared nowhere, although the settings passed the checks`);
  return value;
}

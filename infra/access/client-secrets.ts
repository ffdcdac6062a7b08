import * as pulumi from "@pulumi/pulumi";
import type { DeploymentNames } from "../naming/deployment-names.ts";
import { ReadableSecret } from "../vault/readable-secret.ts";
import { KeyVault } from "../vault/vault.ts";
import { ClientSecret } from "./client-secret.ts";

/** A workload that still reaches Cosmos DB by a client secret. */
export interface MigratingWorkload {
  readonly name: string;
  /** Object id of the service principal of its site's identity: it alone may read the secret. */
  readonly readerId: pulumi.Output<string>;
}

/** What the client secrets of a deployment are made from. */
export interface ClientSecretsArgs {
  readonly workloads: readonly MigratingWorkload[];
  readonly names: Pick<DeploymentNames, "vault" | "inDirectory">;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Object id of whoever deploys: it owns the registrations. */
  readonly deployerId: string;
  /** `YYYY-MM-DD`: decides which secrets exist. */
  readonly today: string;
  /** Whether a deployment may delete the vault. */
  readonly protect: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A client secret where its workload finds it. */
export interface PlacedSecret {
  readonly vaultUri: pulumi.Output<string>;
  /** In the vault. */
  readonly name: string;
  readonly clientId: pulumi.Output<string>;
  /** Object id of the service principal that holds the grants. */
  readonly principalId: pulumi.Output<string>;
  /** The day at whose beginning it ends, `YYYY-MM-DD`. */
  readonly endsOn: string;
}

/** The client secrets of workloads in migration, in a vault of their own; each is read by its own workload alone. */
export class ClientSecrets extends pulumi.ComponentResource {
  /** By the name of the workload. */
  readonly placed: ReadonlyMap<string, PlacedSecret>;

  constructor(name: string, args: ClientSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:access:ClientSecrets", name, {}, opts);
    const { names, resourceGroupName, location, subscriptionId, tenantId, deployerId, today } = args;
    const child = { parent: this };
    const { vaultId, vaultName, vaultUri } = new KeyVault(
      "vault",
      {
        vaultName: names.vault,
        resourceGroupName,
        location,
        tenantId,
        protect: args.protect,
        tags: args.tags,
      },
      child,
    );
    this.placed = new Map(
      args.workloads.map((workload) => {
        const { clientId, principalId, value, endsOn } = new ClientSecret(
          workload.name,
          { displayName: names.inDirectory(workload.name, "client-secret"), owners: [deployerId], today },
          child,
        );
        const secretName = `${workload.name}-client-secret`;
        new ReadableSecret(
          secretName,
          {
            vaultId,
            vaultName,
            resourceGroupName,
            subscriptionId,
            secretName,
            value,
            contentType: `Client secret by which ${workload.name} reaches Cosmos DB`,
            endsOn,
            readerId: workload.readerId,
          },
          child,
        );
        return [workload.name, { vaultUri, name: secretName, clientId, principalId, endsOn }] as const;
      }),
    );
    this.registerOutputs({});
  }
}

import { azureName, uniqueLetters } from "./azure-name.ts";

/** What a deployment is told apart by. */
export interface DeploymentIdentity {
  readonly project: string;
  /** The stack, not the environment: two stacks of one environment may stand in one subscription. */
  readonly stack: string;
  readonly subscriptionId: string;
}

/** The names of everything in one deployment. */
export interface DeploymentNames {
  readonly resourceGroup: string;
  readonly account: string;
  readonly plan: string;
  readonly vault: string;
  site(workload: string): string;
  /** A user-assigned identity. */
  identity(name: string): string;
  /** Display name of an application or group: one of a kind in the tenant, as recovery finds them by it. */
  inDirectory(...holder: readonly string[]): string;
}

/** Names everything in a deployment; the same identity always gives the same names. */
export function deploymentNames({ project, stack, subscriptionId }: DeploymentIdentity): DeploymentNames {
  const words = [project, stack];
  const resourceGroup = azureName("Microsoft.Resources/resourceGroups", words);
  const uniqueness = `${subscriptionId}/${resourceGroup}`.toLowerCase();
  return {
    resourceGroup,
    account: azureName("Microsoft.DocumentDB/databaseAccounts", [stack], uniqueness),
    plan: azureName("Microsoft.Web/serverfarms", words),
    vault: azureName("Microsoft.KeyVault/vaults", [stack], uniqueness),
    site: (workload) => azureName("Microsoft.Web/sites", [workload, stack], uniqueness),
    identity: (name) => azureName("Microsoft.ManagedIdentity/userAssignedIdentities", [name, ...words]),
    inDirectory: (...holder) => [...words, ...holder, uniqueLetters(uniqueness)].join("/"),
  };
}

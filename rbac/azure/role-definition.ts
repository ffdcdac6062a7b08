/** A control-plane role definition, reduced to what decides. */
export interface ControlPlaneRole {
  /** GUID. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Patterns of actions: `*` stands for any run of characters. */
  readonly actions: readonly string[];
  /** Patterns taken away from `actions` of this same role; another role may still grant them. */
  readonly notActions: readonly string[];
  /** Patterns of what the role may do with data; only services that decide by Azure RBAC, such as Key Vault, ask. */
  readonly dataActions?: readonly string[];
  /** Patterns taken away from `dataActions` of this same role. */
  readonly notDataActions?: readonly string[];
}

export interface ControlPlaneAssignment {
  /** GUID. */
  readonly id: string;
  readonly principalId: string;
  /** GUID of the role definition. */
  readonly roleDefinitionId: string;
  /** ARM id of a subscription, resource group or resource; `/` is the tenant's root. */
  readonly scope: string;
}

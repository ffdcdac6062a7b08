import type { ControlPlaneRole } from "./role-definition.ts";

const documentDb = "Microsoft.DocumentDB";
/** What every service's contributor role may do around its own resources. */
const around = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Insights/alertRules/*",
  "Microsoft.ResourceHealth/availabilityStatuses/read",
  "Microsoft.Resources/deployments/*",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.Support/*",
];

/** Where Cosmos DB keeps who may reach data, for each of its interfaces: writing there is granting oneself the data. */
const nativeRoleTypes = [
  "sqlRoleDefinitions",
  "sqlRoleAssignments",
  "mongodbRoleDefinitions",
  "mongodbUserDefinitions",
  "tableRoleDefinitions",
  "tableRoleAssignments",
  "gremlinRoleDefinitions",
  "gremlinRoleAssignments",
  "cassandraRoleDefinitions",
  "cassandraRoleAssignments",
  "mongoMIRoleDefinitions",
  "mongoMIRoleAssignments",
];

const vaults = "Microsoft.KeyVault/vaults";
const byRbacOnly =
  "Only works for key vaults that use the 'Azure role-based access control' permission model.";
/** What every Key Vault role with data actions may do around a vault. */
const aroundVaults = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Insights/alertRules/*",
  "Microsoft.Resources/deployments/*",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.Support/*",
  "Microsoft.KeyVault/checkNameAvailability/read",
  "Microsoft.KeyVault/deletedVaults/read",
  "Microsoft.KeyVault/locations/*/read",
  "Microsoft.KeyVault/operations/read",
  `${vaults}/*/read`,
];

/**
 * The built-in roles that this project meets, with their published ids and actions
 * (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles).
 */
export const builtInControlPlaneRoles: readonly ControlPlaneRole[] = [
  {
    id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    name: "Owner",
    description:
      "Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.",
    actions: ["*"],
    notActions: [],
  },
  {
    id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
    name: "Contributor",
    description:
      "Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC.",
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
      "Microsoft.Subscription/cancel/action",
      "Microsoft.Subscription/enable/action",
    ],
  },
  {
    id: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    name: "Reader",
    description: "View all resources, but does not allow you to make any changes.",
    actions: ["*/read"],
    notActions: [],
  },
  {
    id: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    name: "User Access Administrator",
    description: "Lets you manage user access to Azure resources.",
    actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
    notActions: [],
  },
  {
    id: "de139f84-1756-47ae-9be6-808fbbe84772",
    name: "Website Contributor",
    description: "Lets you manage websites, but not the web plans to which they are connected.",
    actions: [
      ...around,
      "Microsoft.Insights/components/*",
      "Microsoft.Web/certificates/*",
      "Microsoft.Web/listSitesAssignedToHostName/read",
      "Microsoft.Web/serverFarms/join/action",
      "Microsoft.Web/serverFarms/read",
      "Microsoft.Web/sites/*",
    ],
    notActions: [],
  },
  {
    id: "5bd9cd88-fe45-4216-938b-f97437e15450",
    name: "DocumentDB Account Contributor",
    description: "Can manage Azure Cosmos DB accounts.",
    actions: [
      ...around,
      `${documentDb}/databaseAccounts/*`,
      "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
    ],
    notActions: [],
  },
  {
    id: "fbdf93bf-df7d-467e-a4d2-9458aa1360c8",
    name: "Cosmos DB Account Reader Role",
    description: "Can read Azure Cosmos DB account data.",
    actions: [
      "Microsoft.Authorization/*/read",
      `${documentDb}/*/read`,
      `${documentDb}/databaseAccounts/readonlykeys/action`,
      "Microsoft.Insights/MetricDefinitions/read",
      "Microsoft.Insights/Metrics/read",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Support/*",
    ],
    notActions: [],
  },
  {
    id: "230815da-be43-4aae-9cb4-875f7bd000aa",
    name: "Cosmos DB Operator",
    description: "Lets you manage Azure Cosmos DB accounts, but not access data in them.",
    actions: [
      ...around,
      `${documentDb}/databaseAccounts/*`,
      "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
    ],
    notActions: [
      `${documentDb}/databaseAccounts/copyJobs/*`,
      `${documentDb}/databaseAccounts/dataTransferJobs/*`,
      `${documentDb}/databaseAccounts/readonlyKeys/*`,
      `${documentDb}/databaseAccounts/regenerateKey/*`,
      `${documentDb}/databaseAccounts/listKeys/*`,
      `${documentDb}/databaseAccounts/listConnectionStrings/*`,
      ...nativeRoleTypes.flatMap((type) => [
        `${documentDb}/databaseAccounts/${type}/write`,
        `${documentDb}/databaseAccounts/${type}/delete`,
      ]),
    ],
  },
  {
    id: "4633458b-17de-408a-b874-0445c86b69e6",
    name: "Key Vault Secrets User",
    description: `Read secret contents. ${byRbacOnly}`,
    actions: [],
    notActions: [],
    dataActions: [`${vaults}/secrets/getSecret/action`, `${vaults}/secrets/readMetadata/action`],
  },
  {
    id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    name: "Key Vault Secrets Officer",
    description: `Perform any action on the secrets of a key vault, except manage permissions. ${byRbacOnly}`,
    actions: aroundVaults,
    notActions: [],
    dataActions: [`${vaults}/secrets/*`],
  },
  {
    id: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    name: "Key Vault Administrator",
    description: `Perform all data plane operations on a key vault and all objects in it, including certificates, keys, and secrets. Cannot manage key vault resources or manage role assignments. ${byRbacOnly}`,
    actions: aroundVaults,
    notActions: [],
    dataActions: [`${vaults}/*`],
  },
  {
    id: "21090545-7ca7-4776-b22c-e363652d74d2",
    name: "Key Vault Reader",
    description: `Read metadata of key vaults and its certificates, keys, and secrets. Cannot read sensitive values such as secret contents or key material. ${byRbacOnly}`,
    actions: aroundVaults,
    notActions: [],
    dataActions: [`${vaults}/*/read`, `${vaults}/secrets/readMetadata/action`],
  },
];

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { guidFrom } from "../access/guid.ts";
import { program } from "../index.ts";
import { deploymentNames } from "../naming/deployment-names.ts";
import { type Recording, type Registration, recordProgram } from "./recording-monitor.ts";

export const SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
export const TENANT = "22222222-2222-4222-8222-222222222222";
export const DEPLOYER = "33333333-3333-4333-8333-333333333333";
export const SITE_IDENTITY = "44444444-4444-4444-8444-444444444444";
export const GROUP = "rg-keyless-cosmos-dev";
export const ACCOUNT_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/account`;
export const CONTAINER = "azure-native:cosmosdb:SqlResourceSqlContainer";
export const ASSIGNMENT = "azure-native:cosmosdb:SqlResourceSqlRoleAssignment";

/** Of Azure Cosmos DB's scope user_impersonation in this tenant. */
export const COSMOS_SCOPE_ID = "55555555-5555-4555-8555-555555555555";

/** The display name of what this stack makes in the directory. */
export const inDirectory = deploymentNames({
  project: "keyless-cosmos",
  stack: "dev",
  subscriptionId: SUBSCRIPTION,
}).inDirectory;

/** The object or client id that this cloud gives whatever is named; the same every time. */
export function objectIdOf(name: string): string {
  return guidFrom(["dev-stack", name]);
}

type Settings = Record<string, unknown>;

/** The settings of dev, in the form in which Pulumi hands them over. */
export function configuration(changes: Settings = {}): Record<string, string> {
  const file = readFileSync(join(import.meta.dirname, "..", "..", "Pulumi.dev.yaml"), "utf8");
  const settings: Settings = { ...(parse(file) as { config: Settings }).config, ...changes };
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Runs the whole program on the settings of dev, with some of them changed. */
export const run = (changes?: Settings): Promise<Recording<Awaited<ReturnType<typeof program>>>> =>
  recordProgram(program, {
    configuration: configuration(changes),
    invoke: (token, args) => {
      switch (token) {
        case "azuread:index/getUser:getUser":
          return { objectId: objectIdOf(String(args.userPrincipalName)) };
        case "azuread:index/getServicePrincipal:getServicePrincipal":
          return { oauth2PermissionScopes: [{ value: "user_impersonation", id: COSMOS_SCOPE_ID }] };
        default:
          return { objectId: DEPLOYER, subscriptionId: SUBSCRIPTION, tenantId: TENANT };
      }
    },
    id: (type, inputs) => {
      if (type.endsWith(":DatabaseAccount")) return ACCOUNT_ID;
      const name = inputs.roleDefinitionId ?? inputs.name ?? "x";
      return type.endsWith("RoleDefinition")
        ? `${ACCOUNT_ID}/sqlRoleDefinitions/${name}`
        : `/subscriptions/${type}/${name}`;
    },
    outputs: (type, inputs) => {
      switch (type) {
        case "azure-native:resources:ResourceGroup":
          return { name: inputs.resourceGroupName };
        case "azure-native:cosmosdb:DatabaseAccount":
          return { name: inputs.accountName, documentEndpoint: "https://localhost:7001/" };
        case "azure-native:cosmosdb:SqlResourceSqlDatabase":
          return { name: inputs.databaseName };
        case CONTAINER:
          return { name: inputs.containerName };
        case ASSIGNMENT:
          return { name: inputs.roleAssignmentId };
        case "azure-native:web:WebApp":
          return {
            identity: { type: "SystemAssigned", principalId: SITE_IDENTITY },
            defaultHostName: "localhost:7002",
            hostNameSslStates: [
              { name: "localhost:7002", hostType: "Standard" },
              { name: "localhost:7003", hostType: "Repository" },
            ],
          };
        case "azuread:index/application:Application":
          return {
            clientId: objectIdOf(`client ${inputs.displayName}`),
            objectId: objectIdOf(`application ${inputs.displayName}`),
          };
        case "azuread:index/servicePrincipal:ServicePrincipal":
          return { objectId: objectIdOf(`principal ${inputs.clientId}`) };
        case "azuread:index/group:Group":
          return { objectId: objectIdOf(`group ${inputs.displayName}`) };
        case "azuread:index/applicationPassword:ApplicationPassword":
          return { value: `value ${inputs.displayName}` };
        case "azure-native:managedidentity:UserAssignedIdentity":
          return {
            name: inputs.resourceName,
            clientId: objectIdOf(`client ${inputs.resourceName}`),
            principalId: objectIdOf(`principal ${inputs.resourceName}`),
          };
        case "azure-native:keyvault:Vault":
          return {
            name: inputs.vaultName,
            properties: { ...(inputs.properties as object), vaultUri: "https://localhost:7004/" },
          };
        default:
          return {};
      }
    },
  });

/** What was registered of one type, sorted by name: independent resources register in any order. */
export const ofType = ({ registrations }: Recording<unknown>, type: string): Registration[] =>
  registrations
    .filter((registration) => registration.type === type)
    .toSorted((left, right) => left.name.localeCompare(right.name, "en"));
/** The one resource of a type. */
export const only = (recording: Recording<unknown>, type: string): Registration => {
  const [first, ...rest] = ofType(recording, type);
  if (first === undefined || rest.length > 0) throw new Error(`expected one ${type}`);
  return first;
};

/** What everything taggable is tagged with. */
export const tags = { environment: "dev", project: "keyless-cosmos", stack: "dev" };

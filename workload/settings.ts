import { type AccessSettings, readAccessSettings } from "./access/access-settings.ts";
import { type CallerSettings, readCallerSettings } from "./callers/caller-settings.ts";

/** A container that the deployment declares; whether this workload may reach it is for Cosmos DB to decide. */
export interface DeclaredContainer {
  readonly database: string;
  readonly name: string;
  /** Paths, for example `["/tenantId", "/orderId"]`. */
  readonly partitionKey: readonly string[];
}

export interface WorkloadSettings {
  readonly port: number;
  /** The account's endpoint, under the name that Azure Service Connector gives it. */
  readonly endpoint: string;
  /** The scope of the token to ask for where the account's own is unknown to the directory. */
  readonly scope: string;
  readonly containers: readonly DeclaredContainer[];
  readonly callers: CallerSettings;
  readonly access: AccessSettings;
}

/** The environment lacks what the workload needs; the message lists every fault. */
export class SettingsFault extends Error {}

/**
 * Reads the workload's settings from its environment.
 *
 * @throws SettingsFault that lists every missing or unreadable variable.
 */
export function readSettings(environment: NodeJS.ProcessEnv): WorkloadSettings {
  const faults: string[] = [];
  const endpoint = environment.AZURE_COSMOS_RESOURCEENDPOINT ?? "";
  const scope = environment.AZURE_COSMOS_SCOPE ?? "https://cosmos.azure.com/.default";
  const port = Number(environment.PORT ?? 8080);
  if (!URL.canParse(endpoint)) faults.push("AZURE_COSMOS_RESOURCEENDPOINT must hold the account's endpoint");
  if (!Number.isInteger(port)) faults.push("PORT must be a number");
  const containers = readContainers(environment.COSMOS_CONTAINERS, faults);
  const callers = readCallerSettings(environment, faults);
  const access = readAccessSettings(environment, faults);
  if (faults.length > 0)
    throw new SettingsFault(`The settings of the workload are wrong: ${faults.join("; ")}.`);
  return { port, endpoint, scope, containers, callers, access };
}

function readContainers(text: string | undefined, faults: string[]): readonly DeclaredContainer[] {
  try {
    const list: unknown = JSON.parse(text ?? "");
    if (Array.isArray(list) && list.every(isContainer)) return list;
  } catch {
    // Told below together with a list of the wrong shape: both are mended the same way.
  }
  faults.push(
    'COSMOS_CONTAINERS must hold JSON such as [{"database":"d","name":"c","partitionKey":["/id"]}]',
  );
  return [];
}

function isContainer(value: unknown): value is DeclaredContainer {
  const { database, name, partitionKey } = (value ?? {}) as Partial<DeclaredContainer>;
  return (
    typeof database === "string" &&
    typeof name === "string" &&
    Array.isArray(partitionKey) &&
    partitionKey.every((path) => typeof path === "string")
  );
}

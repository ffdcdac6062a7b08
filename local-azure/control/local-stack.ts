import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { z } from "zod";
import { UserError } from "../core/user-error.ts";

/** Provider settings that say nothing of where or as whom to deploy; every other one of these providers is refused. */
const harmlessProviderKeys = new Set([
  "azure-native:location",
  "azure-native:disablePulumiPartnerId",
  "azuread:disableTerraformPartnerId",
]);
const providerKey = /^(azure-native|azuread|azure|azapi):/;

/** The stack of the local cloud: never `dev`, so that a forgotten `exec --` cannot reach a real environment. */
export function localStackName(example?: string): string {
  return example === undefined ? "local" : `local-${example}`;
}

/**
 * Writes `Pulumi.<stack>.yaml` of the local stack from the `config:` block of `source`, and of nothing else in it: a
 * secrets provider or salt of another environment stays where it is.
 *
 * @param salt the local stack's own `encryptionsalt`; undefined while the stack has not been made, which makes one.
 * @throws UserError LA-STACK-CONFIG that lists every value which may not reach the local stack.
 */
export function writeLocalStackFile(
  projectFolder: string,
  source: string,
  stack: string,
  salt: string | undefined,
): void {
  const config = readConfig(source);
  const text = stringify({ ...(salt === undefined ? {} : { encryptionsalt: salt }), config });
  const target = join(projectFolder, `Pulumi.${stack}.yaml`);
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) writeFileSync(target, text);
}

const stateSchema = z.object({
  checkpoint: z.object({
    latest: z.object({ secrets_providers: z.object({ state: z.object({ salt: z.string() }) }) }).nullish(),
  }),
});

/** The salt that a stack's state in a file backend was made with; undefined when it keeps none. */
export function saltOfState(stateFile: string): string | undefined {
  const state = stateSchema.safeParse(JSON.parse(readFileSync(stateFile, "utf8")));
  return state.data?.checkpoint.latest?.secrets_providers.state.salt;
}

function readConfig(source: string): Record<string, unknown> {
  const document = parseDocument(readFileSync(source, "utf8"));
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw new UserError(
      "LA-STACK-CONFIG",
      `${source} is not YAML: ${fault.message}`,
      "Mend the line it names.",
    );
  }
  const config = ((document.toJS() ?? {}) as { config?: Record<string, unknown> }).config ?? {};
  const faults = Object.entries(config).flatMap(([key, value]) => refusals(key, value));
  if (faults.length > 0) {
    throw new UserError(
      "LA-STACK-CONFIG",
      `${source} holds settings that the local stack must not take over:\n${faults.map((text) => `  - ${text}`).join("\n")}`,
      "Put them into the environment's own stack file or its credentials, or name another source.",
    );
  }
  return config;
}

function refusals(key: string, value: unknown): string[] {
  const faults: string[] = [];
  if (providerKey.test(key) && !harmlessProviderKeys.has(key)) {
    faults.push(`${key}: it chooses an endpoint, tenant, subscription or credential`);
  }
  for (const path of securePaths(value, key)) faults.push(`${path}: a secret of another environment`);
  return faults;
}

function securePaths(value: unknown, path: string): string[] {
  if (value === null || typeof value !== "object") return [];
  if ("secure" in value && Object.keys(value).length === 1) return [path];
  return Object.entries(value).flatMap(([name, child]) => securePaths(child, `${path}.${name}`));
}

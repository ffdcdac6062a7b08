import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { UserError } from "../core/user-error.ts";

/** Provider settings that say nothing of where or as whom to deploy; every other one of these providers is refused. */
const harmlessProviderKeys = new Set(["azure-native:location", "azure-native:disablePulumiPartnerId"]);
const providerKey = /^(azure-native|azuread|azure|azapi):/;

/** The stack of the local cloud: never `dev`, so that a forgotten `exec --` cannot reach a real environment. */
export function localStackName(example?: string): string {
  return example === undefined ? "local" : `local-${example}`;
}

/**
 * Writes `Pulumi.<stack>.yaml` of the local stack from the `config:` block of `source`, and of nothing else in it: a
 * secrets provider or salt of another environment stays where it is.
 *
 * @param keep whether what Pulumi itself added to the local file stays: its salt belongs to one stack and one passphrase,
 * so it goes when the stack is made anew.
 * @throws UserError LA-STACK-CONFIG that lists every value which may not reach the local stack.
 */
export function writeLocalStackFile(
  projectFolder: string,
  source: string,
  stack: string,
  keep: boolean,
): void {
  const config = readConfig(source);
  const target = join(projectFolder, `Pulumi.${stack}.yaml`);
  const before = existsSync(target) ? readFileSync(target, "utf8") : "";
  const kept = keep ? ((parseDocument(before).toJS() ?? {}) as Record<string, unknown>) : {};
  const text = stringify({ ...kept, config });
  if (text !== before) writeFileSync(target, text);
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

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { faultText } from "./look.ts";

const deadlineMs = 10_000;
const manifestSchema = z.object({ version: z.string() });
const newestFile = join(import.meta.dirname, "..", "newest-versions.json");
const newestSchema = z.object({ dated: z.iso.date(), versions: z.record(z.string(), z.string()) });

/** A library that opens the account, as it is installed and as it could be. */
export interface InstalledPackage {
  readonly name: string;
  readonly installed: string;
  readonly newest: string;
  /** Where `newest` is from: the list of a day, or the registry. */
  readonly source: string;
}

/** What is installed of the Cosmos and identity libraries; what is missing from `packages` is not installed. */
export interface Packages {
  readonly project: string;
  readonly packages: readonly InstalledPackage[];
  /** Why the registry told nothing, when it was asked. */
  readonly registryFault?: string;
}

/**
 * Compares the libraries installed for `project` with the newest ones: those of the dated file, or, when `online`, those
 * that the registry of the environment names.
 */
export async function readPackages(
  project: string,
  online: boolean,
  environment: NodeJS.ProcessEnv,
): Promise<Packages> {
  const newest = newestSchema.parse(JSON.parse(readFileSync(newestFile, "utf8")));
  const faults: string[] = [];
  const packages: InstalledPackage[] = [];
  for (const [name, filed] of Object.entries(newest.versions)) {
    const installed = installedVersion(project, name);
    if (installed === undefined) continue;
    const dated = { name, installed, newest: filed, source: `the list of ${newest.dated}` };
    if (!online) {
      packages.push(dated);
      continue;
    }
    try {
      packages.push({ ...dated, newest: await askRegistry(name, environment), source: "the registry" });
    } catch (error) {
      faults.push(faultText(error));
      packages.push(dated);
    }
  }
  const [registryFault] = faults;
  return { project, packages, ...(registryFault === undefined ? {} : { registryFault }) };
}

/** The version that a program in `folder` would get, found as Node finds it. */
function installedVersion(folder: string, name: string): string | undefined {
  try {
    const manifest = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
    return manifestSchema.parse(JSON.parse(manifest)).version;
  } catch {
    const above = dirname(folder);
    return above === folder ? undefined : installedVersion(above, name);
  }
}

async function askRegistry(name: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const registry = (environment.npm_config_registry ?? "https://registry.npmjs.org").replace(/\/+$/, "");
  const response = await fetch(`${registry}/${name.replace("/", "%2F")}/latest`, {
    signal: AbortSignal.timeout(deadlineMs),
  });
  if (!response.ok) throw new Error(`${registry} answered ${response.status}`);
  return manifestSchema.parse(await response.json()).version;
}

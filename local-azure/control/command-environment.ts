import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { z } from "zod";
import type { RunningCloud } from "./running-cloud.ts";
import { projectFolder, type StateFolder } from "./state-folder.ts";

/** Variables that could point a command at another cloud, tenant, backend or identity. */
const foreign = /^(ARM|AZURE|PULUMI|MSI|IDENTITY)_/i;
const proxies = /^(https?|all)_proxy$/i;

const deployerSchema = z.object({
  clientId: z.uuid(),
  clientSecret: z.string().min(1),
  principalId: z.uuid(),
});

const developerSchema = z.object({ userPrincipalName: z.string().min(1), password: z.string().min(1) });

export interface CommandEnvironmentOptions {
  readonly folder: StateFolder;
  readonly cloud: RunningCloud;
  /** Folders put in front of PATH: the engine, the language host. */
  readonly binFolders: readonly string[];
  readonly pulumiHome: string;
  readonly plugins: "local" | "official";
  readonly base?: NodeJS.ProcessEnv;
}

/**
 * The environment in which a command sees the local cloud and nothing of a real one: the caller's variables without
 * any that choose a cloud, tenant, credential or Pulumi backend, and ours instead.
 */
export function commandEnvironment(options: CommandEnvironmentOptions): NodeJS.ProcessEnv {
  const { folder, cloud } = options;
  const base = options.base ?? process.env;
  const kept = Object.entries(base).filter(([name]) => !foreign.test(name) && !proxies.test(name));
  const { clientId, clientSecret } = deployerSchema.parse(
    JSON.parse(readFileSync(folder.deployerFile, "utf8")),
  );
  const developer = developerSchema.parse(JSON.parse(readFileSync(folder.developerFile, "utf8")));
  const host = new URL(cloud.origin).host;
  mkdirSync(folder.backend, { recursive: true, mode: 0o700 });
  mkdirSync(folder.azureConfig, { recursive: true, mode: 0o700 });
  registerWithAzureCli(folder, cloud);
  return {
    // The engine starts a program and two plugins for every command: the compiled modules of the last one are at hand.
    NODE_COMPILE_CACHE: folder.compileCache,
    ...Object.fromEntries(kept),
    PATH: [...options.binFolders, join(projectFolder, "node_modules", ".bin"), base.PATH ?? ""].join(
      delimiter,
    ),
    ARM_SUBSCRIPTION_ID: cloud.subscriptionId,
    ARM_TENANT_ID: cloud.tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    ARM_METADATA_HOSTNAME: host,
    ARM_DISABLE_INSTANCE_DISCOVERY: "true",
    AZURE_SUBSCRIPTION_ID: cloud.subscriptionId,
    AZURE_TENANT_ID: cloud.tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_AUTHORITY_HOST: cloud.origin,
    // Nothing here may look for a virtual machine's metadata service at its real address.
    AZURE_POD_IDENTITY_AUTHORITY_HOST: cloud.origin,
    AZURE_CONFIG_DIR: folder.azureConfig,
    NODE_EXTRA_CA_CERTS: folder.authorityFile,
    SSL_CERT_FILE: folder.bundleFile,
    REQUESTS_CA_BUNDLE: folder.bundleFile,
    CURL_CA_BUNDLE: folder.bundleFile,
    NO_PROXY: "localhost,127.0.0.1,::1",
    no_proxy: "localhost,127.0.0.1,::1",
    PULUMI_HOME: options.pulumiHome,
    PULUMI_BACKEND_URL: `file://${folder.backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase(folder),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(options.plugins === "local" ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
    LOCAL_AZURE_HOME: folder.root,
    // As whom smoke tests sign in where they try what a person may do.
    SMOKE_PERSON_USERNAME: developer.userPrincipalName,
    SMOKE_PERSON_PASSWORD: developer.password,
  };
}

function passphrase(folder: StateFolder): string {
  if (!existsSync(folder.passphraseFile)) {
    writeFileSync(folder.passphraseFile, randomBytes(32).toString("base64url"), { mode: 0o600 });
    chmodSync(folder.passphraseFile, 0o600);
  }
  return readFileSync(folder.passphraseFile, "utf8");
}

/** The az CLI reads its clouds from an INI file; `az cloud register` writes this same section. */
function registerWithAzureCli(folder: StateFolder, cloud: RunningCloud): void {
  const clouds = `[LocalAzure]
endpoint_active_directory = ${cloud.origin}
endpoint_active_directory_resource_id = ${cloud.origin}
endpoint_active_directory_graph_resource_id = ${cloud.origin}/graph
endpoint_microsoft_graph_resource_id = ${cloud.origin}/graph
endpoint_resource_manager = ${cloud.origin}
endpoint_management = ${cloud.origin}
suffix_keyvault_dns = .vault.localhost
`;
  const config = `[cloud]
name = LocalAzure

[core]
instance_discovery = false
collect_telemetry = false
`;
  writeFileSync(join(folder.azureConfig, "clouds.config"), clouds, { mode: 0o600 });
  writeFileSync(join(folder.azureConfig, "config"), config, { mode: 0o600 });
}

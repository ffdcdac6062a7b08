import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** The clone that this code stands in. */
export const projectFolder = join(import.meta.dirname, "..", "..");

/** Where the files of one clone's local cloud lie. */
export interface StateFolder {
  readonly root: string;
  /** What the running process says of itself; readable by its owner only, as it holds the control token. */
  readonly processFile: string;
  readonly logFile: string;
  readonly requestLog: string;
  readonly signInLog: string;
  readonly deployerFile: string;
  /** User name and password of the developer, the person that every local cloud has. */
  readonly developerFile: string;
  readonly authorityFile: string;
  /** The system's roots and ours, for clients that take a whole bundle. */
  readonly bundleFile: string;
  readonly startLock: string;
  readonly backend: string;
  readonly passphraseFile: string;
  readonly azureConfig: string;
  /** Node's cache of compiled modules; made anew where it is missing or stale. */
  readonly compileCache: string;
}

/**
 * The state folder of this clone, or of `LOCAL_AZURE_HOME` when that is set; made on demand, open to its owner only.
 */
export function openStateFolder(environment: NodeJS.ProcessEnv = process.env): StateFolder {
  const root = environment.LOCAL_AZURE_HOME ?? join(projectFolder, ".local-azure");
  const inside = (name: string) => join(root, name);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o700);
  return {
    root,
    processFile: inside("process.json"),
    logFile: inside("cloud.log"),
    requestLog: inside("requests.jsonl"),
    signInLog: inside("sign-ins.jsonl"),
    deployerFile: inside("deployer.json"),
    developerFile: inside("developer.json"),
    authorityFile: inside("ca.crt"),
    bundleFile: inside("trust-bundle.pem"),
    startLock: inside("start.lock"),
    backend: inside("pulumi-state"),
    passphraseFile: inside("passphrase"),
    azureConfig: inside("azure-cli"),
    compileCache: inside("compile-cache"),
  };
}

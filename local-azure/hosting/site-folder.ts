import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Where the files of one site lie; all of it is open to its owner only. */
export interface SiteFolder {
  readonly root: string;
  /** `HOME` of the site's process. */
  readonly home: string;
  /** `TMPDIR` of the site's process. */
  readonly temporary: string;
  /** First on the `PATH` of the site's process. */
  readonly programs: string;
  /** One folder a deployment; what the process runs from is the active one. */
  readonly releases: string;
  /** Packages and releases that are not complete yet. */
  readonly staging: string;
  readonly logFile: string;
}

/** @param key the site's name in lower case. */
export function siteFolder(stateDirectory: string, key: string): SiteFolder {
  const root = join(stateDirectory, "sites", key);
  const inside = (name: string) => join(root, name);
  return {
    root,
    home: inside("home"),
    temporary: inside("tmp"),
    programs: inside("bin"),
    releases: inside("releases"),
    staging: inside("staging"),
    logFile: inside("log.txt"),
  };
}

/** Makes the folders that are not there yet. */
export function prepareSiteFolder(folder: SiteFolder): void {
  const { root, home, temporary, programs, releases, staging } = folder;
  for (const path of [root, home, temporary, programs, releases, staging]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  }
}

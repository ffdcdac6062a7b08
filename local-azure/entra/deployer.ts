import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Platform } from "../core/platform.ts";
import type { Directory, DirectoryObject } from "./directory.ts";

/** The service principal that `exec` gives to commands: owner of the subscription, administrator of the directory. */
export interface Deployer {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Object id of its service principal. */
  readonly principalId: string;
}

const fileSchema = z.object({ clientId: z.uuid(), clientSecret: z.string().min(1), principalId: z.uuid() });
const displayName = "local-azure-deployer";
const renewBeforeMs = 30 * 86_400_000;

/**
 * The deployer, made at first start. Its secret stands in `deployer.json` of the state folder (0600) and nowhere else;
 * when that file is lost or its secret no longer good, the old secrets go and a new one is written.
 */
export function openDeployer(platform: Platform, directory: Directory): Deployer {
  const file = join(platform.directory, "deployer.json");
  const principal = findDeployer(platform, directory) ?? createDeployer(platform, directory);
  const kept = readFile(file);
  if (kept?.principalId === principal.id && isGood(kept, platform, directory)) return kept;
  const { passwords } = directory;
  for (const { keyId } of passwords.of(principal.id)) passwords.remove(principal.id, keyId);
  const { secretText } = passwords.add(principal.id, { displayName: "deployer.json" });
  const deployer = { clientId: principal.appId ?? "", clientSecret: secretText, principalId: principal.id };
  writeFileSync(`${file}.new`, `${JSON.stringify(deployer, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return deployer;
}

function findDeployer({ store }: Platform, directory: Directory): DirectoryObject | undefined {
  store.addSchema("CREATE TABLE IF NOT EXISTS deployer (principal_id TEXT NOT NULL) STRICT");
  const row = store.database.prepare("SELECT principal_id FROM deployer").get();
  return row === undefined ? undefined : directory.find(String(row.principal_id));
}

function createDeployer({ store }: Platform, directory: Directory): DirectoryObject {
  return store.transaction(() => {
    const { appId } = directory.create({ type: "application", displayName });
    const principal = directory.create({
      type: "servicePrincipal",
      displayName,
      appId,
      isDirectoryAdministrator: true,
    });
    store.database.exec("DELETE FROM deployer");
    store.database.prepare("INSERT INTO deployer (principal_id) VALUES (?)").run(principal.id);
    return principal;
  });
}

function isGood(kept: Deployer, { clock }: Platform, { passwords }: Directory): boolean {
  if (passwords.check([kept.principalId], kept.clientSecret) !== "valid") return false;
  const end = passwords.of(kept.principalId).map((password) => Date.parse(password.endDateTime));
  return Math.max(...end) - clock.nowMs() > renewBeforeMs;
}

function readFile(file: string): Deployer | undefined {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Platform } from "../core/platform.ts";
import { tenantDomain } from "../core/tenancy.ts";
import type { Directory, DirectoryObject } from "./directory.ts";

/** The one person that every local cloud has, so that signing in as somebody can be tried at once. */
export interface Developer {
  readonly userPrincipalName: string;
  readonly password: string;
  readonly objectId: string;
  /** When the directory took the password; unknown where another command has written the file. */
  readonly passwordSetAt?: string | undefined;
}

const fileSchema = z.object({
  userPrincipalName: z.string().min(1),
  password: z.string().min(1),
  objectId: z.uuid(),
  passwordSetAt: z.string().optional(),
});
const mailNickname = "developer";
const userPrincipalName = `${mailNickname}@${tenantDomain}`;
const displayName = "Local Developer";
/** 192 random bits. */
const passwordBytes = 24;

/**
 * The developer, made at first start and again after somebody deleted them. Their password stands in `developer.json` of
 * the state folder (0600) and nowhere else; when that file is lost or its password is no longer the one, they get a new
 * one. Hashing is slow by intent: a password that was set at the time that the file tells is not compared again.
 */
export function openDeveloper(platform: Platform, directory: Directory): Developer {
  const file = join(platform.directory, "developer.json");
  const user = directory.findUser(userPrincipalName) ?? createDeveloper(directory);
  const { userPasswords } = directory;
  const setAt = () => userPasswords.setAt(user.id)?.toISOString();
  const kept = readFile(file);
  const isTheirs = kept?.objectId === user.id;
  if (isTheirs && kept.passwordSetAt !== undefined && kept.passwordSetAt === setAt()) return kept;
  const isGood = isTheirs && userPasswords.check(user.id, kept.password);
  const password = isGood ? kept.password : platform.ids.token(passwordBytes);
  if (!isGood) userPasswords.set(user.id, password);
  const developer = { userPrincipalName, password, objectId: user.id, passwordSetAt: setAt() };
  writeFileOf(file, developer);
  return developer;
}

/** After `credential` got a new password: where it is the developer's, their file gets it too. */
export function keepDeveloperPassword(stateDirectory: string, credential: Developer): void {
  const file = join(stateDirectory, "developer.json");
  if (readFile(file)?.objectId === credential.objectId) writeFileOf(file, credential);
}

function writeFileOf(file: string, developer: Developer): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(developer, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function createDeveloper(directory: Directory): DirectoryObject {
  return directory.create({
    type: "user",
    displayName,
    properties: { userPrincipalName, mailNickname, mail: userPrincipalName },
  });
}

function readFile(file: string): Developer | undefined {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

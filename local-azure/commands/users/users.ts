import { changeState } from "../../control/state-change.ts";
import { openStateFolder } from "../../control/state-folder.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { openMovableClock } from "../../core/movable-clock.ts";
import { loadTenancy, tenantDomain } from "../../core/tenancy.ts";
import { UserError } from "../../core/user-error.ts";
import { keepDeveloperPassword } from "../../entra/developer.ts";
import { type Directory, type DirectoryObject, openDirectory } from "../../entra/directory.ts";
import { handOver, type PersonCredential } from "./password-output.ts";

interface Output {
  readonly json: boolean;
}

interface PasswordOptions extends Output {
  /** A file for the password; without it, it is printed to a terminal. */
  readonly out?: string;
}

/** 192 random bits. */
const passwordBytes = 24;

/** Prints the people of the local directory. */
export async function listUsers({ json }: Output): Promise<void> {
  const people = await withDirectory((directory) =>
    directory.list("user").map(({ id, displayName, accountEnabled, properties }) => ({
      userPrincipalName: String(properties.userPrincipalName ?? ""),
      displayName,
      objectId: id,
      accountEnabled,
      groups: directory.groupsOf(id).map((group) => directory.find(group)?.displayName ?? group),
    })),
  );
  people.sort((one, other) => one.userPrincipalName.localeCompare(other.userPrincipalName));
  if (json) console.log(JSON.stringify(people));
  else if (people.length === 0) console.log("The directory has no people.");
  else {
    for (const { userPrincipalName, displayName, objectId, accountEnabled, groups } of people) {
      const notes = [...(accountEnabled ? [] : ["disabled"]), ...groups.map((name) => `in ${name}`)];
      console.log([userPrincipalName, objectId, displayName, ...notes].join("  "));
    }
  }
}

/** Adds a person with a password that is made here. */
export async function addUser(
  userPrincipalName: string,
  { displayName, out, json }: PasswordOptions & { readonly displayName?: string },
): Promise<void> {
  checkName(userPrincipalName);
  const [mailNickname = ""] = userPrincipalName.split("@");
  const added = await handOver(out, () =>
    withDirectory((directory) => {
      if (directory.findUser(userPrincipalName) !== undefined) {
        throw new UserError(
          "LA-USER-EXISTS",
          `There is a person called ${userPrincipalName} already.`,
          `local-azure users password ${userPrincipalName} gives them a new password.`,
        );
      }
      const user = directory.create({
        type: "user",
        displayName: displayName ?? mailNickname,
        properties: { userPrincipalName, mailNickname, mail: userPrincipalName },
      });
      return renewPassword(directory, user);
    }),
  );
  print("Added", added, json);
}

/** Gives a person another password, which is made here, in the place of theirs. */
export async function resetPassword(
  userPrincipalName: string,
  { out, json }: PasswordOptions,
): Promise<void> {
  const changed = await handOver(out, () =>
    withDirectory((directory) => {
      const credential = renewPassword(directory, requireUser(directory, userPrincipalName));
      keepDeveloperPassword(openStateFolder().root, credential);
      return credential;
    }),
  );
  print("Changed", changed, json);
}

/** Deletes a person for good, with their memberships; role assignments that name them stay, as on Azure. */
export async function removeUser(userPrincipalName: string, { json }: Output): Promise<void> {
  const removed = await withDirectory((directory) => {
    const { id } = requireUser(directory, userPrincipalName);
    directory.delete(id);
    return { userPrincipalName, objectId: id };
  });
  print("Removed", removed, json);
}

function withDirectory<T>(work: (directory: Directory) => T): Promise<T> {
  return changeState(openStateFolder(), (store) => {
    const clock = openMovableClock(store, systemClock);
    const { tenantId } = loadTenancy(store, randomIds);
    return store.transaction(() => work(openDirectory({ store, clock, ids: randomIds, tenantId })));
  });
}

function renewPassword(directory: Directory, { id, properties }: DirectoryObject): PersonCredential {
  const password = randomIds.token(passwordBytes);
  directory.userPasswords.set(id, password);
  return { userPrincipalName: String(properties.userPrincipalName), password, objectId: id };
}

function requireUser(directory: Directory, userPrincipalName: string): DirectoryObject {
  const user = directory.findUser(userPrincipalName);
  if (user !== undefined) return user;
  const known = directory.list("user").map(({ properties }) => String(properties.userPrincipalName));
  throw new UserError(
    "LA-USER-UNKNOWN",
    `There is no person called ${userPrincipalName}.`,
    `Use one of: ${known.sort().join(", ") || "(the directory has no people)"}.`,
  );
}

const nameForm = /^[\w.'!#^~-]{1,64}@([\w.-]+)$/;

function checkName(userPrincipalName: string): void {
  const domain = nameForm.exec(userPrincipalName)?.[1];
  if (domain?.toLowerCase() === tenantDomain) return;
  throw new UserError(
    "LA-USER-NAME",
    domain === undefined
      ? `"${userPrincipalName}" is not a user principal name.`
      : `The directory has no domain ${domain}.`,
    `Write <name>@${tenantDomain}.`,
  );
}

function print(
  what: string,
  { userPrincipalName, objectId, password, file }: Partial<PersonCredential> & { readonly file?: string },
  json: boolean,
): void {
  if (json) {
    console.log(JSON.stringify({ userPrincipalName, objectId, password, file }));
    return;
  }
  console.log(`${what}: ${userPrincipalName} (${objectId})`);
  if (password !== undefined) console.log(`Password: ${password}\nIt is not shown again.`);
  if (file !== undefined) console.log(`Password in ${file}`);
}

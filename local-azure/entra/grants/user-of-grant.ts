import type { Directory, DirectoryObject } from "../directory.ts";
import { requireEnabledUser } from "../sign-in/person.ts";
import { invalidGrant } from "../tokens/token-error.ts";

/**
 * The user who agreed earlier, as they are now.
 *
 * @throws TokenError 50173 when they are gone, 50057 when their account is disabled.
 */
export function userOfGrant(directory: Directory, userId: string): DirectoryObject {
  const user = directory.find(userId);
  if (user?.type !== "user") {
    throw invalidGrant(
      50173,
      "The provided grant has expired due to it being revoked, and a fresh auth token is needed. The user who agreed to it is not in the directory any more.",
    );
  }
  requireEnabledUser(user);
  return user;
}

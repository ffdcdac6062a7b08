import type { Directory, DirectoryObject } from "../directory.ts";
import { invalidGrant, quotable } from "../tokens/token-error.ts";

/**
 * The user who signs in with user principal name and password.
 *
 * @throws TokenError 50034 for an unknown user, 50126 for a wrong password, 50057 for a disabled account.
 */
export function signInPerson(
  directory: Directory,
  tenantId: string,
  userName: string,
  password: string,
): DirectoryObject {
  const user = directory.findUser(userName.trim());
  if (user === undefined) {
    throw invalidGrant(
      50034,
      `The user account ${quotable(userName, 100)} does not exist in the ${tenantId} directory. To sign into this application, the account must be added to the directory.`,
    );
  }
  if (!directory.userPasswords.check(user.id, password)) {
    throw invalidGrant(50126, "Error validating credentials due to invalid username or password.");
  }
  requireEnabledUser(user);
  return user;
}

/** @throws TokenError 50057. */
export function requireEnabledUser(user: DirectoryObject): void {
  if (user.accountEnabled) return;
  throw invalidGrant(50057, "The user account is disabled.");
}

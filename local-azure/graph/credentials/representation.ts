import type { StoredKeyCredential } from "../../entra/directory/key-credentials.ts";
import type { Directory, DirectoryObject } from "../../entra/directory.ts";
import type { PasswordCredential } from "../../entra/passwords.ts";
import type { Properties } from "../properties.ts";
import type { Replication } from "../replication.ts";

export interface CredentialContext {
  readonly directory: Directory;
  readonly replication: Replication;
}

/** A secret as Graph shows it after it was made: without its text. */
export function representPassword(password: PasswordCredential): Properties {
  const { keyId, displayName, hint, startDateTime, endDateTime } = password;
  return {
    customKeyIdentifier: null,
    displayName,
    endDateTime,
    hint,
    keyId,
    secretText: null,
    startDateTime,
  };
}

/** A certificate as Graph shows it; its `key` is shown only where one object is read with `$select=keyCredentials`. */
export function representKey(credential: StoredKeyCredential, key: string | null = null): Properties {
  const { customKeyIdentifier, displayName, endDateTime, keyId, startDateTime, type, usage } = credential;
  return { customKeyIdentifier, displayName, endDateTime, key, keyId, startDateTime, type, usage };
}

export function shownPasswords({ id }: DirectoryObject, context: CredentialContext): readonly Properties[] {
  return context.directory.passwords.of(id).filter(hasReached(context)).map(representPassword);
}

export function shownKeys({ id }: DirectoryObject, context: CredentialContext): readonly Properties[] {
  return context.directory.keyCredentials
    .of(id)
    .filter(hasReached(context))
    .map((credential) => representKey(credential));
}

function hasReached({ replication }: CredentialContext) {
  return ({ createdDateTime }: { readonly createdDateTime: string }) =>
    replication.hasReached(createdDateTime);
}

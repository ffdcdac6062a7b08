import type { NewPassword } from "../../entra/passwords.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest } from "../graph-error.ts";
import { addressed } from "../objects.ts";
import { isObject, type Properties, readProperties, type Shape } from "../properties.ts";
import { requireNoManagedIdentity } from "../service-principals/managed-identities.ts";
import { representPassword } from "./representation.ts";
import { readTime } from "./times.ts";

type Holder = "application" | "servicePrincipal";

/** `addPassword`: the only answer that ever holds the secret's text. @throws GraphError 400, 403 for a managed identity. */
export function addPassword(type: Holder) {
  return (call: GraphCall): GraphAnswer => {
    const { directory, base, body } = call;
    const holder = addressed(call, type);
    requireNoManagedIdentity(holder);
    const { secretText, ...made } = directory.passwords.add(
      holder.id,
      readPassword(body.passwordCredential ?? {}),
    );
    return {
      status: 200,
      body: {
        "@odata.context": `${base}/$metadata#microsoft.graph.passwordCredential`,
        ...representPassword(made),
        secretText,
      },
    };
  };
}

/** `removePassword` by `keyId`. */
export function removePassword(type: Holder) {
  return (call: GraphCall): GraphAnswer => {
    const { keyId } = call.body;
    const holder = addressed(call, type);
    if (typeof keyId !== "string") throw badRequest("The property 'keyId' is required.");
    if (!call.directory.passwords.remove(holder.id, keyId)) {
      throw badRequest(`No password credential found with keyId ${keyId.slice(0, 50)}.`);
    }
    return { status: 204 };
  };
}

/** Secrets come from `addPassword` alone, whose answer is the only one with the text. */
export function requireNoPasswords({ passwordCredentials }: Properties): void {
  if (passwordCredentials === undefined) return;
  throw badRequest(
    "The property 'passwordCredentials' cannot be updated. Use the actions addPassword and removePassword.",
  );
}

/** The secrets that a new application asks for; their texts come from the directory. */
export function newPasswords(value: unknown): readonly NewPassword[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value))
    throw badRequest("The property 'passwordCredentials' must be a list of objects.");
  return value.map(readPassword);
}

const writable: Shape = {
  customKeyIdentifier: "unset",
  displayName: { longest: 90 },
  hint: "unset",
  keyId: "unset",
  secretText: "unset",
};

function readPassword(value: unknown): NewPassword {
  if (!isObject(value)) throw badRequest("The property 'passwordCredential' must be an object.");
  const { displayName = null }: Properties = readProperties(value, writable, "PasswordCredential", [
    "startDateTime",
    "endDateTime",
  ]);
  const start = readTime(value, "startDateTime", "PasswordCredential");
  const end = readTime(value, "endDateTime", "PasswordCredential");
  if (start !== undefined && end !== undefined && end <= start) {
    throw badRequest("The password credential ends before it starts.");
  }
  return {
    displayName: typeof displayName === "string" ? displayName : null,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
}

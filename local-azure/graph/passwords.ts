import type { DirectoryObject } from "../entra/directory.ts";
import type { NewPassword } from "../entra/passwords.ts";
import type { GraphAnswer, GraphCall } from "./call.ts";
import { badRequest, GraphError } from "./graph-error.ts";
import { isObject, type Properties } from "./properties.ts";
import { representPassword } from "./representation.ts";

/** `addPassword`: the only answer that ever holds the secret's text. */
export function addPassword(holder: DirectoryObject, { directory, base, body }: GraphCall): GraphAnswer {
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
}

/** `removePassword` by `keyId`. */
export function removePassword(holder: DirectoryObject, { directory, body }: GraphCall): GraphAnswer {
  const { keyId } = body;
  if (typeof keyId !== "string") throw badRequest("The property 'keyId' is required.");
  if (!directory.passwords.remove(holder.id, keyId)) {
    throw new GraphError(
      400,
      "Request_BadRequest",
      `No password credential found with keyId ${keyId.slice(0, 50)}.`,
    );
  }
  return { status: 204 };
}

/** The secrets that a new application asks for; their texts come from the directory. */
export function newPasswords(value: unknown): readonly NewPassword[] {
  if (value === undefined) return [];
  if (!Array.isArray(value))
    throw badRequest("The property 'passwordCredentials' must be a list of objects.");
  return value.map(readPassword);
}

function readPassword(value: unknown): NewPassword {
  if (!isObject(value)) throw badRequest("The property 'passwordCredential' must be an object.");
  const { displayName = null } = value;
  if (displayName !== null && typeof displayName !== "string") {
    throw badRequest("The property 'displayName' of the type 'PasswordCredential' must be a string or null.");
  }
  const start = readTime(value, "startDateTime");
  const end = readTime(value, "endDateTime");
  if (start !== undefined && end !== undefined && end <= start) {
    throw badRequest("The password credential ends before it starts.");
  }
  return {
    displayName,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  };
}

function readTime(value: Properties, name: string): Date | undefined {
  const text = value[name];
  if (text === undefined || text === null) return undefined;
  const time = typeof text === "string" ? new Date(text) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw badRequest(`The property '${name}' of the type 'PasswordCredential' must be an ISO 8601 time.`);
  }
  return time;
}

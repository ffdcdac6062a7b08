import { tenantDomain } from "../../core/tenancy.ts";
import { DirectoryError, type DirectoryObject } from "../../entra/directory.ts";
import { answerCreated, answerList, answerOne, noContent } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest, denied, notFound, taken } from "../graph-error.ts";
import { addressed, findObject, repeatedKeys } from "../objects.ts";
import { isObject, merge, type Properties, readProperties, type Shape } from "../properties.ts";
import { represent } from "../representation.ts";
import { shownUserProperties } from "./representation.ts";

const context = "users/$entity";
const type = "User";

/** https://learn.microsoft.com/graph/api/resources/user#properties */
const writable: Shape = {
  accountEnabled: "flag",
  ageGroup: "unset",
  businessPhones: "texts",
  city: { longest: 128 },
  companyName: { longest: 64 },
  consentProvidedForMinor: "unset",
  country: { longest: 128 },
  department: { longest: 64 },
  displayName: { longest: 256 },
  employeeId: { longest: 16 },
  employeeType: "text",
  faxNumber: "text",
  givenName: { longest: 64 },
  jobTitle: { longest: 128 },
  mail: "text",
  mailNickname: { longest: 64 },
  mobilePhone: { longest: 64 },
  officeLocation: { longest: 128 },
  onPremisesImmutableId: "unset",
  otherMails: "texts",
  passwordPolicies: "unset",
  postalCode: { longest: 40 },
  preferredLanguage: "text",
  showInAddressList: "flag",
  state: { longest: 128 },
  streetAddress: { longest: 1024 },
  surname: { longest: 64 },
  usageLocation: { longest: 2 },
  userPrincipalName: { longest: 113 },
  userType: { oneOf: ["Member"] },
};

export function listUsers(call: GraphCall): GraphAnswer {
  const items = call.directory.list("user").map((object) => represent(object, call));
  return answerList(call, { context: "users", type: "user", items, shown: shownOf(call) });
}

export function readUser(call: GraphCall): GraphAnswer {
  return answerOne(call, context, represent(addressed(call, "user"), call), shownOf(call));
}

export function readMe(call: GraphCall): GraphAnswer {
  return answerOne(call, context, represent(me(call), call), shownOf(call));
}

/** The person in whose name the client calls. @throws GraphError 404. */
export function me(call: GraphCall): DirectoryObject {
  return findObject(call, call.caller.principalId, "user");
}

export function createUser(call: GraphCall): GraphAnswer {
  const { directory, platform, body } = call;
  const { accountEnabled, displayName, ...properties } = readProperties(body, writable, type, [
    "passwordProfile",
  ]);
  if (typeof accountEnabled !== "boolean") throw required("accountEnabled");
  if (typeof displayName !== "string" || displayName === "") throw required("displayName");
  if (typeof properties.mailNickname !== "string") throw required("mailNickname");
  if (typeof properties.userPrincipalName !== "string") throw required("userPrincipalName");
  const password = readPassword(body.passwordProfile);
  if (password === undefined) {
    throw badRequest("A password must be specified to create a new user.");
  }
  checkNames(properties);
  return platform.store.transaction(() => {
    const created = refusing(() =>
      directory.create({ type: "user", displayName, accountEnabled, properties }),
    );
    directory.userPasswords.set(created.id, password);
    return answerCreated(call, {
      context,
      location: `users/${created.id}`,
      object: represent(created, call),
    });
  });
}

/**
 * A password of another's is a way in as that person, so `User.ReadWrite.All` does not cover it for an application: of
 * applications only a directory administrator sets one (https://learn.microsoft.com/graph/api/user-update).
 *
 * @throws GraphError 400, 403.
 */
export function updateUser(call: GraphCall): GraphAnswer {
  const { directory, platform, body, caller } = call;
  return platform.store.transaction(() => {
    const before = addressed(call, "user");
    const given = readProperties(body, writable, type, [...repeatedKeys(body, before), "passwordProfile"]);
    const { accountEnabled, displayName = before.displayName, ...properties } = given;
    if (typeof displayName !== "string" || displayName === "") throw required("displayName");
    checkNames(properties);
    const password = readPassword(body.passwordProfile);
    if (password !== undefined) {
      if (caller.kind === "application" && !caller.isAdministrator) throw denied();
      directory.userPasswords.set(before.id, password);
    }
    refusing(() =>
      directory.update(before.id, {
        displayName,
        ...(typeof accountEnabled === "boolean" ? { accountEnabled } : {}),
        properties: merge(before.properties, properties),
      }),
    );
    return noContent;
  });
}

/** Deletes for good: the local directory restores applications and service principals alone. */
export function deleteUser(call: GraphCall): GraphAnswer {
  call.directory.delete(addressed(call, "user").id);
  return noContent;
}

/** Nobody has a manager here, which Graph says with 404. */
export function readManager(call: GraphCall): GraphAnswer {
  addressed(call, "user");
  throw notFound("manager");
}

function shownOf({ version }: GraphCall): readonly string[] | undefined {
  return version === "v1.0" ? shownUserProperties : undefined;
}

const principalName = /^[\w.'!#^~-]{1,64}@([\w.-]+)$/;

function checkNames({ userPrincipalName, mailNickname }: Properties): void {
  if (userPrincipalName === null) throw required("userPrincipalName");
  if (typeof userPrincipalName === "string") {
    const domain = principalName.exec(userPrincipalName)?.[1];
    if (domain === undefined) {
      throw badRequest("Property userPrincipalName is invalid.");
    }
    if (domain.toLowerCase() !== tenantDomain) {
      throw badRequest(
        "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
      );
    }
  }
  if (typeof mailNickname === "string" && !/^[\w.'!#^~-]+$/.test(mailNickname)) {
    throw badRequest("Invalid value specified for property 'mailNickname' of resource 'User'.");
  }
}

const passwordShape: Shape = {
  forceChangePasswordNextSignIn: "unset",
  forceChangePasswordNextSignInWithMfa: "unset",
  password: "text",
};

/** Entra takes 8 to 256 characters of at least three kinds: https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy */
function readPassword(profile: unknown): string | undefined {
  if (profile === undefined || profile === null) return undefined;
  if (!isObject(profile)) throw badRequest("The property 'passwordProfile' must be an object.");
  const { password } = readProperties(profile, passwordShape, "PasswordProfile");
  if (typeof password !== "string") return undefined;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password));
  if (password.length >= 8 && password.length <= 256 && kinds.length >= 3) return password;
  throw badRequest(
    "The specified password does not comply with password complexity requirements. Please provide a different password.",
  );
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof DirectoryError ? taken("userPrincipalName") : error;
  }
}

function required(name: string) {
  return badRequest(`The property '${name}' of the type '${type}' is required.`);
}

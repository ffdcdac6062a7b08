import { isArray, isObject, type Value, type Values, valueAt } from "../../provider/values.ts";
import { textOf, textsOf } from "../resources/operation.ts";
import { equals, type FunctionContext, findOne, givenKey, type ProviderFunction } from "./function.ts";

const keys = [
  ["userPrincipalName", "userPrincipalName"],
  ["mail", "mail"],
  ["mailNickname", "mailNickname"],
  ["employeeId", "employeeId"],
  ["objectId", "id"],
] as const;

/** Outputs whose property in Graph has another name. */
const renamed: Readonly<Record<string, string>> = {
  objectId: "id",
  costCenter: "employeeOrgData.costCenter",
  division: "employeeOrgData.division",
  onpremisesDistinguishedName: "onPremisesDistinguishedName",
  onpremisesDomainName: "onPremisesDomainName",
  onpremisesImmutableId: "onPremisesImmutableId",
  onpremisesSamAccountName: "onPremisesSamAccountName",
  onpremisesSecurityIdentifier: "onPremisesSecurityIdentifier",
  onpremisesSyncEnabled: "onPremisesSyncEnabled",
  onpremisesUserPrincipalName: "onPremisesUserPrincipalName",
};
const flags = ["accountEnabled", "onpremisesSyncEnabled", "showInAddressList"];
const lists = ["businessPhones", "imAddresses", "otherMails", "proxyAddresses"];
const texts = [
  "ageGroup",
  "city",
  "companyName",
  "consentProvidedForMinor",
  "costCenter",
  "country",
  "creationType",
  "department",
  "displayName",
  "division",
  "employeeHireDate",
  "employeeId",
  "employeeType",
  "externalUserState",
  "faxNumber",
  "givenName",
  "jobTitle",
  "mail",
  "mailNickname",
  "mobilePhone",
  "objectId",
  "officeLocation",
  "onpremisesDistinguishedName",
  "onpremisesDomainName",
  "onpremisesImmutableId",
  "onpremisesSamAccountName",
  "onpremisesSecurityIdentifier",
  "onpremisesUserPrincipalName",
  "postalCode",
  "preferredLanguage",
  "state",
  "streetAddress",
  "surname",
  "usageLocation",
  "userPrincipalName",
  "userType",
];

function outputsOf(user: Values): Values {
  const at = (output: string) => valueAt(user, renamed[output] ?? output);
  return Object.fromEntries([
    ...flags.map((output): [string, Value] => [output, at(output) === true]),
    ...lists.map((output): [string, Value] => [output, textsOf(at(output))]),
    ...texts.map((output): [string, Value] => [output, textOf(at(output))]),
  ]);
}

const selected = [
  ...new Set([...flags, ...lists, ...texts].map((output) => (renamed[output] ?? output).split(".")[0])),
].join(",");

async function objectIdOf(context: FunctionContext, args: Values): Promise<string> {
  const [property, value] = givenKey(args, keys);
  const user =
    property === "id"
      ? await context.graph.find(`Retrieving user with object ID "${value}"`, { path: `/users/${value}` })
      : await findOne(context, "user", { path: "/users" }, equals(property, value));
  if (user === undefined) throw new Error(`User not found with object ID: "${value}"`);
  return textOf(user.id);
}

export const getUser: ProviderFunction = async (context, args) => {
  const objectId = await objectIdOf(context, args);
  const path = `/users/${objectId}`;
  const summary = `Retrieving user with object ID "${objectId}"`;
  const user = await context.graph.call(summary, { method: "GET", path, query: { $select: selected } });
  const manager = await context.graph.find(summary, { path: `${path}/manager` });
  return { ...outputsOf(user), id: objectId, managerId: textOf(manager?.id) };
};

/** The lists by which `getUsers` names people: argument, property. */
const listKeys = [
  ["userPrincipalNames", "userPrincipalName"],
  ["objectIds", "id"],
  ["mailNicknames", "mailNickname"],
  ["mails", "mail"],
  ["employeeIds", "employeeId"],
] as const;

async function usersBy(
  { graph }: FunctionContext,
  property: string,
  names: readonly string[],
  ignoreMissing: boolean,
): Promise<readonly Values[]> {
  const users: Values[] = [];
  for (const name of names) {
    const filter = equals(property, name);
    const [user] = await graph.list("Could not retrieve users", {
      path: "/users",
      query: { $filter: filter },
    });
    if (user !== undefined) users.push(user);
    else if (!ignoreMissing) throw new Error(`User with ${property} "${name}" was not found`);
  }
  return users;
}

export const getUsers: ProviderFunction = async (context, args) => {
  const given = listKeys.flatMap(([argument, property]) => {
    const names = args[argument];
    return isArray(names) && names.length > 0 ? [{ property, names: textsOf(names) }] : [];
  });
  const [one, ...others] = given;
  const everybody = args.returnAll === true;
  if ((one === undefined) !== everybody || others.length > 0) {
    throw new Error(
      `one of ${listKeys.map(([argument]) => argument).join(", ")}, returnAll must be specified`,
    );
  }
  const users =
    one === undefined
      ? await context.graph.list("Could not retrieve users", { path: "/users" })
      : await usersBy(context, one.property, one.names, args.ignoreMissing === true);
  const found = users.filter((user) => isObject(user)).map((user) => outputsOf(user));
  return {
    id: `users#${found.map(({ objectId }) => textOf(objectId)).join("-")}`,
    ignoreMissing: args.ignoreMissing === true,
    returnAll: everybody,
    users: found,
    ...Object.fromEntries(
      listKeys.map(([argument, property]) => [
        argument,
        found
          .map((user) => textOf(user[property === "id" ? "objectId" : property]))
          .filter((name) => name !== ""),
      ]),
    ),
  };
};

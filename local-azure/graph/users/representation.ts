import type { DirectoryObject } from "../../entra/directory.ts";
import { type Properties, withDefaults } from "../properties.ts";

/** A user as Graph shows it. */
export function representUser({ properties, accountEnabled }: DirectoryObject): Properties {
  return { ...withDefaults(defaults, properties), accountEnabled, passwordProfile: null };
}

/** What v1.0 answers without `$select`: https://learn.microsoft.com/graph/api/user-get */
export const shownUserProperties: readonly string[] = [
  "businessPhones",
  "displayName",
  "givenName",
  "id",
  "jobTitle",
  "mail",
  "mobilePhone",
  "officeLocation",
  "preferredLanguage",
  "surname",
  "userPrincipalName",
];

const defaults: Properties = {
  ageGroup: null,
  businessPhones: [],
  city: null,
  companyName: null,
  consentProvidedForMinor: null,
  country: null,
  creationType: null,
  department: null,
  employeeHireDate: null,
  employeeId: null,
  employeeOrgData: null,
  employeeType: null,
  externalUserState: null,
  externalUserStateChangeDateTime: null,
  faxNumber: null,
  givenName: null,
  identities: [],
  imAddresses: [],
  jobTitle: null,
  legalAgeGroupClassification: null,
  mail: null,
  mailNickname: null,
  mobilePhone: null,
  officeLocation: null,
  onPremisesDistinguishedName: null,
  onPremisesDomainName: null,
  onPremisesImmutableId: null,
  onPremisesLastSyncDateTime: null,
  onPremisesSamAccountName: null,
  onPremisesSecurityIdentifier: null,
  onPremisesSyncEnabled: null,
  onPremisesUserPrincipalName: null,
  otherMails: [],
  passwordPolicies: null,
  postalCode: null,
  preferredLanguage: null,
  proxyAddresses: [],
  showInAddressList: null,
  state: null,
  streetAddress: null,
  surname: null,
  usageLocation: null,
  userPrincipalName: null,
  userType: "Member",
};

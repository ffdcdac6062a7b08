import type { Directory, DirectoryObject } from "../../entra/directory.ts";
import { firstParty } from "../../entra/first-party.ts";
import { identifierUrisOf, representApplication } from "../applications/representation.ts";
import { type CredentialContext, shownKeys, shownPasswords } from "../credentials/representation.ts";
import { isObject, type Properties, withDefaults } from "../properties.ts";
import { publishedBy } from "./published.ts";

/** A service principal as Graph shows it: much of it is its application's. */
export function representServicePrincipal(object: DirectoryObject, context: CredentialContext): Properties {
  const application = context.directory.findApplicationByAppId(object.appId ?? "");
  const shown = application === undefined ? {} : representApplication(application, context);
  const { redirectUris, homePageUrl } = isObject(shown.web) ? shown.web : {};
  return {
    ...withDefaults({ ...defaults, homepage: homePageUrl ?? null }, object.properties),
    accountEnabled: object.accountEnabled,
    alternativeNames: object.alternativeNames ?? [],
    appDescription: shown.description ?? null,
    appDisplayName: application?.displayName ?? object.displayName,
    appId: object.appId,
    appOwnerOrganizationId: object.appOwnerOrganizationId ?? null,
    info: shown.info ?? null,
    keyCredentials: shownKeys(object, context),
    passwordCredentials: shownPasswords(object, context),
    replyUrls: redirectUris ?? [],
    servicePrincipalNames: servicePrincipalNames(object, context.directory),
    servicePrincipalType: object.servicePrincipalType,
    signInAudience: shown.signInAudience ?? null,
    verifiedPublisher: shown.verifiedPublisher ?? null,
    ...publishedBy(object, context.directory),
  };
}

function servicePrincipalNames({ appId = "" }: DirectoryObject, directory: Directory): readonly string[] {
  const microsoft = Object.values(firstParty).find((application) => application.appId === appId);
  const uris = microsoft?.identifierUris ?? identifierUrisOf(directory.findApplicationByAppId(appId));
  return [appId, ...uris];
}

const defaults: Properties = {
  addIns: [],
  appRoleAssignmentRequired: false,
  applicationTemplateId: null,
  description: null,
  disabledByMicrosoftStatus: null,
  homepage: null,
  loginUrl: null,
  logoutUrl: null,
  notes: null,
  notificationEmailAddresses: [],
  preferredSingleSignOnMode: null,
  preferredTokenSigningKeyThumbprint: null,
  resourceSpecificApplicationPermissions: [],
  samlMetadataUrl: null,
  samlSingleSignOnSettings: null,
  tags: [],
  tokenEncryptionKeyId: null,
};

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type AzureadWire,
  createApplication,
  createServicePrincipal,
  idsOf,
  query,
  startAzureadWire,
} from "../../testing/azuread-wire.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

/** What the plugin selects of a user. */
const userProperties =
  "accountEnabled,ageGroup,businessPhones,city,companyName,consentProvidedForMinor,country,creationType,department,displayName,employeeHireDate,employeeId,employeeOrgData,employeeType,externalUserState,faxNumber,givenName,id,imAddresses,jobTitle,mail,mailNickname,mobilePhone,officeLocation,onPremisesDistinguishedName,onPremisesDomainName,onPremisesImmutableId,onPremisesSamAccountName,onPremisesSecurityIdentifier,onPremisesSyncEnabled,onPremisesUserPrincipalName,otherMails,passwordPolicies,postalCode,preferredLanguage,proxyAddresses,showInAddressList,state,streetAddress,surname,usageLocation,userPrincipalName,userType";

test("a user: by name, then its properties by id, then no manager", async () => {
  const kim = wire.graph.cloud.entra.directory.create({
    type: "user",
    displayName: "Kim",
    properties: {
      userPrincipalName: "kim@local-azure.example",
      mail: "kim@mail.example",
      mailNickname: "kim",
      employeeId: "17",
    },
  });
  for (const filter of [
    "userPrincipalName eq 'kim@local-azure.example'",
    "mail eq 'kim@mail.example'",
    "mailNickname eq 'KIM'",
    "employeeId eq '17'",
  ]) {
    const found = await wire.step(200, "GET", `/v1.0/users${query({ $filter: filter })}`);
    expect(idsOf(found)).toEqual([kim.id]);
  }
  const path = `/v1.0/users/${kim.id}`;
  await wire.step(200, "GET", path);
  const read = await wire.step(200, "GET", `${path}${query({ $select: userProperties })}`);
  const { "@odata.context": _, ...shown } = read;
  expect(Object.keys(shown).sort()).toEqual(userProperties.split(",").sort());
  expect(shown).toMatchObject({ userPrincipalName: "kim@local-azure.example", accountEnabled: true });
  await wire.step(404, "GET", `${path}/manager`);
});

test("an application, a service principal and a group: a filtered list, then the reads of the resource", async () => {
  const application = await createApplication(wire, { displayName: "looked up" });
  const principal = await createServicePrincipal(wire, application.appId);
  const group = wire.graph.cloud.entra.directory.create({ type: "group", displayName: "looked up" });
  for (const [version, collection, id] of [
    ["v1.0", "applications", application.id],
    ["v1.0", "servicePrincipals", principal.id],
    ["beta", "groups", group.id],
  ] as const) {
    const list = `/${version}/${collection}${query({ $filter: "displayName eq 'looked up'" })}`;
    expect(idsOf(await wire.step(200, "GET", list))).toEqual([id]);
    await wire.step(200, "GET", `/${version}/${collection}/${id}`);
    await wire.step(200, "GET", `/${version}/${collection}/${id}/owners`);
  }
  const select = query({ $select: "oauth2RequirePostResponse" });
  await wire.step(200, "GET", `/beta/applications/${application.id}${select}`);
  await wire.step(200, "GET", `/beta/groups/${group.id}/members`);
});

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AzureadWire, idsOf, query, startAzureadWire } from "../../testing/azuread-wire.ts";
import { type Body, missing } from "../../testing/test-graph.ts";

let wire: AzureadWire;
let graph: string;
beforeAll(async () => {
  wire = await startAzureadWire();
  const appId = "00000003-0000-0000-c000-000000000000";
  graph = wire.graph.cloud.entra.directory.findServicePrincipalByAppId(appId)?.id ?? "";
});
afterAll(() => wire.stop());

test("create, read, update and delete, for all and for one person", async () => {
  const client = wire.graph.cloud.application("client").principalId;
  const kim = wire.graph.cloud.entra.directory.create({ type: "user", displayName: "Kim" });
  for (const person of [{}, { consentType: "Principal", principalId: kim.id }]) {
    await wire.step(200, "GET", `/v1.0/servicePrincipals/${client}`);
    await wire.step(200, "GET", `/v1.0/servicePrincipals/${graph}`);
    const body = {
      clientId: client,
      consentType: "AllPrincipals",
      resourceId: graph,
      scope: "User.Read",
      ...person,
    };
    const created = await wire.step(201, "POST", "/v1.0/oauth2PermissionGrants", {
      "@odata.type": "#microsoft.graph.oAuth2PermissionGrant",
      ...body,
    });
    const path = `/v1.0/oauth2PermissionGrants/${created.id}`;
    expect(await wire.step(200, "GET", path)).toMatchObject({ principalId: null, ...body });
    const again = await wire.send("POST", "/v1.0/oauth2PermissionGrants", body);
    expect([again.status, (again.body.error as Body).message]).toEqual([
      409,
      "Permission entry already exists.",
    ]);
    await wire.step(204, "PATCH", path, { scope: "User.Read openid" });
    expect(await wire.step(200, "GET", path)).toMatchObject({ scope: "User.Read openid" });
    for (const list of [
      `/v1.0/oauth2PermissionGrants${query({ $filter: `clientId eq '${client}' and resourceId eq '${graph}'` })}`,
      `/v1.0/servicePrincipals/${client}/oauth2PermissionGrants`,
    ]) {
      expect(idsOf(await wire.step(200, "GET", list))).toEqual([created.id]);
    }
    await wire.step(204, "DELETE", path);
    await wire.step(404, "GET", path);
  }
});

test("refuses an unknown client, and a person's consent without the person", async () => {
  const client = wire.graph.cloud.application("client").principalId;
  const nobody = "22222222-2222-2222-2222-222222222222";
  const all = { consentType: "AllPrincipals", clientId: client, resourceId: graph, scope: "User.Read" };
  for (const [change, status, message] of [
    [{ clientId: nobody }, 404, missing(nobody)],
    [
      { consentType: "Principal" },
      400,
      "A grant for one person has a 'principalId', a grant for all has none.",
    ],
    [{ scope: null }, 400, "A permission grant needs 'clientId', 'consentType', 'resourceId' and 'scope'."],
  ] as const) {
    const answer = await wire.send("POST", "/v1.0/oauth2PermissionGrants", { ...all, ...change });
    expect([answer.status, (answer.body.error as Body).message]).toEqual([status, message]);
  }
});

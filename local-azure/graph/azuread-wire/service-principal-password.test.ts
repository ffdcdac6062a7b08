import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type AzureadWire,
  createApplication,
  createServicePrincipal,
  startAzureadWire,
} from "../../testing/azuread-wire.ts";
import type { Body } from "../../testing/test-graph.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

test("create, read and delete: an empty credential is good for two years", async () => {
  const { appId } = await createApplication(wire);
  const { id } = await createServicePrincipal(wire, appId);
  const path = `/v1.0/servicePrincipals/${id}`;
  const keyIds = async () =>
    ((await wire.step(200, "GET", path)).passwordCredentials as Body[]).map(({ keyId }) => keyId);

  const made = await wire.step(200, "POST", `${path}/addPassword`, {});
  expect(made).toMatchObject({ endDateTime: "2028-11-20T08:00:00.000Z", displayName: null });
  for (let read = 0; read < 6; read += 1) expect(await keyIds()).toEqual([made.keyId]);
  const client = { clientId: String(appId), clientSecret: String(made.secretText) };
  await expect(wire.graph.tokenOf(client)).resolves.toMatch(/^ey/);

  await wire.step(204, "POST", `${path}/removePassword`, { keyId: made.keyId });
  for (let read = 0; read < 5; read += 1) expect(await keyIds()).toEqual([]);
  await expect(wire.graph.tokenOf(client)).rejects.toThrow("AADSTS7000215");
});

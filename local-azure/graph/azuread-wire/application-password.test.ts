import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AzureadWire, createApplication, startAzureadWire } from "../../testing/azuread-wire.ts";
import type { Body } from "../../testing/test-graph.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

test("create, read and delete: the secret comes once, its keyId is listed until it is removed", async () => {
  const { id, appId } = await createApplication(wire);
  const path = `/v1.0/applications/${id}`;
  await wire.step(200, "GET", path);
  const { keyId, secretText } = await wire.step(200, "POST", `${path}/addPassword`, {
    passwordCredential: {
      "@odata.type": "#microsoft.graph.passwordCredential",
      displayName: "pipeline",
      endDateTime: "2027-02-18T00:00:00Z",
      startDateTime: "2026-11-20T08:00:00Z",
    },
  });
  for (let read = 0; read < 5; read += 1) {
    const { passwordCredentials } = await wire.step(200, "GET", path);
    expect(passwordCredentials).toMatchObject([
      { keyId, displayName: "pipeline", endDateTime: "2027-02-18T00:00:00.000Z", secretText: null },
    ]);
  }
  const client = { clientId: String(appId), clientSecret: String(secretText) };
  await expect(wire.graph.tokenOf(client)).rejects.toThrow("AADSTS7000229");

  await wire.step(204, "POST", `${path}/removePassword`, { keyId });
  for (let read = 0; read < 5; read += 1) {
    expect((await wire.step(200, "GET", path)).passwordCredentials).toEqual([]);
  }
});

test("a secret shows only after the replication delay, in the list where the plugin waits for it", async () => {
  const { id } = await createApplication(wire, { displayName: "slow" });
  const path = `/v1.0/applications/${id}`;
  wire.graph.cloud.platform.faults.set("directory-replication", undefined, 10);
  try {
    const { keyId } = await wire.step(200, "POST", `${path}/addPassword`, { passwordCredential: {} });
    expect((await wire.step(200, "GET", path)).passwordCredentials).toEqual([]);
    wire.graph.cloud.clock.advance(10_000);
    const { passwordCredentials } = await wire.step(200, "GET", path);
    expect((passwordCredentials as Body[]).map((entry) => entry.keyId)).toEqual([keyId]);
  } finally {
    wire.graph.cloud.platform.faults.clear("directory-replication");
  }
});

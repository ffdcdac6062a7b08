import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { makeCertificate } from "../../testing/certificate.ts";
import { type Body, type GraphTest, refusal, startGraphTest } from "../../testing/test-graph.ts";

let graph: GraphTest;
beforeAll(async () => {
  graph = await startGraphTest();
});
afterAll(() => graph.cloud.stop());

const armId =
  "/subscriptions/s/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/build";
const denied = refusal(
  403,
  "Authorization_RequestDenied",
  "Insufficient privileges to complete the operation.",
);

test("a managed identity gets no secret, key or other resource, even from an administrator; an application does", async () => {
  const { directory } = graph.cloud.entra;
  const certificate = await makeCertificate(graph.cloud.clock.now());
  const identity = directory.createManagedIdentity(armId, "build", { explicit: true });
  const key = Buffer.from(certificate.pem).toString("base64");
  const keyCredentials = [{ key, type: "AsymmetricX509Cert", usage: "Verify" }];
  const writes: readonly (readonly [string, string, Body, number])[] = [
    ["POST", "/addPassword", {}, 200],
    ["PATCH", "", { keyCredentials }, 204],
    ["PATCH", "", { alternativeNames: [armId.replace("build", "payroll")] }, 204],
  ];
  const { principalId } = graph.cloud.application("shop");
  for (const [method, action, body, status] of writes) {
    const answer = await graph.call(method, `/v1.0/servicePrincipals/${identity.principalId}${action}`, body);
    expect({ status: answer.status, error: answer.body.error }).toEqual(denied);
    expect((await graph.call(method, `/v1.0/servicePrincipals/${principalId}${action}`, body)).status).toBe(
      status,
    );
  }
  expect(directory.passwords.of(identity.principalId)).toEqual([]);
  expect(directory.keyCredentials.of(identity.principalId)).toEqual([]);
  expect(directory.find(identity.principalId)?.alternativeNames).toContain(armId);

  const noted = { notes: "builds the shop" };
  expect((await graph.call("PATCH", `/v1.0/servicePrincipals/${identity.principalId}`, noted)).status).toBe(
    204,
  );
});

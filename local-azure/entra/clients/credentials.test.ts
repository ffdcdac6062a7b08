import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientSecretCredential, WorkloadIdentityCredential } from "@azure/identity";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readToken } from "../../testing/forge.ts";
import { startTestEntra, type TestEntra } from "../../testing/test-entra.ts";
import { startTestIssuer } from "../../testing/test-issuer.ts";

let cloud: TestEntra;
let origin: string;
let tenant: string;
const arm = "https://management.azure.com/.default";

beforeAll(async () => {
  cloud = await startTestEntra();
  ({ origin, tenantId: tenant } = cloud.platform);
});
afterAll(() => cloud.stop());

test("an unmodified WorkloadIdentityCredential exchanges the token in its file", async () => {
  const issuer = await startTestIssuer(cloud.platform);
  const pod = cloud.application("pod");
  const subject = "system:serviceaccount:shop:orders";
  const audience = "api://AzureADTokenExchange";
  cloud.entra.directory.federatedCredentials.add(pod.applicationId, {
    name: "cluster",
    issuer: issuer.url,
    subject,
    audiences: [audience],
    description: null,
  });
  const folder = mkdtempSync(join(tmpdir(), "workload-"));
  const tokenFilePath = join(folder, "token");
  writeFileSync(tokenFilePath, issuer.assertion({ sub: subject, aud: [audience] }), { mode: 0o600 });
  const credential = new WorkloadIdentityCredential({
    tenantId: tenant,
    clientId: pod.clientId,
    tokenFilePath,
    authorityHost: origin,
    disableInstanceDiscovery: true,
  });
  const { token } = await credential.getToken(arm);
  expect(readToken(token).claims).toMatchObject({ oid: pod.principalId, appid: pod.clientId });
  rmSync(folder, { recursive: true });
  await issuer.close();
});

test("a ClientSecretCredential is told that its secret has ended", async () => {
  const { applicationId, clientId } = cloud.application("ending");
  const end = new Date(cloud.clock.nowMs() + 86_400_000);
  const { secretText } = cloud.entra.directory.passwords.add(applicationId, { end });
  const ask = () =>
    new ClientSecretCredential(tenant, clientId, secretText, {
      authorityHost: origin,
      disableInstanceDiscovery: true,
    }).getToken(arm);
  await expect(ask()).resolves.toBeDefined();
  cloud.clock.advance(86_400_000);
  await expect(ask()).rejects.toThrow(
    `AADSTS7000222: The provided client secret keys for app '${clientId}' are expired.`,
  );
  cloud.clock.advance(-86_400_000);
});

test("a managed identity is not proven by a secret that stands under it", async () => {
  const { principalId, clientId } = cloud.entra.directory.createManagedIdentity("/subscriptions/s/vm", "vm");
  const { secretText } = cloud.entra.directory.passwords.add(principalId);
  const form = { grant_type: "client_credentials", scope: arm };
  expect(await cloud.requestToken({ ...form, client_id: clientId, client_secret: secretText })).toMatchObject(
    {
      status: 401,
      body: {
        error: "invalid_client",
        error_codes: [7000215],
        error_description: expect.stringContaining(
          `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
        ),
      },
    },
  );
  const shop = cloud.application("shop");
  const ofShop = { ...form, client_id: shop.clientId, client_secret: shop.clientSecret };
  expect((await cloud.requestToken(ofShop)).status).toBe(200);
});

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AzureadWire, createApplication, startAzureadWire } from "../../testing/azuread-wire.ts";
import { makeCertificate, type TestCertificate } from "../../testing/certificate.ts";
import type { Body } from "../../testing/test-graph.ts";

let wire: AzureadWire;
let first: TestCertificate;
let second: TestCertificate;
beforeAll(async () => {
  wire = await startAzureadWire();
  const { clock } = wire.graph.cloud;
  [first, second] = await Promise.all([makeCertificate(clock.now()), makeCertificate(clock.now())]);
});
afterAll(() => wire.stop());

/** As the plugin sends it: base64 of the PEM text. */
function credential(keyId: string, { pem }: TestCertificate): Body {
  return {
    "@odata.type": "#microsoft.graph.keyCredential",
    key: Buffer.from(pem).toString("base64"),
    keyId,
    type: "AsymmetricX509Cert",
    usage: "Verify",
  };
}

const [one, two] = ["1b0f3a52-0000-4000-8000-000000000001", "1b0f3a52-0000-4000-8000-000000000002"] as const;

test("create, read and delete: all existing ones are sent back with `key: null` and keep their keys", async () => {
  const { id } = await createApplication(wire);
  const path = `/v1.0/applications/${id}`;
  const keys = async () => (await wire.step(200, "GET", path)).keyCredentials as Body[];

  await wire.step(200, "GET", path);
  await wire.step(204, "PATCH", path, { id, keyCredentials: [credential(one, first)] });
  expect(await keys()).toEqual([
    {
      customKeyIdentifier: first.thumbprint,
      displayName: "CN=test",
      endDateTime: first.notAfter.toISOString(),
      key: null,
      keyId: one,
      startDateTime: first.notBefore.toISOString(),
      type: "AsymmetricX509Cert",
      usage: "Verify",
    },
  ]);
  await wire.step(204, "PATCH", path, { id, keyCredentials: [...(await keys()), credential(two, second)] });
  for (let read = 0; read < 5; read += 1)
    expect((await keys()).map(({ keyId }) => keyId)).toEqual([one, two]);

  const { keyCredentials: whole } = await wire.step(200, "GET", `${path}?%24select=keyCredentials`);
  expect((whole as Body[]).map(({ key }) => key)).toEqual(
    [first, second].map(({ der }) => der.toString("base64")),
  );

  await wire.step(204, "PATCH", path, {
    id,
    keyCredentials: (await keys()).filter(({ keyId }) => keyId !== one),
  });
  for (let read = 0; read < 5; read += 1) expect((await keys()).map(({ keyId }) => keyId)).toEqual([two]);
  const { directory } = wire.graph.cloud.entra;
  expect(directory.keyCredentials.of(String(id)).map(({ certificate }) => certificate)).toEqual([second.der]);
});

test.each([
  [
    "no key",
    () => ({ keyId: one, key: null }),
    `The key credential ${one} has no 'key', and the object has none with that keyId.`,
  ],
  [
    "what is no certificate",
    () => ({ keyId: one, key: "AAAA" }),
    "The 'key' of a key credential must be an X.509 certificate in base64.",
  ],
  [
    "an end beyond the certificate's",
    () => ({ ...credential(one, first), endDateTime: "2099-01-01T00:00:00Z" }),
    "Key credential end date is invalid.",
  ],
  [
    "a start before the certificate's",
    () => ({ ...credential(one, first), startDateTime: "2001-01-01T00:00:00Z" }),
    "Key credential start date is invalid.",
  ],
  [
    "a signing use",
    () => ({ ...credential(one, first), usage: "Sign" }),
    "The property 'usage' of the type 'KeyCredential' must be one of Verify.",
  ],
])("refuses %s", async (_, entry, message) => {
  const { id } = await createApplication(wire);
  const { status, body } = await wire.send("PATCH", `/v1.0/applications/${id}`, {
    keyCredentials: [entry()],
  });
  expect([status, (body.error as Body).message]).toEqual([400, message]);
});

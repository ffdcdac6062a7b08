import "reflect-metadata";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import * as x509 from "@peculiar/x509";
import { loadCertificates } from "./certificates.ts";
import { manualClock, systemClock } from "./clock.ts";
import { listenHttps } from "./https-listener.ts";
import { randomIds } from "./ids.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "certificates-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const day = 86_400_000;

test("keys are readable by their owner only and the authority is held to loopback, critically", async () => {
  await loadCertificates(folder, systemClock, randomIds);
  for (const key of ["ca.key", "leaf.key"]) expect(statSync(join(folder, key)).mode & 0o777).toBe(0o600);
  const authority = new x509.X509Certificate(readFileSync(join(folder, "ca.crt"), "utf8"));
  expect(authority.getExtension("2.5.29.30")?.critical).toBe(true);
});

test("a second load keeps authority and leaf; a leaf about to end is replaced under the same authority", async () => {
  const clock = manualClock(new Date());
  const first = await loadCertificates(folder, clock, randomIds);
  expect(await loadCertificates(folder, clock, randomIds)).toEqual(first);
  clock.advance(380 * day);
  const renewed = await loadCertificates(folder, clock, randomIds);
  expect(renewed.caCertificatePem).toBe(first.caCertificatePem);
  expect(renewed.chainPem).not.toBe(first.chainPem);
});

test.each(["localhost", "127.0.0.1"])(
  "a client that trusts the authority reaches https://%s",
  async (host) => {
    const certificates = await loadCertificates(folder, systemClock, randomIds);
    const listener = await listenHttps({
      certificates,
      port: 0,
      handler: (_, response) => response.end("here"),
    });
    try {
      expect(await status({ host, port: listener.port, ca: certificates.caCertificatePem })).toBe(200);
      await expect(status({ host, port: listener.port })).rejects.toMatchObject({
        code: expect.stringMatching(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/),
      });
    } finally {
      await listener.close();
    }
  },
);

test("a port in use is named", async () => {
  const certificates = await loadCertificates(folder, systemClock, randomIds);
  const handler = () => {};
  const listener = await listenHttps({ certificates, port: 0, handler });
  try {
    await expect(listenHttps({ certificates, port: listener.port, handler })).rejects.toMatchObject({
      code: "LA-PORT-IN-USE",
      message: `Port ${listener.port} on 127.0.0.1 is taken by another program, but the local cloud's state has handed it out.`,
    });
  } finally {
    await listener.close();
  }
});

function status(options: { host: string; port: number; ca?: string }): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ ...options, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once("error", reject);
  });
}

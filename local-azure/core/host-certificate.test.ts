import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { systemClock } from "./clock.ts";
import { writeHostCertificate } from "./host-certificate.ts";
import { randomIds } from "./ids.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "host-certificate-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const make = (host: string, folder = join(root, "out")) =>
  writeHostCertificate({
    directory: root,
    host,
    folder,
    clock: systemClock,
    ids: randomIds,
  });

test.each([
  ["localhost", "localhost", "127.0.0.1"],
  ["Issuer.Localhost", "issuer.localhost", "127.0.0.1"],
  ["127.0.0.1", "127.0.0.1", "127.0.0.1"],
  ["127.8.9.10", "127.8.9.10", "127.0.0.1"],
  ["::1", "::1", "127.0.0.1"],
  ["0:0:0:0:0:0:0:1", "::1", "127.0.0.1"],
])(
  "a client that trusts the authority accepts a server of %s, and as no other host",
  async (asked, host, address) => {
    const { certificateFile, keyFile, host: named } = await make(asked);
    expect(named).toBe(host);
    expect(certificateFile).toBe(join(root, "out", `${host.replaceAll(":", "_")}.pem`));
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const cert = readFileSync(certificateFile, "utf8");
    const server = createServer({ cert, key: readFileSync(keyFile, "utf8") }, (_, response) =>
      response.end(),
    );
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const { port } = server.address() as AddressInfo;
    const ca = readFileSync(join(root, "ca.crt"), "utf8");
    const ask = (servername: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        // The name that is checked, wherever the connection goes.
        const options = {
          host: address,
          port,
          ca,
          agent: false as const,
          headers: { host: servername },
          servername,
        };
        get(options, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).once("error", reject);
      });
    try {
      expect(new X509Certificate(cert).checkIssued(new X509Certificate(ca))).toBe(true);
      if (host.includes("localhost")) {
        expect(await ask(host)).toBe(200);
        await expect(ask("other.localhost")).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
      } else expect(new X509Certificate(cert).checkIP(host)).toBe(host);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);

test("a second certificate of a host is made by the same authority and takes the place of the first", async () => {
  const { certificateFile } = await make("localhost");
  const [first, authority] = [
    readFileSync(certificateFile, "utf8"),
    readFileSync(join(root, "ca.crt"), "utf8"),
  ];
  await make("localhost");
  expect(readFileSync(certificateFile, "utf8")).not.toBe(first);
  expect(readFileSync(certificateFile, "utf8").endsWith(authority)).toBe(true);
});

test.each([
  "example.org",
  "localhost.example.org",
  "notlocalhost",
  "https://localhost",
  "localhost:8443",
  "a_b.localhost",
  ".localhost",
  "*.localhost",
  "10.0.0.1",
  "127.0.0.1.localhost.org",
  "::2",
  "../localhost",
  "",
])("%j is refused", async (host) => {
  await expect(make(host)).rejects.toMatchObject({
    code: "LA-CERTIFICATE-HOST",
    message: `The local authority is held to loopback: it cannot vouch for "${host}".`,
  });
});

test("a folder that cannot be made is named", async () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  await expect(make("localhost", file)).rejects.toMatchObject({
    code: "LA-CERTIFICATE-OUT",
    message: `${file} cannot be written (EEXIST).`,
  });
});

import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openTestCommandLine, type TestCommandLine } from "../testing/command-line.ts";

let cli: TestCommandLine;
beforeAll(() => {
  cli = openTestCommandLine();
});
afterAll(() => cli.close());

test("a server with the written certificate is known to whoever trusts the authority, and to nobody else", async () => {
  const written = JSON.parse(await cli.succeed("certificate", "localhost", "--out", "tls", "--json"));
  const [certificateFile, keyFile] = ["pem", "key"].map((extension) =>
    join(cli.cwd, "tls", `localhost.${extension}`),
  ) as [string, string];
  expect(written).toEqual({ host: "localhost", certificateFile, keyFile });
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);

  const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) });
  await once(server.listen(0, "localhost"), "listening");
  const { address, port } = server.address() as AddressInfo;
  try {
    const authority = readFileSync(join(cli.home, "ca.crt"));
    const trusting = connect({ host: address, port, servername: "localhost", ca: authority });
    await once(trusting, "secureConnect");
    expect(trusting.authorized).toBe(true);
    trusting.destroy();

    const strange = connect({ host: address, port, servername: "localhost" });
    await expect(once(strange, "secureConnect")).rejects.toMatchObject({ code: "SELF_SIGNED_CERT_IN_CHAIN" });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("a host beyond loopback is refused, and nothing is written", async () => {
  const { code, stdout, stderr } = await cli.run("certificate", "shop.example", "--out", "refused");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(
    'LA-CERTIFICATE-HOST: The local authority is held to loopback: it cannot vouch for "shop.example".\nFix: Use localhost, a name below it such as issuer.localhost, an address of 127.0.0.0/8, or ::1, without scheme and port.\n',
  );
  expect(() => statSync(join(cli.cwd, "refused"))).toThrow("ENOENT");
});

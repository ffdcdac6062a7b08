import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { selfSignedCertificate } from "../../local-azure/entra/certificate.ts";
import { newIssuerKey, startTestIssuer } from "../../local-azure/testing/test-issuer.ts";
import { type DoctorCloud, startDoctorCloud, type TestApplication } from "./testing/doctor-cloud.ts";

let doctor: DoctorCloud;
let app: TestApplication;
let folder: string;
beforeAll(async () => {
  doctor = await startDoctorCloud();
  app = doctor.application("bearer");
  await doctor.grant(app.principalId, "reader");
  folder = mkdtempSync(join(tmpdir(), "doctor-cli-"));
  file("authority.pem", doctor.cloud.platform.certificates.caCertificatePem);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await doctor.close();
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Runs the command on the test's account, as the deployer unless `env` says otherwise. */
function run(args: readonly string[], { env = doctor.environment(), input = "" }: RunOptions = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "cli.ts"), ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_EXTRA_CA_CERTS: join(folder, "authority.pem"),
      NODE_COMPILE_CACHE: join(folder, "compiled"),
      ...env,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(input);
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, stdout, stderr })),
  );
}

const about = () => ["--account", doctor.account.id, "--target", "orders/orders"];

test("access that works ends with 0; colours come and go as NO_COLOR says", async () => {
  const token = await doctor.token(app);
  const args = [...about(), "--principal", app.principalId, "--token-file", file("token", token)];
  const env = doctor.environment();
  const [coloured, plain] = await Promise.all([
    run(args, { env: { ...env, FORCE_COLOR: "1" } }),
    // Node warns of the two variables together.
    run(args, { env: { ...env, NO_COLOR: "1", FORCE_COLOR: "1", NODE_NO_WARNINGS: "1" } }),
  ]);
  expect(coloured.code).toBe(0);
  expect(coloured.stdout).toContain("\u001b[32m");
  expect(plain).toMatchObject({ code: 0, stderr: "" });
  expect(plain.stdout).not.toContain("\u001b");
  expect(plain.stdout).toMatch(/^✔ grant {16}Cosmos DB Built-in Data Reader on orders\/orders/m);
  expect(plain.stdout).toMatch(/\nAccess works: it was tried\.\n$/);
  expect(`${coloured.stdout}${plain.stdout}`).not.toContain(token);
});

test("a cause ends with 1, and --json has a form for machines without the token's text", async () => {
  const token = await doctor.token(app, "https://management.azure.com");
  const { code, stdout, stderr } = await run([...about(), "--token-file", "-", "--json"], { input: token });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).not.toContain(token);
  expect(stdout).not.toContain(token.split(".")[2]);
  const { links, ...rest } = JSON.parse(stdout);
  expect(rest).toMatchObject({
    version: 1,
    verdict: "broken",
    tried: false,
    principal: "bearer (servicePrincipal)",
    principalId: app.principalId,
    account: "shop",
    target: "orders/orders",
    operation: "readItem",
    token: { aud: "https://management.azure.com", oid: app.principalId, tid: doctor.cloud.tenantId },
    cause: { code: "KC-DOCTOR-TOKEN-AUDIENCE", link: "token" },
    notes: [],
  });
  expect(links.map(({ link, state }: Record<string, string>) => `${link} ${state}`)).toEqual([
    "account holds",
    "endpoint holds",
    "clock holds",
    "target holds",
    "token broken",
    "principal holds",
    "credential holds",
    "firewall holds",
    "local authorization holds",
    "operation holds",
    "grant holds",
    "data plane skipped",
    "dates skipped",
    "versions skipped",
  ]);
});

test("what could not be looked at ends with 2 and says which right is missing", async () => {
  const env = { ...doctor.environment(doctor.application("may look at nothing")), NO_COLOR: "1" };
  const { code, stdout } = await run([...about(), "--principal", app.principalId], { env });
  expect(code).toBe(2);
  expect(stdout).toContain(
    "– account              Resource manager answered 403 AuthorizationFailed (not looked at; needs Microsoft.DocumentDB/databaseAccounts/read on the account",
  );
  expect(stdout).toContain("No cause was found, but not every link could be looked at.");
});

test.each<[string, readonly string[], RegExp]>([
  ["an account that is none", ["--account", "shop"], /^KC-DOCTOR-ACCOUNT: "shop" is neither/],
  ["a principal that is none", ["--principal", "orders-api"], /^KC-DOCTOR-PRINCIPAL: "orders-api" is no/],
  ["a token file that is not there", ["--token-file", "/nowhere"], /^KC-DOCTOR-TOKEN-FILE: .*ENOENT/],
  [
    "an address that is none",
    ["--address", "here"],
    /^error: option '--address <ip>' argument 'here' is inv/,
  ],
  ["an operation that is none", ["--operation", "guess"], /^error: option '-o, --operation/],
])("%s ends with 2 and a sentence, no stack", async (_what, args, said) => {
  const { code, stdout, stderr } = await run([...about(), ...args], {
    env: { ...doctor.environment(), NO_COLOR: "1" },
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/^ +at /m);
});

test("help ends with 0 and tells the exit codes", async () => {
  const { code, stdout } = await run(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain(
    "Exit code: 0 when access works, 1 when a cause is found, 2 when it could not look.",
  );
});

describe("whoever runs it signs in by", () => {
  /** What DefaultAzureCredential reads; it looks at the process's own environment. */
  const signIn = (credential: NodeJS.ProcessEnv) => ({
    ARM_METADATA_HOSTNAME: new URL(doctor.cloud.origin).host,
    AZURE_AUTHORITY_HOST: doctor.cloud.origin,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: doctor.cloud.origin,
    AZURE_TENANT_ID: doctor.cloud.tenantId,
    AZURE_CLIENT_ID: app.clientId,
    ...credential,
  });
  const ask = async (credential: NodeJS.ProcessEnv, args: readonly string[] = []) => {
    const account = ["--account", doctor.account.endpoint, "--target", "orders/orders", "--json"];
    const { code, stdout } = await run([...account, ...args], { env: signIn(credential) });
    const { cause, tried } = JSON.parse(stdout);
    return { code, cause: cause?.code, link: cause?.link, tried };
  };

  test("a federated assertion: refused for a subject that nobody registered, then taken", async () => {
    const { platform } = doctor.cloud;
    const issuer = await startTestIssuer(platform);
    const registered = {
      issuer: issuer.url,
      subject: "repo:contoso/orders:environment:prod",
      audiences: ["api://AzureADTokenExchange"],
      description: null,
    };
    try {
      doctor.directory.federatedCredentials.add(app.applicationId, { ...registered, name: "github" });
      const claims = { aud: "api://AzureADTokenExchange", sub: "repo:contoso/orders:environment:dev" };
      const assertion = issuer.assertion(claims);
      const credential = { AZURE_FEDERATED_TOKEN_FILE: file("assertion", assertion) };
      const refused = { code: 1, cause: "KC-DOCTOR-FEDERATION", link: "token", tried: false };
      expect(await ask(credential)).toEqual(refused);

      // Somebody who may read the directory is told what differs.
      const looked = await doctor.ask({ principal: app.clientId, credential: assertion });
      expect(looked.cause).toMatchObject({
        code: "KC-DOCTOR-FEDERATION",
        why: "no federated credential takes the assertion; github is the closest: its subject is repo:contoso/orders:environment:prod, the assertion's repo:contoso/orders:environment:dev",
      });

      const good = issuer.assertion({ ...claims, sub: registered.subject });
      writeFileSync(credential.AZURE_FEDERATED_TOKEN_FILE, good);
      expect(await ask(credential)).toEqual({ code: 0, cause: undefined, link: undefined, tried: true });
      expect((await doctor.ask({ principal: app.clientId, credential: good })).cause).toBeUndefined();

      const other = doctor.application("not federated");
      expect((await doctor.ask({ principal: other.clientId, credential: good })).cause?.why).toBe(
        "what was given is an assertion, and the application has no federated credential",
      );
    } finally {
      await issuer.close();
    }
  });

  test("a certificate: refused while nobody registered it, then taken", async () => {
    const key = newIssuerKey("certificate");
    const start = new Date(Date.now() - 60_000);
    const end = new Date(Date.now() + 3_600_000);
    const certificate = selfSignedCertificate({
      ...key,
      commonName: "bearer",
      serialNumber: Buffer.alloc(16, 1),
      notBefore: start,
      notAfter: end,
    });
    const pem = `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
    const AZURE_CLIENT_CERTIFICATE_PATH = file(
      "certificate.pem",
      `${key.privateKey.export({ type: "pkcs8", format: "pem" })}${pem}`,
    );
    expect(await ask({ AZURE_CLIENT_CERTIFICATE_PATH })).toEqual({
      code: 1,
      cause: "KC-DOCTOR-CERTIFICATE",
      link: "token",
      tried: false,
    });
    doctor.directory.keyCredentials.replace(app.applicationId, [
      {
        keyId: doctor.cloud.platform.ids.uuid(),
        displayName: null,
        type: "AsymmetricX509Cert",
        usage: "Verify",
        customKeyIdentifier: null,
        startDateTime: start.toISOString(),
        endDateTime: end.toISOString(),
        certificate,
      },
    ]);
    expect(await ask({ AZURE_CLIENT_CERTIFICATE_PATH })).toEqual({
      code: 0,
      cause: undefined,
      link: undefined,
      tried: true,
    });
  });
});

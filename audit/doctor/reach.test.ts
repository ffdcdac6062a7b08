import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { loadCertificates } from "../../local-azure/core/certificates.ts";
import { manualClock, systemClock } from "../../local-azure/core/clock.ts";
import { listenHttps } from "../../local-azure/core/https-listener.ts";
import { randomIds } from "../../local-azure/core/ids.ts";
import type { Diagnosis } from "./diagnose.ts";
import { type DoctorCloud, startDoctorCloud, type TestApplication } from "./testing/doctor-cloud.ts";

const clock = manualClock(new Date());

let doctor: DoctorCloud;
let app: TestApplication;
beforeAll(async () => {
  doctor = await startDoctorCloud(clock);
  app = doctor.application("caller");
  await doctor.grant(app.principalId, "reader");
});
afterAll(() => doctor.close());

const found = ({ cause, verdict, tried }: Diagnosis) => ({
  code: cause?.code,
  link: cause?.link,
  verdict,
  tried,
});
const works = { code: undefined, link: undefined, verdict: "works", tried: true };
const broken = (link: string, code: string) => ({ code, link, verdict: "broken", tried: false });
const asApp = async () => ({ principal: app.principalId, credential: await doctor.token(app) });

test("by its endpoint alone the account is found in the subscriptions that may be read", async () => {
  const { endpoint, name } = doctor.account;
  const diagnosis = await doctor.ask({ ...(await asApp()), account: { endpoint } });
  expect(found(diagnosis)).toEqual(works);
  expect(diagnosis.account).toBe(name);
  const credential = await doctor.token(app, "https://cosmos.azure.com");
  expect(found(await doctor.ask({ ...(await asApp()), account: { endpoint }, credential }))).toEqual(works);
});

test("an account that resource manager does not have", async () => {
  const id = doctor.account.id.replace(/shop$/, "shut");
  expect(found(await doctor.ask({ ...(await asApp()), account: { id } }))).toEqual(
    broken("account", "KC-DOCTOR-ACCOUNT-MISSING"),
  );
});

test("a host without an address", async () => {
  const account = { endpoint: "https://shop.documents.invalid/" };
  expect(found(await doctor.ask({ ...(await asApp()), account }))).toEqual(
    broken("endpoint", "KC-DOCTOR-ENDPOINT-DNS"),
  );
});

test("a port at which nothing listens, and a certificate that nobody here trusts", async () => {
  const directory = mkdtempSync(join(tmpdir(), "doctor-authority-"));
  const listener = await listenHttps({
    certificates: await loadCertificates(directory, systemClock, randomIds),
    port: 0,
    handler: (_request, response) => response.end(),
  });
  const account = { endpoint: `https://localhost:${listener.port}/` };
  try {
    expect(found(await doctor.ask({ ...(await asApp()), account }))).toEqual(
      broken("endpoint", "KC-DOCTOR-ENDPOINT-TLS"),
    );
  } finally {
    await listener.close();
    rmSync(directory, { recursive: true, force: true });
  }
  expect(found(await doctor.ask({ ...(await asApp()), account }))).toEqual(
    broken("endpoint", "KC-DOCTOR-ENDPOINT-UNREACHABLE"),
  );
});

test("a container that does not exist", async () => {
  await doctor.grant(app.principalId, "reader", "/dbs/orders");
  const request = { ...(await asApp()), target: "orders/carts" };
  expect(found(await doctor.ask(request))).toEqual(broken("target", "KC-DOCTOR-TARGET-MISSING"));
  expect(found(await doctor.ask({ ...request, target: "orders/audit" }))).toEqual(works);
});

test("a clock that is off is the cause only where access does not work", async () => {
  const off = (seconds: number) => () => new Date(clock.nowMs() + seconds * 1000);
  const untried = { principal: app.principalId };
  const diagnosis = await doctor.ask(untried, undefined, off(1200));
  expect(found(diagnosis)).toEqual(broken("clock", "KC-DOCTOR-CLOCK"));
  expect(diagnosis.cause?.why).toMatch(/^the clock here is 1(199|200|201) s ahead of that of https:/);
  expect(found(await doctor.ask(untried, undefined, off(-1200))).code).toBe("KC-DOCTOR-CLOCK");
  expect(found(await doctor.ask(untried, undefined, off(200))).code).toBeUndefined();
  const tried = await doctor.ask(await asApp(), undefined, off(1200));
  expect(found(tried)).toEqual(works);
  expect(tried.notes.map(({ code }) => code)).toEqual(["KC-DOCTOR-CLOCK"]);
});

test("a cloud whose clock was moved is ahead of the machine's", async () => {
  clock.advance(20 * 60_000);
  const diagnosis = await doctor.ask({ principal: app.principalId }, undefined, () => new Date());
  expect(found(diagnosis)).toEqual(broken("clock", "KC-DOCTOR-CLOCK"));
  expect(diagnosis.cause?.why).toContain(" s behind that of ");
});

test("a firewall that does not admit this address, and one that does", async () => {
  await doctor.changeAccount({ ipRules: [{ ipAddressOrRange: "203.0.113.0/24" }] });
  const refused = await doctor.ask(await asApp());
  expect(found(refused)).toEqual(broken("firewall", "KC-DOCTOR-FIREWALL"));
  expect(refused.cause?.why).toMatch(
    /^Request originated from IP (127\.0\.0\.1|::1) through public internet\. This is blocked by your Cosmos DB account firewall settings\./,
  );
  const elsewhere = { principal: app.principalId, address: "203.0.113.7" };
  expect(found(await doctor.ask(elsewhere)).code).toBeUndefined();
  expect(found(await doctor.ask({ ...elsewhere, address: "198.51.100.7" }))).toEqual(
    broken("firewall", "KC-DOCTOR-FIREWALL"),
  );
  // Where the principal calls from is not known: that this machine is refused says nothing of it.
  expect(found(await doctor.ask({ principal: app.principalId })).code).toBeUndefined();
  await doctor.changeAccount({ ipRules: [{ ipAddressOrRange: "0.0.0.0" }] });
  const within = await doctor.ask({ ...elsewhere, address: "198.51.100.7" });
  expect(within.links.find(({ link }) => link === "firewall")?.check).toEqual({
    state: "skipped",
    why: "the account admits Azure's data centres (0.0.0.0); whether 198.51.100.7 is Azure's is not known here",
  });
  await doctor.changeAccount({ ipRules: [{ ipAddressOrRange: "127.0.0.1" }] });
  expect(found(await doctor.ask(await asApp()))).toEqual(works);
});

test("an account that is closed to the public network", async () => {
  await doctor.changeAccount({ ipRules: [], publicNetworkAccess: "Disabled" });
  expect(found(await doctor.ask(await asApp()))).toEqual(broken("firewall", "KC-DOCTOR-PUBLIC-ACCESS"));
  const address = { principal: app.principalId, address: "127.0.0.1" };
  expect(found(await doctor.ask(address))).toEqual(broken("firewall", "KC-DOCTOR-PUBLIC-ACCESS"));
  await doctor.changeAccount({ publicNetworkAccess: "Enabled" });
  expect(found(await doctor.ask(await asApp()))).toEqual(works);
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { manualClock } from "../../local-azure/core/clock.ts";
import { firstParty } from "../../local-azure/entra/first-party.ts";
import { outputs, workloadGrant } from "../../smoke-tests/testing/outputs.ts";
import type { Diagnosis } from "./diagnose.ts";
import { type DoctorCloud, startDoctorCloud } from "./testing/doctor-cloud.ts";

/** Cosmos DB Account Reader Role. */
const accountReader = "fbdf93bf-df7d-467e-a4d2-9458aa1360c8";
const day = 86_400_000;
const clock = manualClock(new Date());

let doctor: DoctorCloud;
beforeAll(async () => {
  doctor = await startDoctorCloud(clock);
});
afterAll(() => doctor.close());

const found = ({ cause, verdict }: Diagnosis) => ({ code: cause?.code, link: cause?.link, verdict });
const works = { code: undefined, link: undefined, verdict: "works" };
const broken = (link: string, code: string) => ({ code, link, verdict: "broken" });

test("an id that the directory does not know", async () => {
  const principal = "99999999-9999-4999-8999-999999999999";
  const diagnosis = await doctor.ask({ principal });
  expect(found(diagnosis)).toEqual(broken("principal", "KC-DOCTOR-PRINCIPAL-MISSING"));
  expect(diagnosis.cause?.why).toBe(`the directory has no principal ${principal}`);
});

test("the object id of an app registration, which resource manager takes for no principal", async () => {
  const app = doctor.application("registered");
  await expect(doctor.grant(app.applicationId, "reader")).rejects.toThrow(
    `The provided principal ID [${app.applicationId}] was found to be of an unsupported type : [Application]`,
  );
  await doctor.grant(app.principalId, "reader");
  const diagnosis = await doctor.ask({ principal: app.applicationId });
  expect(found(diagnosis)).toEqual(broken("principal", "KC-DOCTOR-APPLICATION-OBJECT"));
  expect(diagnosis.cause?.fix).toBe(`use the object id of its service principal: ${app.principalId}`);
  expect(found(await doctor.ask({ principal: app.principalId }))).toEqual(works);
});

test.each([
  ["object id", ({ id }: { readonly id: string }) => id],
  ["client id", ({ appId = "" }: { readonly appId?: string }) => appId],
])("an app registration without a service principal, by its %s", async (_what, idOf) => {
  const application = doctor.directory.create({ type: "application", displayName: "only registered" });
  doctor.directory.passwords.add(application.id);
  const principal = idOf(application);
  const diagnosis = await doctor.ask({ principal });
  expect(found(diagnosis)).toEqual(broken("principal", "KC-DOCTOR-NO-SERVICE-PRINCIPAL"));
  const { id } = doctor.directory.create({
    type: "servicePrincipal",
    displayName: "only registered",
    appId: application.appId ?? "",
  });
  await doctor.grant(id, "reader");
  expect(found(await doctor.ask({ principal: application.appId ?? "" }))).toEqual(works);
});

test("a service principal that is disabled", async () => {
  const app = doctor.application("switched off");
  await doctor.grant(app.principalId, "reader");
  doctor.directory.update(app.principalId, { accountEnabled: false });
  expect(found(await doctor.ask({ principal: app.clientId }))).toEqual(
    broken("principal", "KC-DOCTOR-PRINCIPAL-DISABLED"),
  );
  doctor.directory.update(app.principalId, { accountEnabled: true });
  expect(found(await doctor.ask({ principal: app.clientId }))).toEqual(works);
});

test("an application all of whose secrets have ended", async () => {
  const app = doctor.application("lasts two years");
  await doctor.grant(app.principalId, "reader");
  expect(found(await doctor.ask({ principal: app.principalId }))).toEqual(works);
  const { passwords } = doctor.directory;
  for (const { keyId } of passwords.of(app.applicationId)) passwords.remove(app.applicationId, keyId);
  expect(found(await doctor.ask({ principal: app.principalId }))).toEqual(
    broken("credential", "KC-DOCTOR-NO-CREDENTIAL"),
  );
  const [start, end] = [new Date(clock.nowMs() - 2 * day), new Date(clock.nowMs() - day)];
  passwords.add(app.applicationId, { start, end });
  const diagnosis = await doctor.ask({ principal: app.principalId });
  expect(found(diagnosis)).toEqual(broken("credential", "KC-DOCTOR-CREDENTIAL-EXPIRED"));
  expect(diagnosis.cause?.why).toContain(end.toISOString());
  passwords.add(app.principalId);
  expect(found(await doctor.ask({ principal: app.principalId }))).toEqual(works);
});

test("a managed identity proves itself without a secret", async () => {
  const { principalId } = doctor.directory.createManagedIdentity(`${doctor.account.id}/identities/i`, "i");
  await doctor.grant(principalId, "reader");
  expect(found(await doctor.ask({ principal: principalId }))).toEqual(works);
});

test("a person by their user principal name, enabled and not", async () => {
  const principal = "ana@local-azure.example";
  const person = doctor.directory.create({
    type: "user",
    displayName: "Ana",
    properties: { userPrincipalName: principal },
  });
  expect(found(await doctor.ask({ principal }))).toEqual(broken("grant", "KC-DOCTOR-NO-GRANT"));
  await doctor.grant(person.id, "reader");
  expect(found(await doctor.ask({ principal }))).toEqual(works);
  expect(found(await doctor.ask({ principal: person.id }))).toEqual(works);
  doctor.directory.update(person.id, { accountEnabled: false });
  expect(found(await doctor.ask({ principal }))).toEqual(broken("principal", "KC-DOCTOR-PRINCIPAL-DISABLED"));
});

describe("whoever runs the doctor, when no token is given", () => {
  /** As an application that may look at nothing, so that only its own sign-in tells. */
  const askAs = (client: { readonly clientId: string; readonly clientSecret: string }) =>
    doctor.ask({ account: { endpoint: doctor.account.endpoint } }, doctor.environment(client));

  test("signs in and tries", async () => {
    const app = doctor.application("runs the doctor");
    await doctor.grant(app.principalId, "reader");
    const diagnosis = await askAs(app);
    expect({ ...found(diagnosis), tried: diagnosis.tried }).toEqual({ ...works, tried: true });
  });

  test("has the wrong secret", async () => {
    const app = doctor.application("has the wrong secret");
    const diagnosis = await askAs({ ...app, clientSecret: "not-the-secret-of-anybody" });
    expect(found(diagnosis)).toEqual(broken("token", "KC-DOCTOR-SECRET-WRONG"));
    expect(diagnosis.cause?.why).toMatch(
      /^no token was given: AADSTS7000215: Invalid client secret provided\./,
    );
    expect(JSON.stringify(diagnosis)).not.toContain("not-the-secret-of-anybody");
  });

  test("has a secret that has ended", async () => {
    const app = doctor.application("has an old secret");
    const [start, end] = [new Date(clock.nowMs() - 2 * day), new Date(clock.nowMs() - day)];
    const { secretText } = doctor.directory.passwords.add(app.applicationId, { start, end });
    expect(found(await askAs({ ...app, clientSecret: secretText }))).toEqual(
      broken("token", "KC-DOCTOR-CREDENTIAL-EXPIRED"),
    );
  });

  test("is an application without a service principal", async () => {
    const { id, appId = "" } = doctor.directory.create({ type: "application", displayName: "registered" });
    const { secretText } = doctor.directory.passwords.add(id);
    expect(found(await askAs({ clientId: appId, clientSecret: secretText }))).toEqual(
      broken("token", "KC-DOCTOR-NO-SERVICE-PRINCIPAL"),
    );
  });

  test("is not known in the tenant, or disabled", async () => {
    const app = doctor.application("about to be disabled");
    const unknown = { ...app, clientId: "99999999-9999-4999-8999-999999999999" };
    expect(found(await askAs(unknown))).toEqual(broken("token", "KC-DOCTOR-PRINCIPAL-MISSING"));
    doctor.directory.update(app.principalId, { accountEnabled: false });
    expect(found(await askAs(app))).toEqual(broken("token", "KC-DOCTOR-PRINCIPAL-DISABLED"));
  });

  test("asks in a tenant that is not there", async () => {
    const ARM_TENANT_ID = "99999999-9999-4999-8999-999999999999";
    const environment = { ...doctor.environment(), ARM_TENANT_ID };
    expect(found(await doctor.ask({}, environment))).toEqual(broken("token", "KC-DOCTOR-TOKEN-TENANT"));
  });

  test("gets no token because Cosmos DB itself is switched off in the tenant", async () => {
    const app = doctor.application("asks in vain");
    await doctor.grant(app.principalId, "reader");
    const cosmos = doctor.directory.findServicePrincipalByAppId(firstParty.cosmos.appId)?.id ?? "";
    doctor.directory.update(cosmos, { accountEnabled: false });
    const diagnosis = await askAs(app);
    doctor.directory.update(cosmos, { accountEnabled: true });
    expect(found(diagnosis)).toEqual(broken("token", "KC-DOCTOR-NO-TOKEN"));
    expect(diagnosis.cause?.why).toMatch(/^no token was given: AADSTS500014: /);
    expect(found(await askAs(app))).toEqual(works);
  });

  test("may look at nothing: each link says what right it takes, and no cause is made up", async () => {
    const app = doctor.application("may look at nothing");
    const other = doctor.application("somebody else");
    const diagnosis = await doctor.ask({ principal: other.principalId }, doctor.environment(app));
    expect(found(diagnosis)).toEqual({ code: undefined, link: undefined, verdict: "unseen" });
    expect(
      diagnosis.links.flatMap(({ link, check }) =>
        check.state === "unseen" ? [{ link, why: check.why, needs: check.needs.split(" ")[0] }] : [],
      ),
    ).toEqual([
      {
        link: "account",
        why: "Resource manager answered 403 AuthorizationFailed",
        needs: "Microsoft.DocumentDB/databaseAccounts/read",
      },
      {
        link: "principal",
        why: "Microsoft Graph answered 403 Authorization_RequestDenied",
        needs: "Application.Read.All",
      },
      {
        link: "firewall",
        why: "Resource manager answered 403 AuthorizationFailed",
        needs: "Microsoft.DocumentDB/databaseAccounts/read",
      },
      {
        link: "local authorization",
        why: "Resource manager answered 403 AuthorizationFailed",
        needs: "Microsoft.DocumentDB/databaseAccounts/read",
      },
    ]);
  });

  test("may read the account and not the directory: the stack knows whose grants to look for", async () => {
    const app = doctor.application("reads the account");
    await doctor.assign(app.principalId, accountReader);
    const { principalId } = doctor.application("declared");
    const request = {
      principal: "orders-api",
      outputs: {
        ...outputs,
        tenantId: doctor.cloud.tenantId,
        grants: [{ ...workloadGrant, principalId }],
      },
    };
    const environment = doctor.environment(app);
    expect(found(await doctor.ask(request, environment))).toEqual(broken("grant", "KC-DOCTOR-NO-GRANT"));
    await doctor.grant(principalId, "reader");
    expect(found(await doctor.ask(request, environment))).toEqual({ ...works, verdict: "unseen" });
  });

  test("may look at nothing, and is refused by the data plane, which says what it lacks", async () => {
    const app = doctor.application("only knocks");
    const account = { endpoint: doctor.account.endpoint };
    expect(found(await doctor.ask({ account }, doctor.environment(app)))).toEqual(
      broken("grant", "KC-DOCTOR-NO-GRANT"),
    );
  });
});

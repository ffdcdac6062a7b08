import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { manualClock } from "../../local-azure/core/clock.ts";
import { type DoctorCloud, startDoctorCloud } from "./testing/doctor-cloud.ts";

const clock = manualClock(new Date());

let doctor: DoctorCloud;
beforeAll(async () => {
  doctor = await startDoctorCloud(clock);
});
afterAll(() => doctor.close());

test("a grant on its way is told from one that is missing, with the time since when", async () => {
  const app = doctor.application("granted just now");
  const request = { principal: app.principalId, credential: await doctor.token(app) };
  expect((await doctor.ask(request)).cause?.code).toBe("KC-DOCTOR-NO-GRANT");

  doctor.cloud.platform.faults.set("grant-propagation", undefined, 120);
  const writtenAt = clock.now().toISOString();
  await doctor.grant(app.principalId, "reader");
  clock.advance(60_000);
  const underway = await doctor.ask(request);
  expect(underway.cause).toMatchObject({ code: "KC-DOCTOR-PROPAGATING", link: "data plane" });
  expect(underway.cause?.why).toContain(`resource manager has the role assignment (written at ${writtenAt})`);
  expect(underway.cause?.why).toContain("403/5301 Request blocked by Auth shop");
  // Without a token of the principal nobody can see it.
  expect((await doctor.ask({ principal: app.principalId })).cause).toBeUndefined();

  clock.advance(60_000);
  expect(await doctor.ask(request)).toMatchObject({ verdict: "works", tried: true, cause: undefined });
});

test("a grant that was taken away and still has effect is no cause yet", async () => {
  const app = doctor.application("loses its grant");
  const request = { principal: app.principalId, credential: await doctor.token(app) };
  doctor.cloud.platform.faults.clear("grant-propagation");
  const assignment = await doctor.grant(app.principalId, "reader");
  doctor.cloud.platform.faults.set("grant-propagation", undefined, 120);
  const { sqlResources } = doctor.management;
  await sqlResources.deleteSqlRoleAssignment("doctor", "shop", assignment, { updateIntervalInMs: 5 });
  const still = await doctor.ask(request);
  expect(still).toMatchObject({ verdict: "works", tried: true, cause: undefined });
  expect(still.notes.map(({ code }) => code)).toEqual(["KC-DOCTOR-NO-GRANT"]);
  clock.advance(120_000);
  expect((await doctor.ask(request)).cause?.code).toBe("KC-DOCTOR-NO-GRANT");
});

import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { StackOutputs } from "../infra/outputs/schema.ts";
import { createPulumiProject, type PulumiProject } from "../local-azure/pulumi/testing/pulumi-project.ts";
import { engineBuildMs } from "../local-azure/testing/command-line.ts";
import { outputs, workloadGrant } from "../smoke-tests/testing/outputs.ts";
import { type DoctorCloud, startDoctorCloud, type TestApplication } from "./doctor/testing/doctor-cloud.ts";

let doctor: DoctorCloud;
let project: PulumiProject;
let app: TestApplication;
beforeAll(async () => {
  doctor = await startDoctorCloud();
  app = doctor.application("orders-api");
  await doctor.grant(app.principalId, "contributor");
  project = await createPulumiProject({
    ...doctor.environment(),
    NO_COLOR: "1",
    NODE_EXTRA_CA_CERTS: "authority.pem",
  });
  project.write("authority.pem", doctor.cloud.platform.certificates.caCertificatePem);
  await importStack();
}, engineBuildMs);
afterAll(async () => {
  project.remove();
  await doctor.close();
});

/** Gives the stack the outputs that a deployment of the program would leave. */
async function importStack(): Promise<void> {
  const { id, name, endpoint } = doctor.account;
  const deployed: StackOutputs = {
    ...outputs,
    tenantId: doctor.cloud.tenantId,
    subscriptionId: doctor.cloud.subscriptionId,
    account: { id, name, endpoint },
    grants: [{ ...workloadGrant, principalId: app.principalId }],
  };
  const { deployment, ...rest } = JSON.parse(await project.succeed("stack", "export"));
  const stack = {
    urn: "urn:pulumi:test::test-project::pulumi:pulumi:Stack::test-project-test",
    custom: false,
    type: "pulumi:pulumi:Stack",
    outputs: deployed,
  };
  project.write("stack.json", JSON.stringify({ ...rest, deployment: { ...deployment, resources: [stack] } }));
  await project.succeed("stack", "import", "--file", "stack.json");
}

function run(file: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), "--stack", "test", ...args], {
    cwd: project.directory,
    env: project.environment,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, stdout, stderr })),
  );
}

const today = (day: string) => project.succeed("config", "set", "keyless-cosmos:today", day);

test("a review that is overdue on the stack's own day is a finding of the audit and a note of the doctor", async () => {
  const overdue = {
    code: "KC-REVIEW-OVERDUE",
    why: "the grant contributor on orders/orders of orders-api was to be reviewed by team-orders until 2027-02-20",
  };
  await today("2027-02-20");
  const before = await run("cli.ts", "--json");
  expect(before).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(before.stdout).findings).toEqual([]);

  await today("2027-02-21");
  const after = await run("cli.ts");
  expect(after).toMatchObject({ code: 3, stderr: "" });
  expect(after.stdout).toContain("What is overdue");
  expect(JSON.parse((await run("cli.ts", "--json")).stdout).findings).toMatchObject([overdue]);

  const diagnosed = await run("doctor/cli.ts", "--principal", "orders-api", "--json");
  expect(diagnosed).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(diagnosed.stdout)).toMatchObject({
    principalId: app.principalId,
    target: "orders/orders",
    operation: "readItem",
    verdict: "works",
    notes: [overdue],
  });
});

test("a name that the stack does not have is told with those that it has", async () => {
  const { code, stderr } = await run("doctor/cli.ts", "--principal", "orders");
  expect(code).toBe(2);
  expect(stderr).toMatch(/^KC-DOCTOR-PRINCIPAL: The stack has no principal "orders": it has orders-api\.\n/);
});

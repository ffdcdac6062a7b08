import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { RequestLogEntry } from "../../core/request-log.ts";
import { openTestCommandLine, type TestCommandLine } from "../../testing/command-line.ts";

const principal = "11111111-1111-4111-8111-111111111111";
const other = "22222222-2222-4222-8222-222222222222";

let cli: TestCommandLine;
beforeAll(() => {
  cli = openTestCommandLine();
  mkdirSync(cli.home, { recursive: true });
});
afterAll(() => cli.close());

const request = (second: number, change: Partial<RequestLogEntry> = {}): RequestLogEntry => ({
  time: `2026-11-20T08:00:0${second}.000Z`,
  surface: "cosmos",
  method: "GET",
  path: "/dbs/orders/colls/orders/docs/a",
  route: "GET /dbs/:database/colls/:container/docs/:id",
  status: 200,
  correlationId: "33333333-3333-4333-8333-333333333333",
  principalId: principal,
  userAgent: "azsdk-js (linux; x64)",
  durationMs: 1.5,
  dataPlane: {
    account: "shop",
    region: "westeurope",
    database: "orders",
    container: "orders",
    operationName: "Read",
    resourceType: "Document",
    clientIpAddress: "127.0.0.1",
    authTokenType: "AadToken",
    roleAssignmentId: "44444444-4444-4444-8444-444444444444",
    requestCharge: 1,
    requestLength: 0,
    responseLength: 120,
  },
  ...change,
});
const { dataPlane: _, ...ofArm } = request(1, { surface: "arm" });
const signIn = (second: number, columns: Record<string, string>) => ({
  CreatedDateTime: `2026-11-20T08:00:0${second}.500Z`,
  Category: "ServicePrincipalSignInLogs",
  ResultType: "0",
  ResultDescription: "",
  ...columns,
});

beforeEach(() => {
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
  writeFileSync(
    join(cli.home, "requests.jsonl"),
    lines([request(0), ofArm, request(2, { status: 403, principalId: other })]),
  );
  const refused = {
    ResultType: "7000222",
    ResultDescription: "The provided client secret keys are expired.",
  };
  writeFileSync(
    join(cli.home, "sign-ins.jsonl"),
    lines([
      signIn(0, { ServicePrincipalId: principal, AppId: other }),
      signIn(1, { ...refused, AppId: other, Category: "SignInLogs" }),
    ]),
  );
});

test("data-plane requests have the columns of CDBDataPlaneRequests, for people and for machines", async () => {
  const first =
    '2026-11-20T08:00:00.000Z CDBDataPlaneRequests AccountName=shop DatabaseName=orders CollectionName=orders OperationName=Read RequestResourceType=Document RequestResourceId=/dbs/orders/colls/orders/docs/a StatusCode=200 ActivityId=33333333-3333-4333-8333-333333333333 AadPrincipalId=11111111-1111-4111-8111-111111111111 AadAppliedRoleAssignmentId=44444444-4444-4444-8444-444444444444 AuthTokenType=AadToken ClientIpAddress=127.0.0.1 ConnectionMode=Gateway RegionName=westeurope RequestCharge=1 RequestLength=0 ResponseLength=120 DurationMs=1.5 UserAgent="azsdk-js (linux; x64)"';
  const printed = (await cli.succeed("logs", "--data-plane")).trimEnd().split("\n");
  expect([printed.length, printed[0]]).toEqual([2, first]);
  const [record] = (await cli.succeed("logs", "--data-plane", "--json", "-n", "1")).trimEnd().split("\n");
  expect(JSON.parse(record ?? "")).toMatchObject({
    Type: "CDBDataPlaneRequests",
    TimeGenerated: "2026-11-20T08:00:02.000Z",
    StatusCode: 403,
    AadPrincipalId: other,
  });
});

test("sign-ins and data-plane requests come together in the order of time, chosen by principal", async () => {
  const types = async (...args: string[]) =>
    (await cli.succeed("logs", "--signins", "--data-plane", "--json", ...args))
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { Type: string }).Type);
  expect(await types()).toEqual([
    "CDBDataPlaneRequests",
    "AADServicePrincipalSignInLogs",
    "SigninLogs",
    "CDBDataPlaneRequests",
  ]);
  expect(await types("--principal", principal.toUpperCase())).toEqual([
    "CDBDataPlaneRequests",
    "AADServicePrincipalSignInLogs",
  ]);
  expect(await types("--principal", other, "--lines", "2")).toEqual(["SigninLogs", "CDBDataPlaneRequests"]);
  expect(await cli.succeed("logs", "--signins", "-n", "1")).toBe(
    `2026-11-20T08:00:01.500Z SigninLogs CreatedDateTime=2026-11-20T08:00:01.500Z Category=SignInLogs ResultType=7000222 ResultDescription="The provided client secret keys are expired." AppId=${other}\n`,
  );
});

test("what a kill cut off is passed over; what is added is followed, line by line", async () => {
  appendFileSync(join(cli.home, "requests.jsonl"), '{"time":"2026-11-20T08:00:03.000Z","dataPlane":{"acc\n');
  const running = cli.start("logs", "--data-plane", "--json", "--follow");
  try {
    await running.output((text) => text.split("\n").length === 3);
    const line = `${JSON.stringify(request(4, { status: 404 }))}\n`;
    appendFileSync(join(cli.home, "requests.jsonl"), line.slice(0, 40));
    appendFileSync(join(cli.home, "requests.jsonl"), line.slice(40));
    await running.output((text) => text.includes('"StatusCode":404'));
  } finally {
    running.process.kill("SIGINT");
  }
  expect((await running.ended).code).toBe(0);
});

test("what a caller wrote steers no terminal, however its record is printed", async () => {
  const hostile = "\u001b[2J\u009b2J\u007f";
  const entry = { ...request(5), path: `/dbs/${hostile}`, userAgent: hostile };
  appendFileSync(join(cli.home, "requests.jsonl"), `${JSON.stringify(entry)}\n`);
  appendFileSync(
    join(cli.home, "sign-ins.jsonl"),
    `${JSON.stringify(signIn(6, { AppId: hostile, Category: "SignInLogs" }))}\n`,
  );
  for (const args of [
    ["--signins", "--data-plane"],
    ["--signins", "--data-plane", "--json"],
    ["--requests"],
  ]) {
    const printed = await cli.succeed("logs", ...args, "-n", "2");
    expect(printed).toMatch(/^[\x20-\x7e\n]+$/);
    expect(printed).toContain("\\u001b[2J\\u009b2J\\u007f");
  }
});

test("the request log and the cloud's own log are printed line by line, as JSON too", async () => {
  const lines = (await cli.succeed("logs", "--requests", "--json")).trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as RequestLogEntry).surface)).toEqual([
    "cosmos",
    "arm",
    "cosmos",
  ]);
  writeFileSync(join(cli.home, "cloud.log"), "first\nsecond\n");
  expect(await cli.succeed("logs", "-n", "1")).toBe("second\n");
  expect(await cli.succeed("logs", "-n", "1", "--json")).toBe('{"line":"second"}\n');
  expect(await cli.succeed("logs", "-n", "0")).toBe("");
});

test.each([
  [["--lines", "few"], 'LA-LOGS-LINES: "few" is not a number of lines.'],
  [
    ["orders", "--signins"],
    "LA-LOGS-CHOICE: A site's log, the request log and Azure's logs are printed one at a time.",
  ],
  [["--principal", principal], "LA-LOGS-CHOICE: --principal chooses among Azure's logs alone."],
  [["orders"], "LA-UNKNOWN-SITE: There is no site called orders."],
])("logs %j is refused", async (args, first) => {
  const { code, stdout, stderr } = await cli.run("logs", ...args);
  expect([code, stdout, stderr.split("\n")[0]]).toEqual([1, "", first]);
});

import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { stateVersion } from "./core/store.ts";
import { eventually } from "./hosting/testing/eventually.ts";
import { openTestCommandLine, type TestCommandLine } from "./testing/command-line.ts";

let cli: TestCommandLine;
beforeEach(() => {
  cli = openTestCommandLine();
});
afterEach(() => cli.close());

interface Running {
  readonly pid: number;
  readonly origin: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
}

const start = async (): Promise<Running> => JSON.parse(await cli.succeed("start", "--json"));
const killed = "Not running: it was killed. `local-azure start` goes on from the state it kept.\n";

/** Kills the cloud and waits until the command line sees it. */
async function kill({ pid }: Running): Promise<void> {
  process.kill(pid, "SIGKILL");
  await eventually(
    () => cli.run("status"),
    ({ code }) => code === 3,
  );
}

/** Calls the cloud as its deployer, over https. */
async function signIn(cloud: Running) {
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(cli.home, "ca.crt"), "utf8")]);
  const deployer = JSON.parse(readFileSync(join(cli.home, "deployer.json"), "utf8")) as {
    clientId: string;
    clientSecret: string;
    principalId: string;
  };
  const tokenFor = async (scope: string) => {
    const response = await fetch(`${cloud.origin}/${cloud.tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: deployer.clientId,
        client_secret: deployer.clientSecret,
        scope,
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const armToken = await tokenFor(`${cloud.origin}/.default`);
  const cosmosToken = await tokenFor("https://cosmos.azure.com/.default");
  const arm = (method: string, path: string, apiVersion: string, body?: unknown) =>
    fetch(`${cloud.origin}/subscriptions/${cloud.subscriptionId}${path}?api-version=${apiVersion}`, {
      method,
      headers: { authorization: `Bearer ${armToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const cosmos = (method: string, url: string, partition: string, body?: unknown) =>
    fetch(url, {
      method,
      headers: {
        authorization: encodeURIComponent(`type=aad&ver=1.0&sig=${cosmosToken}`),
        "x-ms-version": "2020-07-15",
        "x-ms-date": new Date().toUTCString(),
        "x-ms-documentdb-partitionkey": JSON.stringify([partition]),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { arm, cosmos, principalId: deployer.principalId };
}

type Calls = Awaited<ReturnType<typeof signIn>>;

const groups = "2021-04-01";
const cosmosVersion = "2025-10-15";
const account = "/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/kept-account";

/** An account with the container `orders/orders`, whose contributor the deployer is; answers its endpoint. */
async function makeContainer({ arm, principalId }: Calls, subscriptionId: string): Promise<string> {
  const location = "westeurope";
  const make = async (path: string, properties: object) => {
    const accepted = await arm("PUT", path, cosmosVersion, { location, properties });
    expect(accepted.status).toBeLessThan(300);
    await eventually(
      () => arm("GET", path, cosmosVersion),
      ({ status }) => status === 200,
    );
  };
  expect((await arm("PUT", "/resourceGroups/rg", groups, { location })).status).toBe(201);
  await make(account, {
    databaseAccountOfferType: "Standard",
    locations: [{ locationName: location, failoverPriority: 0 }],
  });
  const endpointOf = async () => {
    const { properties } = (await (await arm("GET", account, cosmosVersion)).json()) as {
      properties: { provisioningState: string; documentEndpoint?: string };
    };
    return properties.provisioningState === "Succeeded" ? (properties.documentEndpoint ?? "") : "";
  };
  const endpoint = await eventually(endpointOf, (text) => text !== "");
  const accountId = `/subscriptions/${subscriptionId}${account}`;
  await make(`${account}/sqlDatabases/orders`, { resource: { id: "orders" } });
  await make(`${account}/sqlDatabases/orders/containers/orders`, {
    resource: { id: "orders", partitionKey: { paths: ["/pk"], kind: "Hash", version: 2 } },
  });
  await make(`${account}/sqlRoleAssignments/6f1d1d9b-6a4e-4c8e-9f1b-111111111111`, {
    principalId,
    roleDefinitionId: `${accountId}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`,
    scope: accountId,
  });
  return endpoint;
}

test("every acknowledged item and resource outlives kills, at the same addresses", async () => {
  let cloud = await start();
  const endpoint = await makeContainer(await signIn(cloud), cloud.subscriptionId);
  const documents = `${endpoint}dbs/orders/colls/orders/docs`;
  const items: string[] = [];
  const made: string[] = [];
  for (const round of [1, 2]) {
    const { arm, cosmos } = await signIn(cloud);
    let alive = true;
    const write = async (
      path: (index: number) => string,
      send: (name: string) => Promise<Response>,
      kept: string[],
    ) => {
      for (let index = 0; alive; index += 1) {
        const name = path(index);
        const answer = await send(name).catch(() => undefined);
        if (answer?.status === 201) kept.push(name);
        else if (alive) throw new Error(`${name} was answered with ${answer?.status}`);
        if (alive && items.length >= round * 150 && made.length >= round * 5) {
          alive = false;
          process.kill(cloud.pid, "SIGKILL");
        }
      }
    };
    const item = (id: string) => cosmos("POST", documents, id, { id, pk: id });
    const group = (name: string) => arm("PUT", `/resourceGroups/${name}`, groups, { location: "westeurope" });
    await Promise.all([
      ...[1, 2, 3].map((writer) => write((index) => `item-${round}-${writer}-${index}`, item, items)),
      write((index) => `group-${round}-${index}`, group, made),
    ]);

    expect(await cli.run("status")).toEqual({ code: 3, stdout: killed, stderr: "" });
    const again = await start();
    expect({ ...again, pid: 0, startedAt: "" }).toEqual({ ...cloud, pid: 0, startedAt: "" });
    cloud = again;
  }
  const { arm, cosmos } = await signIn(cloud);
  const lost: string[] = [];
  for (const name of items) {
    if ((await cosmos("GET", `${documents}/${name}`, name)).status !== 200) lost.push(name);
  }
  for (const name of made) {
    if ((await arm("GET", `/resourceGroups/${name}`, groups)).status !== 200) lost.push(name);
  }
  expect(lost).toEqual([]);
});

test("two starts at once start one cloud", async () => {
  const both = await Promise.all([cli.succeed("start"), cli.succeed("start")]);
  expect(both.map((text) => text.split("\n")[0]).sort()).toEqual(["Already running.", "Started."]);
  const [first, second] = both.map((text) => text.slice(text.indexOf("\n")));
  expect(first).toBe(second);
});

test("a process file that a kill left behind is seen through, whoever has its process id or port by now", async () => {
  const cloud = await start();
  await kill(cloud);
  const file = join(cli.home, "process.json");
  const left = JSON.parse(readFileSync(file, "utf8")) as object;
  const impostor = createHttpServer((_, response) => response.writeHead(200).end("welcome"));
  impostor.listen(0, "127.0.0.1");
  await once(impostor, "listening");
  const { port } = impostor.address() as AddressInfo;
  const texts = [
    JSON.stringify({ ...left, pid: process.pid, controlPort: port }),
    JSON.stringify(left).slice(0, 40),
    "",
  ];
  try {
    for (const text of texts) {
      writeFileSync(file, text);
      expect(await cli.run("status")).toEqual({ code: 3, stdout: killed, stderr: "" });
    }
    expect(await cli.run("stop")).toEqual({ code: 0, stdout: "Not running.\n", stderr: "" });
    const again = await start();
    expect(again.origin).toBe(cloud.origin);
  } finally {
    impostor.close();
  }
});

test("a port that another program has is told, and nothing is left running", async () => {
  const { origin } = await start();
  await cli.succeed("stop");
  const port = Number(new URL(origin).port);
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");
  const refused = cli.start("start");
  expect(await refused.ended).toEqual({
    code: 1,
    stdout: "",
    stderr: `LA-PORT-IN-USE: Port ${port} on 127.0.0.1 is taken by another program, but the local cloud's state has handed it out.
Fix: Stop that program (\`ss -ltnp\` shows it), or run \`npx --no local-azure reset\` to begin anew with other ports.
`,
  });
  await refused.nothingLeft();
  other.close();
  await once(other, "close");
  expect((await start()).origin).toBe(origin);
});

test("a state of another version is refused without a stack trace, and reset begins anew", async () => {
  const before = await start();
  await cli.succeed("stop");
  const path = join(cli.home, "state.sqlite");
  const database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 99");
  database.close();
  for (const command of ["start", "faults"]) {
    const refused = cli.start(command);
    expect(await refused.ended).toEqual({
      code: 1,
      stdout: "",
      stderr: `LA-STATE-VERSION: The state file ${path} has version 99; this local cloud reads version ${stateVersion}.
Fix: Run \`npx --no local-azure reset\` to begin anew (this deletes the local cloud's data), or use the version that wrote it.
`,
    });
    await refused.nothingLeft();
  }
  await cli.succeed("reset");
  expect(existsSync(cli.home)).toBe(false);
  expect((await start()).tenantId).not.toBe(before.tenantId);
});

test("a cloud whose starter is killed before it is ready does not stay", async () => {
  const starter = cli.start("start");
  await eventually(
    async () => existsSync(join(cli.home, "cloud.log")),
    (there) => there,
  );
  starter.process.kill("SIGKILL");
  await starter.nothingLeft();
  expect((await cli.run("status")).stdout).toBe("Not running.\n");
});

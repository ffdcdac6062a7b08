import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type HostileAccount,
  type HostileCloud,
  readablePath,
  resourceGroup,
  startHostileCloud,
} from "../testing/hostile-cloud.ts";
import { sendRaw } from "../testing/raw-request.ts";

let hostile: HostileCloud;
let primary: string;
let readOnly: string;

beforeAll(async () => {
  hostile = await startHostileCloud();
  ({ primary, readOnly } = await keysOf(hostile.keyed));
});
afterAll(() => hostile?.cloud.close());

async function keysOf({ name }: HostileAccount) {
  const keys = await hostile.management.databaseAccounts.listKeys(resourceGroup, name);
  return { primary: keys.primaryMasterKey ?? "", readOnly: keys.primaryReadonlyMasterKey ?? "" };
}

interface Signing {
  readonly key: string;
  readonly method: string;
  readonly type: string;
  readonly link: string;
  /** Minutes from now. */
  readonly minutes: number;
}

/** The five lines that a key signs: https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources */
function signatureOf({ key, method, type, link }: Signing, date: string): string {
  return createHmac("sha256", Buffer.from(key, "base64"))
    .update(`${method.toLowerCase()}\n${type}\n${link}\n${date.toLowerCase()}\n\n`)
    .digest("base64");
}

function goodSigning(): Signing {
  return { key: primary, method: "GET", type: "colls", link: readablePath.slice(1), minutes: 0 };
}

async function ask(
  {
    signing = goodSigning(),
    account = hostile.keyed,
    method = "GET",
    path = readablePath,
    spoil = (signature: string) => signature,
    type = "master",
    sendDate = true,
  }: {
    signing?: Signing;
    account?: HostileAccount;
    method?: string;
    path?: string;
    spoil?: (signature: string) => string;
    type?: string;
    sendDate?: boolean;
  } = {},
  body?: string,
) {
  const { agent, platform } = hostile.cloud;
  const date = new Date(platform.clock.nowMs() + signing.minutes * 60_000).toUTCString();
  const signature = spoil(signatureOf(signing, date));
  const { status, code, substatus } = await sendRaw(agent, `${account.origin}${path}`, {
    method,
    headers: {
      Authorization: encodeURIComponent(`type=${type}&ver=1.0&sig=${signature}`),
      "x-ms-version": "2020-07-15",
      ...(sendDate ? { "x-ms-date": date } : {}),
      ...(body === undefined
        ? {}
        : { "Content-Type": "application/json", "x-ms-documentdb-partitionkey": '["p"]' }),
    },
    ...(body === undefined ? {} : { body }),
  });
  return { status, code, substatus };
}

const accepted = { status: 200, code: undefined, substatus: 0 };
const unauthorized = { status: 401, code: "Unauthorized", substatus: 0 };
const forbidden = { status: 403, code: "Forbidden", substatus: 0 };

describe("a hostile key is refused, beside the good one", () => {
  const signedWith = (change: Partial<Signing>) => () => ask({ signing: { ...goodSigning(), ...change } });
  const flipFirst = (signature: string) => (signature.startsWith("A") ? "B" : "A") + signature.slice(1);
  const cases: readonly (readonly [string, () => Promise<unknown>, unknown])[] = [
    ["a key of zeros", signedWith({ key: Buffer.alloc(64).toString("base64") }), unauthorized],
    ["an empty key", signedWith({ key: "" }), unauthorized],
    [
      "another account's key",
      async () => ask({ signing: { ...goodSigning(), key: (await keysOf(hostile.keyless)).primary } }),
      unauthorized,
    ],
    ["the signature of another method", signedWith({ method: "DELETE" }), unauthorized],
    ["the signature of another type", signedWith({ type: "docs" }), unauthorized],
    ["the signature of another container", signedWith({ link: "dbs/orders/colls/audit" }), unauthorized],
    [
      "the signature of the container's name in upper case",
      signedWith({ link: readablePath.slice(1).toUpperCase() }),
      unauthorized,
    ],
    ["the signature of a request on another path", () => ask({ path: "/dbs/orders" }), unauthorized],
    ["a date 16 minutes ago", signedWith({ minutes: -16 }), forbidden],
    ["a date 16 minutes ahead", signedWith({ minutes: 16 }), forbidden],
    ["no date", () => ask({ sendDate: false }), unauthorized],
    ["a changed signature", () => ask({ spoil: flipFirst }), unauthorized],
    ["a truncated signature", () => ask({ spoil: (signature) => signature.slice(0, 20) }), unauthorized],
    ["a doubled signature", () => ask({ spoil: (signature) => signature + signature }), unauthorized],
    ["an empty signature", () => ask({ spoil: () => "" }), unauthorized],
    ["the key itself for a signature", () => ask({ spoil: () => primary }), unauthorized],
    ["a resource token", () => ask({ type: "resource" }), unauthorized],
    ["a type in upper case", () => ask({ type: "MASTER" }), unauthorized],
    [
      "a good key of an account that takes none",
      async () => {
        const { primary: key } = await keysOf(hostile.keyless);
        return ask({ account: hostile.keyless, signing: { ...goodSigning(), key } });
      },
      { ...unauthorized, substatus: 5202 },
    ],
  ];

  test.each(cases)("%s", async (_, attempt, refusal) => {
    expect(await attempt()).toEqual(refusal);
    expect(await ask()).toEqual(accepted);
  });

  test("a read-only key reads and does not write", async () => {
    const signing = { ...goodSigning(), key: readOnly };
    expect(await ask({ signing })).toEqual(accepted);
    const write = (key: string) =>
      ask(
        {
          method: "POST",
          path: `${readablePath}/docs`,
          signing: { ...signing, key, method: "POST", type: "docs" },
        },
        JSON.stringify({ id: "a", pk: "p" }),
      );
    expect(await write(readOnly)).toEqual(forbidden);
    expect((await write(primary)).status).toBe(201);
  });

  test("a key after it was regenerated", async () => {
    const { keyed, management } = hostile;
    const signing = { ...goodSigning(), key: primary };
    expect(await ask({ signing })).toEqual(accepted);
    await management.databaseAccounts.regenerateKey(
      resourceGroup,
      keyed.name,
      { keyKind: "primary" },
      { updateIntervalInMs: 5 },
    );
    expect(await ask({ signing })).toEqual(unauthorized);
    ({ primary, readOnly } = await keysOf(keyed));
    expect(primary).not.toBe(signing.key);
    expect(await ask()).toEqual(accepted);
  });
});

import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
let principal: string;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  principal = cosmos.principal("reader");
  await cosmos.grant(principal, "reader");
});
afterAll(() => cosmos.close());

const substatus = (answer: { headers: Record<string, unknown> }) => Number(answer.headers["x-ms-substatus"]);

/** The header that a key's holder sends for GET /dbs/orders, signed independently of the server's code. */
function signed(key: string, date: Date): { as: string; headers: Record<string, string> } {
  const text = date.toUTCString();
  const payload = `get\ndbs\ndbs/orders\n${text.toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(payload).digest("base64");
  return { as: encodeURIComponent(`type=master&ver=1.0&sig=${signature}`), headers: { "x-ms-date": text } };
}

describe("a token", () => {
  test.each([
    ["the account", () => cosmos.endpoint.slice(0, -1), 200, 0],
    ["every account", () => "https://cosmos.azure.com", 200, 0],
    ["resource manager", () => cosmos.platform.origin, 401, 5008],
  ])("for %s is answered", async (_name, resource, status, sub) => {
    const as = `type=aad&ver=1.0&sig=${cosmos.token(principal, resource())}`;
    const answer = await cosmos.send("GET", "/dbs/orders", { as });
    expect([answer.status, substatus(answer) || 0]).toEqual([status, sub]);
    if (status === 401) {
      expect(answer.body.message).toContain(
        `This account accepts ${cosmos.endpoint.slice(0, -1)} and https://cosmos.azure.com`,
      );
    }
  });

  test("that has expired, or was changed, is refused", async () => {
    const token = cosmos.token(principal);
    const send = (text: string) => cosmos.send("GET", "/dbs/orders", { as: `type=aad&ver=1.0&sig=${text}` });
    expect((await send(token)).status).toBe(200);
    const [header, payload, signature = ""] = token.split(".");
    const changed = `${header}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    const refused = await send(changed);
    expect([refused.status, substatus(refused), refused.body.code]).toEqual([401, 0, "Unauthorized"]);
    expect(refused.body.message).toContain(
      "Request blocked by Auth shop : The signature of the access token is not valid.",
    );
    cosmos.clock.advance(25 * 3600_000);
    expect((await send(token)).body.message).toContain("The access token expired at");
    cosmos.clock.advance(-25 * 3600_000);
  });

  test("with more groups than a token can carry is refused", async () => {
    const { directory } = cosmos.entra;
    const member = cosmos.principal("member of many");
    for (let index = 0; index < 201; index += 1) {
      const group = directory.create({ type: "group", displayName: `g${index}` });
      directory.memberships.add(group.id, member);
    }
    await cosmos.grant(member, "reader");
    const answer = await cosmos.send("GET", "/dbs/orders", { as: member });
    expect([answer.status, substatus(answer)]).toEqual([403, 0]);
    expect(answer.body.message).toContain("member of more than 200 groups");
  });
});

describe("the authorization header", () => {
  test.each<[string, string | undefined, string]>([
    ["missing", undefined, "Required Header authorization is missing."],
    ["a bearer's", "Bearer abc", "The authorization header is malformed."],
    ["badly encoded", "type%zz", "not validly percent-encoded"],
    [
      "of an unknown type",
      "type=other&ver=1.0&sig=x",
      "The authorization type other with version 1.0 is not known.",
    ],
    [
      "of an unknown token version",
      "type=aad&ver=2.0&sig=x",
      "The authorization type aad with version 2.0 is not known.",
    ],
    [
      "of an unknown key version",
      "type=master&ver=2.0&sig=x",
      "The version 2.0 of master-key authorization is not known.",
    ],
    [
      "a resource token",
      "type=resource&ver=1&sig=x;y;",
      "Resource tokens are not supported by the local cloud.",
    ],
    ["a key's without a date", "type=master&ver=1.0&sig=x", "The header x-ms-date is missing"],
  ])("%s gives 401", async (_name, as, message) => {
    const answer = await cosmos.send("GET", "/dbs/orders", as === undefined ? {} : { as });
    expect([answer.status, substatus(answer), answer.body.code]).toEqual([401, 0, "Unauthorized"]);
    expect(answer.body.message).toContain(message);
  });
});

describe("an account key", () => {
  test("opens everything, a read-only one reads", async () => {
    const { keys } = cosmos;
    for (const key of [keys.primaryMasterKey, keys.secondaryMasterKey]) {
      const { items } = cosmos.client({ key }).database("orders").container("orders");
      const { resource } = await items.upsert({ id: "a?b", pk: "p" });
      expect(resource).toMatchObject({ id: "a?b" });
      expect(
        (await cosmos.client({ key }).database("orders").container("orders").item("a?b", "p").read())
          .statusCode,
      ).toBe(200);
    }
    for (const key of [keys.primaryReadonlyMasterKey, keys.secondaryReadonlyMasterKey]) {
      const container = cosmos.client({ key }).database("orders").container("orders");
      expect((await container.items.query("SELECT * FROM c").fetchAll()).resources).toHaveLength(1);
      await expect(container.items.create({ id: "b", pk: "p" })).rejects.toMatchObject({
        code: 403,
        substatus: 0,
        body: { code: "Forbidden", message: expect.stringContaining("The given key is read-only") },
      });
      await expect(container.delete()).rejects.toMatchObject({ code: 403 });
    }
  });

  test("that is wrong is refused, quoting what the server signed", async () => {
    const { as, headers } = signed(Buffer.from("another key").toString("base64"), cosmos.clock.now());
    const answer = await cosmos.send("GET", "/dbs/orders", { as, headers });
    expect([answer.status, substatus(answer)]).toEqual([401, 0]);
    const quoted = `'get\\ndbs\\ndbs/orders\\n${headers["x-ms-date"]?.toLowerCase()}\\n\\n'`;
    expect(answer.body.message).toContain(`Server used the following payload to sign: ${quoted}`);
    const genuine = signed(cosmos.keys.primaryMasterKey, cosmos.clock.now());
    expect((await cosmos.send("GET", "/dbs/orders", genuine)).status).toBe(200);
    expect((await cosmos.send("DELETE", "/dbs/orders", genuine)).status).toBe(401);
  });

  test.each([
    [-16, 403],
    [-14, 200],
    [14, 200],
    [16, 403],
  ])("signed %i minutes away gives %i", async (minutes, status) => {
    const date = new Date(cosmos.clock.nowMs() + minutes * 60_000);
    const answer = await cosmos.send("GET", "/dbs/orders", signed(cosmos.keys.primaryMasterKey, date));
    expect(answer.status).toBe(status);
    if (status === 403)
      expect(answer.body.message).toContain("The authorization token is not valid at the current time.");
  });

  test("is refused once it was regenerated", async () => {
    const before = signed(cosmos.keys.secondaryMasterKey, cosmos.clock.now());
    const account = cosmos.resources.get(cosmos.accountId);
    if (account === undefined) throw new Error("no account");
    const changed = { ...cosmos.keys, secondaryMasterKey: Buffer.from("new").toString("base64") };
    await cosmos.resources.put({ ...account, internal: { ...account.internal, keys: changed } });
    expect((await cosmos.send("GET", "/dbs/orders", before)).status).toBe(401);
    await cosmos.resources.put(account);
    expect((await cosmos.send("GET", "/dbs/orders", before)).status).toBe(200);
  });

  test("and a resource token are refused while local authorization is off", async () => {
    await cosmos.changeAccount({ disableLocalAuth: true });
    for (const { as, headers } of [
      signed(cosmos.keys.primaryMasterKey, cosmos.clock.now()),
      signed(Buffer.from("wrong").toString("base64"), cosmos.clock.now()),
      { as: "type=resource&ver=1&sig=x;y;", headers: {} },
    ]) {
      const answer = await cosmos.send("GET", "/dbs/orders", { as, headers });
      expect([answer.status, substatus(answer)]).toEqual([401, 5202]);
      expect(answer.body.message).toContain(
        "Local Authorization is disabled. Use an AAD token to authorize all requests.",
      );
    }
    expect((await cosmos.send("GET", "/dbs/orders", { as: principal })).status).toBe(200);
    await cosmos.changeAccount({ disableLocalAuth: false });
  });
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
let principal: string;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  principal = cosmos.principal("raw");
  await cosmos.grant(principal, "contributor");
});
afterAll(() => cosmos.close());

const docs = "/dbs/orders/colls/orders/docs";
const inPartition = (...values: unknown[]) => ({ "x-ms-documentdb-partitionkey": JSON.stringify(values) });
const post = (body: unknown, headers = inPartition("p")) =>
  cosmos.send("POST", docs, {
    as: principal,
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("items through the SDK", () => {
  test("are created, read, replaced, upserted and deleted", async () => {
    const { items, item } = {
      items: cosmos.items("orders").items,
      item: cosmos.items("orders").item("a", "p"),
    };
    const created = await items.create({ id: "a", pk: "p", n: 1 });
    expect(created.statusCode).toBe(201);
    expect(created.resource).toEqual({
      id: "a",
      pk: "p",
      n: 1,
      _rid: expect.stringMatching(/^[\w+-]{22}==$/),
      _self: `dbs/${created.resource?._self.split("/")[1]}/colls/${created.headers["x-ms-content-path"]}/docs/${created.resource?._rid}/`,
      _etag: created.etag,
      _attachments: "attachments/",
      _ts: cosmos.clock.nowSeconds(),
    });
    expect(created.headers["x-ms-session-token"]).toBe("0:-1#1");
    expect((await item.read()).resource).toEqual(created.resource);

    const replaced = await item.replace({ id: "a", pk: "p", n: 2 });
    expect(replaced.statusCode).toBe(200);
    expect(replaced.resource).toMatchObject({ n: 2, _rid: created.resource?._rid });
    expect(replaced.etag).not.toBe(created.etag);

    const again = await items.upsert({ id: "a", pk: "p", n: 3 });
    expect([again.statusCode, (again.resource as { _rid?: string } | undefined)?._rid]).toEqual([
      200,
      created.resource?._rid,
    ]);
    expect((await items.upsert({ id: "b", pk: "p" })).statusCode).toBe(201);

    expect((await item.delete()).statusCode).toBe(204);
    const gone = await item.read();
    expect([gone.statusCode, gone.resource]).toEqual([404, undefined]);
    await expect(item.delete()).rejects.toMatchObject({ code: 404 });
    await expect(item.replace({ id: "a", pk: "p" })).rejects.toMatchObject({ code: 404 });
    await expect(items.create({ id: "b", pk: "p" })).rejects.toMatchObject({
      code: 409,
      body: { code: "Conflict", message: expect.stringContaining("already exists") },
    });
  });

  test("with equal ids live apart in their partitions", async () => {
    const { items } = cosmos.items("orders");
    const partitions = ["x", "1", 1, true, null, undefined, 1.5, "é\u2028漢"];
    for (const [index, pk] of partitions.entries()) await items.create({ id: "same", pk, index });
    for (const [index, pk] of partitions.entries()) {
      const item = cosmos.items("orders").item("same", pk as string);
      expect((await item.read()).resource).toMatchObject({ index });
    }
    await cosmos.items("orders").item("same", "x").delete();
    expect((await cosmos.items("orders").item("same", "1").read()).statusCode).toBe(200);
  });

  test("are written only over the version that the client has seen", async () => {
    const { items } = cosmos.items("orders");
    const item = cosmos.items("orders").item("etag", "p");
    const { etag } = await items.create({ id: "etag", pk: "p" });
    const stale = { accessCondition: { type: "IfMatch", condition: etag } };
    expect((await item.read({ accessCondition: { type: "IfNoneMatch", condition: etag } })).statusCode).toBe(
      304,
    );
    await item.replace({ id: "etag", pk: "p", n: 1 }, stale);
    const refused = { code: 412, body: { code: "PreconditionFailed" } };
    await expect(item.replace({ id: "etag", pk: "p", n: 2 }, stale)).rejects.toMatchObject(refused);
    await expect(items.upsert({ id: "etag", pk: "p", n: 2 }, stale)).rejects.toMatchObject(refused);
    await expect(item.patch([{ op: "add", path: "/n", value: 2 }], stale)).rejects.toMatchObject(refused);
    await expect(item.delete(stale)).rejects.toMatchObject(refused);
    expect((await item.read()).resource).toMatchObject({ n: 1 });
    expect((await items.upsert({ id: "etag2", pk: "p" }, stale)).statusCode).toBe(201);
  });

  test("keep any text and the nearest double of any number", async () => {
    const { items } = cosmos.items("orders");
    const odd = {
      id: "odd ?&=+%41 é漢😀",
      pk: "p",
      text: '"\\/\u0000\u2028\ud83d\ude00',
      numbers: [0, -1.5, 1e308, 5e-324, 0.1],
      nested: { "": null, a: [[], {}, [{ b: true }]], __proto__: undefined },
    };
    await items.create(odd);
    const { resource } = await cosmos.items("orders").item(odd.id, "p").read();
    expect(resource).toMatchObject({
      text: odd.text,
      numbers: odd.numbers,
      nested: { "": null, a: odd.nested.a },
    });
  });

  test("keep a number that no double can hold as its neighbour", async () => {
    const answer = await post('{"id":"wide","pk":"p","n":9007199254740993}');
    expect(answer.body.n).toBe(2 ** 53);
  });

  test("may take another id by a replace, but none that is taken", async () => {
    const { items, item } = {
      items: cosmos.items("orders").items,
      item: cosmos.items("orders").item("from", "p"),
    };
    await items.create({ id: "from", pk: "p" });
    await items.create({ id: "taken", pk: "p" });
    await expect(item.replace({ id: "taken", pk: "p" })).rejects.toMatchObject({ code: 409 });
    await item.replace({ id: "to", pk: "p" });
    expect((await item.read()).statusCode).toBe(404);
    expect((await cosmos.items("orders").item("to", "p").read()).statusCode).toBe(200);
  });

  test("of one partition are deleted at once", async () => {
    const { items } = cosmos.items("orders");
    for (const id of ["1", "2"]) for (const pk of ["gone", "kept"]) await items.create({ id, pk });
    await cosmos.items("orders").deleteAllItemsForPartitionKey("gone");
    const { resources } = await items
      .query("SELECT VALUE c.pk FROM c WHERE c.pk IN ('gone', 'kept')")
      .fetchAll();
    expect(resources).toEqual(["kept", "kept"]);
  });
});

describe("a hierarchical partition key", () => {
  test("addresses items in full and feeds by a prefix", async () => {
    await cosmos.container("tree", { partitionKey: ["/tenant/id", "/user", "/session"] });
    const tree = cosmos.items("tree");
    const all = ["a", "b", "ab"].flatMap((tenant) =>
      [1, 2].map((user) => ({ tenant: { id: tenant }, user })),
    );
    for (const [index, item] of all.entries())
      await tree.items.create({ id: "x", session: "s", index, ...item });
    expect((await tree.item("x", ["b", 2, "s"]).read()).resource).toMatchObject({ index: 3 });
    expect((await tree.item("x", ["b", "2", "s"]).read()).statusCode).toBe(404);
    const query = async (partitionKey: (string | number)[]) =>
      (await tree.items.query("SELECT VALUE c.index FROM c", { partitionKey }).fetchAll()).resources;
    expect(await query(["a"])).toEqual([0, 1]);
    expect(await query(["a", 2])).toEqual([1]);
    expect(await query(["a", 2, "s"])).toEqual([1]);
    await expect(tree.item("x", ["b", 2]).read()).rejects.toMatchObject({ code: 400, substatus: 1001 });
    await expect(tree.item("x", ["b", 2, "s", "t"]).read()).rejects.toMatchObject({
      code: 400,
      substatus: 1001,
    });
  });
});

describe("a bad item", () => {
  const long = "x".repeat(1024);
  test.each([
    ["no JSON", "{", {}, 400, 0, "not valid JSON"],
    ["no object", "[]", {}, 400, 0, "must be a JSON object"],
    ["no id", { pk: "p" }, {}, 400, 0, "required properties - 'id; ' - are missing"],
    ["an empty id", { id: "", pk: "p" }, {}, 400, 0, "required properties - 'id; ' - are missing"],
    ["an id that is no text", { id: 1, pk: "p" }, {}, 400, 0, "'id' is not a string"],
    ["an id with a slash", { id: "a/b", pk: "p" }, {}, 400, 0, "forbidden character"],
    ["an id with a backslash", { id: "a\\b", pk: "p" }, {}, 400, 0, "forbidden character"],
    ["an id with a hash", { id: "a#b", pk: "p" }, {}, 400, 0, "forbidden character"],
    ["an id of 1,024 bytes", { id: long, pk: "p" }, {}, 400, 0, "at most 1023 bytes"],
    ["a ttl of 0", { id: "t", pk: "p", ttl: 0 }, {}, 400, 0, "The input ttl 0 is invalid"],
    ["a ttl that is text", { id: "t", pk: "p", ttl: "1" }, {}, 400, 0, 'The input ttl "1" is invalid'],
    ["a number beyond a double", '{"id":"n","pk":"p","n":1e999}', {}, 400, 0, "out of the range of a double"],
    [
      "another partition's key",
      { id: "m", pk: "p" },
      inPartition("q"),
      400,
      1001,
      "doesn't match the one specified",
    ],
    ["no value for the partition key", { id: "m" }, {}, 400, 1001, "doesn't match the one specified"],
    ["an array as partition key", { id: "m", pk: ["p"] }, {}, 400, 1001, "is an array or an object"],
    [
      "too many components",
      { id: "m", pk: "p" },
      inPartition("p", "q"),
      400,
      1001,
      "doesn't correspond to definition",
    ],
    [
      "a header that is no array",
      { id: "m", pk: "p" },
      { "x-ms-documentdb-partitionkey": '"p"' },
      400,
      0,
      "is invalid",
    ],
    [
      "a long partition key",
      { id: "m", pk: "k".repeat(2049) },
      inPartition("k".repeat(2049)),
      400,
      0,
      "at most 2048 bytes",
    ],
    ["more than 2 MB", { id: "big", pk: "p", pad: "x".repeat(2 * 1024 * 1024) }, {}, 413, 0, "at most 2 MB"],
    ["more than any request", "x".repeat(5 * 1024 * 1024), {}, 413, 0, "too large"],
    [
      "200 levels",
      `{"id":"d","pk":"p","d":${"[".repeat(200)}${"]".repeat(200)}}`,
      {},
      400,
      0,
      "deeper than 128",
    ],
  ])("with %s is refused", async (_name, item, headers, status, substatus, message) => {
    const answer = await post(item, { ...inPartition("p"), ...headers });
    expect([answer.status, Number(answer.headers["x-ms-substatus"])]).toEqual([status, substatus]);
    expect(answer.body.message).toContain(message);
  });

  test("just below 2 MB is kept", async () => {
    const pad = "x".repeat(2 * 1024 * 1024 - 100);
    expect((await post({ id: "large", pk: "p", pad })).status).toBe(201);
  });

  test("without a partition key header is refused", async () => {
    const answer = await cosmos.send("POST", docs, { as: principal, body: '{"id":"h","pk":"p"}' });
    expect([answer.status, answer.body.code]).toEqual([400, "BadRequest"]);
    expect(answer.body.message).toMatch(
      /^PartitionKey value must be supplied for this operation\.\r\nActivityId: [0-9a-f-]{36}, local-azure$/,
    );
  });
});

describe("the wire", () => {
  test("leaves content out where the client prefers that", async () => {
    const answer = await post(
      { id: "minimal", pk: "p" },
      { ...inPartition("p"), ...{ prefer: "return=minimal" } },
    );
    expect([answer.status, answer.body]).toEqual([201, undefined]);
    expect(answer.headers.etag).toMatch(/^"[0-9a-f-]+"$/);
  });

  test("takes a token raw or percent-encoded", async () => {
    const raw = `type=aad&ver=1.0&sig=${cosmos.token(principal)}`;
    for (const as of [raw, encodeURIComponent(raw)]) {
      expect((await cosmos.send("GET", "/dbs/orders", { as })).status).toBe(200);
    }
  });

  test.each([
    ["GET", "/dbs/orders/colls/nowhere", 404, 0],
    ["GET", "/dbs/nowhere", 404, 0],
    ["GET", "/dbs/nowhere/colls/orders", 404, 1003],
    ["GET", "/dbs/orders/colls/nowhere/docs/a", 404, 1003],
    ["GET", "/nowhere", 404, 0],
    ["PUT", "/dbs/orders/colls/orders/docs", 405, 0],
    ["GET", "/dbs/%zz", 400, 0],
  ])("%s %s is %i/%i", async (method, path, status, substatus) => {
    const answer = await cosmos.send(method, path, { as: principal, headers: inPartition("p") });
    expect([answer.status, Number(answer.headers["x-ms-substatus"])]).toEqual([status, substatus]);
  });

  test("reads the account, its database, container and partition key ranges", async () => {
    const client = cosmos.client(principal);
    const { resource: account } = await client.getDatabaseAccount();
    expect(account?.writableLocations).toEqual([{ name: "", databaseAccountEndpoint: cosmos.endpoint }]);
    expect((await client.databases.readAll().fetchAll()).resources.map(({ id }) => id)).toEqual(["orders"]);
    const { resources } = await client
      .database("orders")
      .containers.query({
        query: "SELECT * FROM c WHERE c.id = @id",
        parameters: [{ name: "@id", value: "orders" }],
      })
      .fetchAll();
    expect(resources).toMatchObject([
      { id: "orders", partitionKey: { paths: ["/pk"], kind: "Hash", version: 2 } },
    ]);
    const found = await client.databases.query("SELECT * FROM d WHERE d.id = 'none'").fetchAll();
    expect(found.resources).toEqual([]);
    const ranges = await client.database("orders").container("orders").readPartitionKeyRanges().fetchAll();
    expect(ranges.resources).toMatchObject([{ id: "0", minInclusive: "", maxExclusive: "FF" }]);
  });

  test("logs each request with its route and principal, and nothing of its content", async () => {
    await cosmos.send("GET", `${docs}/secret?x=1`, { as: principal, headers: inPartition("p") });
    const entry = cosmos.requests.at(-1);
    expect(entry).toMatchObject({
      surface: "cosmos",
      method: "GET",
      path: `${docs}/secret`,
      route: "GET /dbs/:database/colls/:container/docs/:id",
      status: 404,
      code: "NotFound",
      principalId: principal,
    });
    expect(JSON.stringify(cosmos.requests)).not.toContain("sig=");
  });
});

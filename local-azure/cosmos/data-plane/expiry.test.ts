import type { Container } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
beforeAll(async () => {
  cosmos = await startTestCosmos();
});
afterAll(() => cosmos.close());

const ids = async (container: Container) =>
  (await container.items.query<string>("SELECT VALUE c.id FROM c").fetchAll()).resources;
const count = async (container: Container) =>
  (await container.items.query<number>("SELECT VALUE COUNT(1) FROM c").fetchAll()).resources[0];

async function fill(id: string, defaultTtl: number | undefined): Promise<Container> {
  await cosmos.container(id, defaultTtl === undefined ? {} : { defaultTtl });
  const container = cosmos.items(id);
  await container.items.create({ id: "default", pk: "p" });
  await container.items.create({ id: "short", pk: "p", ttl: 10 });
  await container.items.create({ id: "never", pk: "p", ttl: -1 });
  return container;
}

describe("time to live", () => {
  test.each<[string, number | undefined, string[], string[]]>([
    [
      "is off without a default, whatever items say",
      undefined,
      ["default", "short", "never"],
      ["default", "short", "never"],
    ],
    ["-1 leaves it to the items", -1, ["default", "never"], ["default", "never"]],
    ["60 seconds holds for items that say nothing", 60, ["default", "never"], ["never"]],
  ])("%s", async (_name, defaultTtl, after10, after60) => {
    const container = await fill(`ttl${defaultTtl ?? "-off"}`, defaultTtl);
    cosmos.clock.advance(9_999);
    expect(await count(container)).toBe(3);
    cosmos.clock.advance(1);
    expect(await ids(container)).toEqual(after10);
    expect(await count(container)).toBe(after10.length);
    cosmos.clock.advance(50_000);
    expect(await ids(container)).toEqual(after60);
  });

  test("counts from the last write, and frees the id when it is over", async () => {
    const container = await fill("ttl-rewrite", -1);
    const item = container.item("short", "p");
    cosmos.clock.advance(8_000);
    await item.patch([{ op: "set", path: "/n", value: 1 }]);
    cosmos.clock.advance(8_000);
    const { resource: before } = await item.read();
    expect(before).toMatchObject({ n: 1 });
    cosmos.clock.advance(2_000);
    expect((await item.read()).statusCode).toBe(404);
    await expect(item.patch([{ op: "set", path: "/n", value: 2 }])).rejects.toMatchObject({ code: 404 });
    const { resource: after } = await container.items.create({ id: "short", pk: "p" });
    expect(after?._rid).not.toBe(before?._rid);
    expect((await container.items.upsert({ id: "never", pk: "p" })).statusCode).toBe(200);
  });

  test("follows a changed default, for items that are there too", async () => {
    const container = await fill("ttl-change", undefined);
    cosmos.clock.advance(5_000);
    await cosmos.changeContainer("ttl-change", { defaultTtl: 60 });
    expect(await ids(container)).toHaveLength(3);
    cosmos.clock.advance(5_000);
    expect(await ids(container)).toEqual(["default", "never"]);
    await cosmos.restart();
    cosmos.clock.advance(50_000);
    expect(await ids(container)).toEqual(["never"]);
    await cosmos.changeContainer("ttl-change", { defaultTtl: undefined });
    expect(await ids(container)).toEqual(["never"]);
  });
});

describe("unique keys", () => {
  test("hold within a partition, over every way of writing", async () => {
    await cosmos.container("unique", { uniqueKeys: [["/email"], ["/name/first", "/name/last"]] });
    const container = cosmos.items("unique");
    const person = (id: string, email: string, first: string, pk = "p") => ({
      id,
      pk,
      email,
      name: { first, last: "x" },
    });
    const refused = {
      code: 409,
      body: { message: expect.stringContaining("Unique index constraint violation.") },
    };
    await container.items.create(person("1", "a", "a"));
    await container.items.create(person("1", "a", "a", "q"));
    await container.items.create(person("2", "b", "b"));
    await expect(container.items.create(person("3", "a", "c"))).rejects.toMatchObject(refused);
    await expect(container.items.upsert(person("3", "c", "a"))).rejects.toMatchObject(refused);
    await expect(container.item("2", "p").replace(person("2", "a", "b"))).rejects.toMatchObject(refused);
    await expect(
      container.item("2", "p").patch([{ op: "set", path: "/email", value: "a" }]),
    ).rejects.toMatchObject(refused);
    expect((await container.item("2", "p").read()).resource).toMatchObject({ email: "b" });
    await container.item("1", "p").replace(person("1", "z", "a"));
    await container.items.create(person("3", "a", "c"));
    await container.item("3", "p").delete();
    await container.items.create(person("4", "a", "c"));
    await container.items.create({ id: "5", pk: "p" });
    await expect(container.items.create({ id: "6", pk: "p" })).rejects.toMatchObject(refused);
  });

  test("are free again when their item has expired, and after a batch that failed", async () => {
    await cosmos.container("unique-ttl", { uniqueKeys: [["/email"]], defaultTtl: 10 });
    const { items } = cosmos.items("unique-ttl");
    await items.create({ id: "1", pk: "p", email: "a" });
    cosmos.clock.advance(10_000);
    await items.create({ id: "2", pk: "p", email: "a" });
    const { code } = await items.batch(
      [
        { operationType: "Create", resourceBody: { id: "3", pk: "p", email: "b" } },
        { operationType: "Create", resourceBody: { id: "4", pk: "p", email: "a" } },
      ],
      "p",
    );
    expect(code).toBe(207);
    expect((await items.create({ id: "5", pk: "p", email: "b" })).statusCode).toBe(201);
    const bulk = await items.executeBulkOperations([
      {
        operationType: "Replace",
        partitionKey: "p",
        id: "5",
        resourceBody: { id: "5", pk: "p", email: "a" },
      },
      { operationType: "Create", partitionKey: "p", resourceBody: { id: "6", pk: "p", email: "b" } },
      { operationType: "Create", partitionKey: "p", resourceBody: { id: "7", pk: "p", email: "c" } },
    ]);
    expect(bulk.map(({ response, error }) => response?.statusCode ?? error?.code)).toEqual([409, 409, 201]);
  });
});

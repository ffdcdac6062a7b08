import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
beforeAll(async () => {
  cosmos = await startTestCosmos();
});
afterAll(() => cosmos.close());

describe("items through the SDK", () => {
  test("are created, read, replaced, upserted, queried and deleted", async () => {
    const container = cosmos.items("orders");
    const created = await container.items.create({ id: "a", pk: "p", n: 1 });
    expect(created.statusCode).toBe(201);
    expect(created.resource).toMatchObject({ id: "a", pk: "p", n: 1, _attachments: "attachments/" });
    expect(created.etag).toBe(created.resource?._etag);
    const read = await container.item("a", "p").read();
    expect(read.resource).toEqual(created.resource);
    const { resources } = await container.items.query("SELECT * FROM c WHERE c.pk = 'p'").fetchAll();
    expect(resources).toEqual([created.resource]);
  });
});

import type { PatchOperation, PatchRequestBody } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
beforeAll(async () => {
  cosmos = await startTestCosmos();
});
afterAll(() => cosmos.close());

const before = { n: 1, text: "t", list: [1, 2, 3], tree: { a: { b: 1 }, "x/y": 1 } };

async function patched(operations: PatchRequestBody): Promise<Record<string, unknown>> {
  const { items } = cosmos.items("orders");
  await items.upsert({ id: "patch", pk: "p", ...before });
  const { resource } = await cosmos.items("orders").item("patch", "p").patch(operations);
  const { id, pk, _rid, _self, _etag, _attachments, _ts, ...rest } = resource as Record<string, unknown>;
  return rest;
}

describe("a patch", () => {
  test.each<[string, PatchOperation, object]>([
    ["add a property", { op: "add", path: "/new", value: { x: 1 } }, { ...before, new: { x: 1 } }],
    ["add over a property", { op: "add", path: "/n", value: null }, { ...before, n: null }],
    ["add into an array", { op: "add", path: "/list/1", value: 9 }, { ...before, list: [1, 9, 2, 3] }],
    ["add at an array's end", { op: "add", path: "/list/-", value: 9 }, { ...before, list: [1, 2, 3, 9] }],
    ["set in an array", { op: "set", path: "/list/1", value: 9 }, { ...before, list: [1, 9, 3] }],
    [
      "set a missing property",
      { op: "set", path: "/tree/a/c", value: 2 },
      { ...before, tree: { ...before.tree, a: { b: 1, c: 2 } } },
    ],
    [
      "replace",
      { op: "replace", path: "/tree/x~1y", value: 2 },
      { ...before, tree: { a: { b: 1 }, "x/y": 2 } },
    ],
    ["remove", { op: "remove", path: "/tree/a" }, { ...before, tree: { "x/y": 1 } }],
    ["remove from an array", { op: "remove", path: "/list/0" }, { ...before, list: [2, 3] }],
    ["increment", { op: "incr", path: "/n", value: 1.5 }, { ...before, n: 2.5 }],
    ["increment what is missing", { op: "incr", path: "/count", value: 2 }, { ...before, count: 2 }],
    [
      "move",
      { op: "move", from: "/tree/a/b", path: "/moved" } as unknown as PatchOperation,
      { ...before, moved: 1, tree: { a: {}, "x/y": 1 } },
    ],
  ])("can %s", async (_name, operation, after) => {
    expect(await patched([operation])).toEqual(after);
  });

  test("applies its operations in order", async () => {
    const operations: PatchOperation[] = [
      { op: "add", path: "/a", value: [] },
      { op: "add", path: "/a/-", value: 1 },
      { op: "incr", path: "/a/0", value: 1 },
    ];
    expect(await patched(operations)).toEqual({ ...before, a: [2] });
  });

  test("holds to its condition", async () => {
    const operations: PatchOperation[] = [{ op: "set", path: "/n", value: 5 }];
    expect(await patched({ condition: "FROM c WHERE c.n = 1", operations })).toEqual({ ...before, n: 5 });
    await expect(patched({ condition: "FROM c WHERE c.n = 2", operations })).rejects.toMatchObject({
      code: 412,
      body: { code: "PreconditionFailed" },
    });
    await expect(patched({ condition: "FROM c WHERE", operations })).rejects.toMatchObject({ code: 400 });
  });

  test.each<[string, unknown, string]>([
    ["nothing", [], "has no operations"],
    ["11 operations", Array(11).fill({ op: "set", path: "/a", value: 1 }), "more than the maximum of 10"],
    [
      "an unknown operation",
      [{ op: "test", path: "/a", value: 1 }],
      'For Operation(1): Invalid operation type "test"',
    ],
    [
      "a path without a slash",
      [{ op: "set", path: "a", value: 1 }],
      "For Operation(1): The path must be a JSON pointer",
    ],
    ["no value", [{ op: "set", path: "/a" }], "For Operation(1): Set needs a 'value'"],
    ["an increment by text", [{ op: "incr", path: "/n", value: "1" }], "needs a number"],
    ["an increment of text", [{ op: "incr", path: "/text", value: 1 }], "can only be performed on a number"],
    [
      "a replace of what is missing",
      [{ op: "replace", path: "/x", value: 1 }],
      "Replace Operation can only be performed on existing path",
    ],
    [
      "a removal of what is missing",
      [
        { op: "set", path: "/a", value: 1 },
        { op: "remove", path: "/x" },
      ],
      "For Operation(2): Remove Operation",
    ],
    [
      "a path through nothing",
      [{ op: "set", path: "/x/y", value: 1 }],
      "goes through something that does not exist",
    ],
    [
      "a path through the prototype",
      [{ op: "set", path: "/__proto__/y", value: 1 }],
      "goes through something that does not exist",
    ],
    ["a position beyond the array", [{ op: "add", path: "/list/4", value: 1 }], "beyond the end"],
    ["a move into itself", [{ op: "move", from: "/tree", path: "/tree/a" }], "cannot be a child"],
    ["the id", [{ op: "set", path: "/id", value: "other" }], "/id cannot be patched"],
    ["a system property", [{ op: "set", path: "/_ts", value: 1 }], "/_ts cannot be patched"],
    ["the partition key", [{ op: "set", path: "/pk", value: "q" }], "doesn't match the one specified"],
  ])("of %s is refused and changes nothing", async (_name, operations, message) => {
    await expect(patched(operations as PatchOperation[])).rejects.toMatchObject({
      code: 400,
      body: { message: expect.stringContaining(message) },
    });
    expect((await cosmos.items("orders").item("patch", "p").read()).resource).toMatchObject(before);
  });
});

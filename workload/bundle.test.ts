import { expect, test } from "@jest/globals";
import { strFromU8, unzipSync } from "fflate";
import { bundleWorkload } from "./bundle.ts";

test("equal sources give an equal package, whose version is that of its code and which names no local path", async () => {
  const first = await bundleWorkload();
  const second = await bundleWorkload();
  expect(Buffer.from(first.zip).equals(second.zip)).toBe(true);
  const files = unzipSync(first.zip);
  expect(Object.keys(files).sort()).toEqual(["index.js", "package.json"]);
  const code = strFromU8(files["index.js"] ?? new Uint8Array());
  expect(code).not.toContain(import.meta.dirname);
  expect(JSON.parse(strFromU8(files["package.json"] ?? new Uint8Array()))).toMatchObject({
    version: first.version,
    scripts: { start: "node index.js" },
  });
});

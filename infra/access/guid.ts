import { createHash } from "node:crypto";

/** Our own namespace, made once at random; another one would rename every assignment. */
const NAMESPACE = Buffer.from("5b0a3f0e64c84f6fa3a1c9c5f5b7d2e1", "hex");

/**
 * Makes a GUID out of what it names: the same parts always give the same GUID, so that a role assignment keeps its
 * name from run to run, as Cosmos DB takes only GUIDs as names. Version 5 of RFC 9562, section 5.5.
 *
 * @param parts ids, compared as they are; pass lower case where Azure ignores case.
 */
export function guidFrom(parts: readonly string[]): string {
  const bytes = createHash("sha1").update(NAMESPACE).update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

import { murmurHash128 } from "./murmur-hash.ts";
import { decodePartition, type PartitionKeyDefinition, type PartitionKeyValue } from "./partition-key.ts";

/** Markers of the binary form of a component, as clients hash it. */
const markers = {
  undefined: 0x00,
  null: 0x01,
  false: 0x02,
  true: 0x03,
  number: 0x05,
  string: 0x08,
  end: 0xff,
};

/**
 * The effective partition key of a partition of a version-2 container: upper-case hex, the order in which feed ranges cut
 * a container. Clients compute the same to address a prefix of a hierarchical key by range headers.
 */
export function effectivePartitionKey(partition: string, definition: PartitionKeyDefinition): string {
  const values = decodePartition(partition);
  if (definition.kind === "MultiHash") return values.map((value) => hashOf([value])).join("");
  return hashOf(values);
}

function hashOf(values: readonly PartitionKeyValue[]): string {
  const [low, high] = murmurHash128(Buffer.concat(values.map(binaryForm)));
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(low, 0);
  bytes.writeBigUInt64LE(high, 8);
  bytes.reverse();
  bytes[0] = (bytes[0] ?? 0) & 0x3f;
  return bytes.toString("hex").toUpperCase();
}

function binaryForm(value: PartitionKeyValue): Buffer {
  switch (typeof value) {
    case "string":
      return Buffer.concat([Buffer.of(markers.string), Buffer.from(value), Buffer.of(markers.end)]);
    case "number": {
      const bytes = Buffer.alloc(9);
      bytes[0] = markers.number;
      bytes.writeDoubleLE(value, 1);
      return bytes;
    }
    case "boolean":
      return Buffer.of(value ? markers.true : markers.false);
    case "undefined":
      return Buffer.of(markers.undefined);
    default:
      return Buffer.of(markers.null);
  }
}

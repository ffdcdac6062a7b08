/**
 * The stored text of an item is its canonical JSON without system properties and without the closing brace, so that a
 * read only appends the system properties: no item is parsed to be read.
 */
export interface ItemRow {
  /** Position of the item's creation in its container; never reused. */
  readonly seq: number;
  readonly lsn: number;
  /** Seconds since the epoch of the last write. */
  readonly ts: number;
  readonly body: string;
}

const systemProperties = ["_rid", "_self", "_etag", "_attachments", "_ts", "_lsn"] as const;

/** Canonical open text of a parsed item; the caller's object loses its system properties. */
export function openText(item: Record<string, unknown>): string {
  for (const name of systemProperties) if (Object.hasOwn(item, name)) delete item[name];
  return JSON.stringify(item).slice(0, -1);
}

/** Adds one container's system properties to stored items. */
export class ItemTexts {
  readonly #rid: Buffer;
  readonly #self: string;
  readonly #salt: string;

  /**
   * @param databaseRid base64 of 4 bytes.
   * @param containerRid base64 of 8 bytes, `/` written as `-`.
   * @param number distinguishes the etags of a container from those of one that had its name before.
   */
  constructor(databaseRid: string, containerRid: string, number: number) {
    this.#rid = Buffer.alloc(16);
    Buffer.from(containerRid.replaceAll("-", "/"), "base64").copy(this.#rid, 0, 0, 8);
    this.#self = `","_self":"dbs/${databaseRid}/colls/${containerRid}/docs/`;
    this.#salt = `-${(number & 0xffff).toString(16).padStart(4, "0")}-0100-0000-`;
  }

  /** The resource id of the item that was created as number `seq`. */
  rid(seq: number): string {
    this.#rid.writeUInt32LE(seq >>> 0, 8);
    this.#rid.writeUInt32LE(Math.floor(seq / 0x1_0000_0000), 12);
    return this.#rid.toString("base64").replaceAll("/", "-");
  }

  /** The entity tag of a version, without quotes; `lsn` makes it unique. */
  etag(lsn: number, ts: number): string {
    return (
      (lsn >>> 0).toString(16).padStart(8, "0") +
      this.#salt +
      (ts >>> 0).toString(16).padStart(8, "0") +
      "0000"
    );
  }

  /** The whole item as JSON. */
  full(row: ItemRow): string {
    return `${this.#open(row)}}`;
  }

  /** The whole item as the change feed shows it, with `_lsn`. */
  change(row: ItemRow): string {
    return `${this.#open(row)},"_lsn":${row.lsn}}`;
  }

  #open(row: ItemRow): string {
    const rid = this.rid(row.seq);
    return (
      row.body +
      ',"_rid":"' +
      rid +
      this.#self +
      rid +
      '/","_etag":"\\"' +
      this.etag(row.lsn, row.ts) +
      '\\"","_attachments":"attachments/","_ts":' +
      row.ts
    );
  }
}

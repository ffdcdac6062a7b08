import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { Store } from "../../core/store.ts";
import { type Change, ChangeOrder } from "./change-order.ts";

/** One row: `expires` in seconds since the epoch, null for never. */
export interface TableRow {
  readonly seq: number;
  readonly id: string;
  readonly partition: string;
  readonly lsn: number;
  readonly ts: number;
  readonly expires: number | null;
  readonly body: string;
}

/** The columns that a write sets. */
export interface RowContent {
  readonly partition: string;
  readonly id: string;
  readonly lsn: number;
  readonly ts: number;
  readonly ttl: number | null;
  readonly expires: number | null;
  readonly body: string;
}

/** The partitions that a scan visits; all where neither is given. */
export interface PartitionRange {
  /** Only rows of this partition. */
  readonly partition?: string | undefined;
  /** Only rows whose partition text is at least the first and below the second. */
  readonly partitions?: readonly [string, string] | undefined;
}

/** Which rows a scan visits, always in the order of creation (`seq`) or of last write (`lsn`). */
export interface ScanRange extends PartitionRange {
  /** Only rows after this `seq` or `lsn`. */
  readonly after: number;
  /** Rows at most. */
  readonly limit: number;
}

/** Every SQL statement on the table of one container's items. */
export class ItemTable {
  readonly #store: Store;
  readonly #name: string;
  readonly #scans = new Map<string, StatementSync>();
  readonly #find: StatementSync;
  readonly #findBySeq: StatementSync;
  readonly #insert: StatementSync;
  readonly #upsert: StatementSync;
  readonly #update: StatementSync;
  readonly #rename: StatementSync;
  readonly #remove: StatementSync;
  #order: ChangeOrder | undefined;
  /** The length at which the order is read anew, without its stale entries. */
  #longestOrder = 0;

  constructor(store: Store, number: number) {
    this.#store = store;
    const name = itemTableName(number);
    this.#name = name;
    store.database.exec(
      `CREATE TABLE IF NOT EXISTS ${name} (
         seq INTEGER PRIMARY KEY, partition TEXT NOT NULL, id TEXT NOT NULL, lsn INTEGER NOT NULL, ts INTEGER NOT NULL,
         ttl INTEGER, expires INTEGER, body TEXT NOT NULL, UNIQUE (partition, id)
       ) STRICT;
       CREATE INDEX IF NOT EXISTS ${name}_by_expiry ON ${name} (expires) WHERE expires IS NOT NULL;`,
    );
    this.#find = this.#prepare(`SELECT ${columns} FROM ${name} WHERE partition = ? AND id = ?`);
    this.#findBySeq = this.#prepare(`SELECT ${columns} FROM ${name} WHERE seq = ?`);
    this.#insert = this.#prepare(
      `INSERT OR IGNORE INTO ${name} (lsn, ts, ttl, expires, body, partition, id, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#upsert = this.#prepare(
      `INSERT INTO ${name} (lsn, ts, ttl, expires, body, partition, id, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (partition, id) DO UPDATE SET
       lsn = excluded.lsn, ts = excluded.ts, ttl = excluded.ttl, expires = excluded.expires, body = excluded.body
       RETURNING seq`,
    );
    this.#update = this.#prepare(
      `UPDATE ${name} SET lsn = ?, ts = ?, ttl = ?, expires = ?, body = ? WHERE seq = ?`,
    );
    this.#rename = this.#prepare(`UPDATE ${name} SET id = ? WHERE seq = ?`);
    this.#remove = this.#prepare(`DELETE FROM ${name} WHERE seq = ?`);
  }

  find(partition: string, id: string): TableRow | undefined {
    return toTableRow(this.#find.get(partition, id));
  }

  /** Answers false, and does nothing, when the partition has a row with this id. */
  insert(seq: number, row: RowContent): boolean {
    const { lsn, ts, ttl, expires, body, partition, id } = row;
    if (this.#insert.run(lsn, ts, ttl, expires, body, partition, id, seq).changes === 0) return false;
    this.#order?.append(lsn, seq);
    return true;
  }

  /** Inserts as `seq`, or writes over the row with the same partition and id; answers that row's `seq`. */
  upsert(seq: number, row: RowContent): number {
    const { lsn, ts, ttl, expires, body, partition, id } = row;
    const found = this.#upsert.get(lsn, ts, ttl, expires, body, partition, id, seq);
    const [written] = found as unknown as [number];
    this.#order?.append(lsn, written);
    return written;
  }

  /** Writes over the row `seq`, which stays in its partition. */
  update(seq: number, row: RowContent): void {
    const { lsn, ts, ttl, expires, body } = row;
    this.#update.run(lsn, ts, ttl, expires, body, seq);
    this.#order?.append(lsn, seq);
  }

  rename(seq: number, id: string): void {
    this.#rename.run(id, seq);
  }

  remove(seq: number): void {
    this.#remove.run(seq);
  }

  /** Deletes what expired at or before `now`; answers the `seq` of each. */
  removeExpired(now: number): readonly number[] {
    const rows = this.#scan(`DELETE FROM ${this.#name} WHERE expires <= ? RETURNING seq`).all(now);
    return (rows as unknown as [number][]).map(([seq]) => seq);
  }

  /** Deletes every row of one partition; answers the `seq` of each. */
  removePartition(partition: string): readonly number[] {
    const rows = this.#scan(`DELETE FROM ${this.#name} WHERE partition = ? RETURNING seq`).all(partition);
    return (rows as unknown as [number][]).map(([seq]) => seq);
  }

  /** Recomputes every expiry: a row's own ttl, else `fallback` seconds after its last write; -1 is never. */
  setExpiry(fallback: number | undefined): void {
    if (fallback === undefined) this.#scan(`UPDATE ${this.#name} SET expires = NULL`).run();
    else this.#scan(`UPDATE ${this.#name} SET expires = ts + nullif(coalesce(ttl, ?), -1)`).run(fallback);
  }

  count(range: PartitionRange, now: number | undefined): number {
    const { where, parameters } = conditionsOf(range, now);
    const row = this.#scan(`SELECT count(*) FROM ${this.#name}${where}`).get(...parameters);
    return (row as unknown as [number])[0];
  }

  /** Rows in the order of their creation, after the one created as `after`; `now` leaves out what has expired by then. */
  scan(range: ScanRange, now: number | undefined): readonly TableRow[] {
    return this.#ordered("seq", range, now);
  }

  /** Rows in the order of their last write, after the one written as `after`. */
  changes(range: ScanRange, now: number | undefined): readonly TableRow[] {
    if (range.partition !== undefined || range.partitions !== undefined) {
      return this.#ordered("lsn", range, now);
    }
    const rows: TableRow[] = [];
    let position = range.after;
    while (rows.length < range.limit) {
      const entries = this.#changeOrder().after(position, range.limit - rows.length);
      const last = entries.at(-1);
      if (last === undefined) break;
      position = last.lsn;
      for (const row of this.#rowsOf(entries)) {
        if (now === undefined || row.expires === null || row.expires > now) rows.push(row);
      }
    }
    return rows;
  }

  /** The highest `lsn` of a row last written before `seconds`, or 0. */
  lastLsnBefore(seconds: number): number {
    const row = this.#scan(`SELECT coalesce(max(lsn), 0) FROM ${this.#name} WHERE ts < ?`).get(seconds);
    return (row as unknown as [number])[0];
  }

  #ordered(order: "seq" | "lsn", range: ScanRange, now: number | undefined): readonly TableRow[] {
    const narrowed = range.partition !== undefined || range.partitions !== undefined;
    const { where, parameters } = conditionsOf(range, now, order, range.after);
    const select = `SELECT ${columns} FROM ${this.#name}`;
    // Of a partition the rows' numbers are read first, from its index alone, so that only numbers are sorted, not bodies.
    // The unary plus keeps SQLite from walking the whole container in order instead.
    const sql = narrowed
      ? `${select} WHERE seq IN (SELECT seq FROM ${this.#name}${where} ORDER BY +${order} LIMIT ?) ORDER BY ${order}`
      : `${select}${where} ORDER BY ${order} LIMIT ?`;
    const rows = this.#scan(sql).all(...parameters, range.limit);
    return rows.flatMap((row) => toTableRow(row) ?? []);
  }

  /** The rows that `entries` are the last writes of, in their order. */
  #rowsOf(entries: readonly Change[]): readonly TableRow[] {
    const first = entries[0]?.seq ?? 0;
    const last = entries.at(-1)?.seq ?? 0;
    const isRun = entries.every(({ seq }, index) => index === 0 || seq > (entries[index - 1]?.seq ?? 0));
    // Items that were only ever created lie in the table as they do in the feed: one scan reads them all.
    if (isRun && last - first < 2 * entries.length) {
      const wanted = new Set(entries.map(({ lsn }) => lsn));
      const sql = `SELECT ${columns} FROM ${this.#name} WHERE seq >= ? AND seq <= ? ORDER BY seq`;
      const rows = this.#scan(sql).all(first, last);
      return rows.flatMap((found) => {
        const row = toTableRow(found);
        return row !== undefined && wanted.has(row.lsn) ? [row] : [];
      });
    }
    return entries.flatMap(({ lsn, seq }) => {
      const row = toTableRow(this.#findBySeq.get(seq));
      return row?.lsn === lsn ? [row] : [];
    });
  }

  #changeOrder(): ChangeOrder {
    if (this.#order === undefined || this.#order.length > this.#longestOrder) {
      const rows = this.#scan(`SELECT lsn, seq FROM ${this.#name} ORDER BY lsn`).all();
      this.#order = new ChangeOrder(rows as unknown as [number, number][]);
      this.#longestOrder = 2 * rows.length + staleEntries;
    }
    return this.#order;
  }

  #scan(sql: string): StatementSync {
    let statement = this.#scans.get(sql);
    if (statement === undefined) {
      statement = this.#prepare(sql);
      this.#scans.set(sql, statement);
    }
    return statement;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#store.database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

/** The table of the container with this number. */
export function itemTableName(number: number): string {
  return `cosmos_items_${number}`;
}

const columns = "seq, id, partition, lsn, ts, expires, body";
const staleEntries = 4096;

function toTableRow(found: unknown): TableRow | undefined {
  if (found === undefined) return undefined;
  const row = found as [number, string, string, number, number, number | null, string];
  return {
    seq: row[0],
    id: row[1],
    partition: row[2],
    lsn: row[3],
    ts: row[4],
    expires: row[5],
    body: row[6],
  };
}

function conditionsOf(
  range: PartitionRange,
  now: number | undefined,
  order?: "seq" | "lsn",
  after?: number,
): { where: string; parameters: SQLInputValue[] } {
  const conditions: string[] = [];
  const parameters: SQLInputValue[] = [];
  if (range.partition !== undefined) {
    conditions.push("partition = ?");
    parameters.push(range.partition);
  }
  if (range.partitions !== undefined) {
    conditions.push("partition >= ? AND partition < ?");
    parameters.push(...range.partitions);
  }
  if (order !== undefined && after !== undefined) {
    conditions.push(`${order} > ?`);
    parameters.push(after);
  }
  if (now !== undefined) {
    conditions.push("(expires IS NULL OR expires > ?)");
    parameters.push(now);
  }
  return { where: conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`, parameters };
}

import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { Store } from "../../core/store.ts";

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

/** Which rows a scan visits, always in the order of creation (`seq`) or of last write (`lsn`). */
export interface ScanRange {
  /** Only rows of this partition. */
  readonly partition?: string | undefined;
  /** Only rows whose partition text is at least the first and below the second. */
  readonly partitions?: readonly [string, string] | undefined;
  /** Only rows after this `seq` or `lsn`. */
  readonly after: number;
  /** Rows at most. */
  readonly limit: number;
}

/** Every SQL statement on the table of one container's items. */
export class ItemTable {
  readonly #store: Store;
  readonly #name: string;
  readonly #statements = new Map<string, StatementSync>();
  readonly #find: StatementSync;
  readonly #upsert: StatementSync;

  constructor(store: Store, number: number) {
    this.#store = store;
    this.#name = itemTableName(number);
    store.database.exec(
      `CREATE TABLE IF NOT EXISTS ${this.#name} (
         seq INTEGER PRIMARY KEY, partition TEXT NOT NULL, id TEXT NOT NULL, lsn INTEGER NOT NULL, ts INTEGER NOT NULL,
         ttl INTEGER, expires INTEGER, body TEXT NOT NULL, UNIQUE (partition, id)
       ) STRICT;
       CREATE UNIQUE INDEX IF NOT EXISTS ${this.#name}_by_lsn ON ${this.#name} (lsn);
       CREATE INDEX IF NOT EXISTS ${this.#name}_by_expiry ON ${this.#name} (expires) WHERE expires IS NOT NULL;`,
    );
    this.#find = this.#prepare(
      `SELECT seq, lsn, ts, expires, body FROM ${this.#name} WHERE partition = ? AND id = ?`,
    );
    this.#upsert = this.#prepare(
      `INSERT INTO ${this.#name} VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (partition, id) DO UPDATE SET
       lsn = excluded.lsn, ts = excluded.ts, ttl = excluded.ttl, expires = excluded.expires, body = excluded.body
       RETURNING seq`,
    );
  }

  find(partition: string, id: string): TableRow | undefined {
    const row = this.#find.get(partition, id) as unknown as FoundRow | undefined;
    if (row === undefined) return undefined;
    return { seq: row[0], id, partition, lsn: row[1], ts: row[2], expires: row[3], body: row[4] };
  }

  insert(seq: number, row: RowContent): void {
    this.#statement(`INSERT INTO ${this.#name} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`).run(seq, ...contentOf(row));
  }

  /** Inserts as `seq`, or writes over the row with the same partition and id; answers that row's `seq`. */
  upsert(seq: number, row: RowContent): number {
    return (this.#upsert.get(seq, ...contentOf(row)) as unknown as [number])[0];
  }

  update(seq: number, row: RowContent): void {
    this.#statement(
      `UPDATE ${this.#name} SET partition = ?, id = ?, lsn = ?, ts = ?, ttl = ?, expires = ?, body = ? WHERE seq = ?`,
    ).run(...contentOf(row), seq);
  }

  remove(seq: number): void {
    this.#statement(`DELETE FROM ${this.#name} WHERE seq = ?`).run(seq);
  }

  /** Deletes what expired at or before `now`; answers the `seq` of each. */
  removeExpired(now: number): readonly number[] {
    const rows = this.#statement(`DELETE FROM ${this.#name} WHERE expires <= ? RETURNING seq`).all(now);
    return (rows as unknown as [number][]).map(([seq]) => seq);
  }

  /** Deletes every row of one partition; answers the `seq` of each. */
  removePartition(partition: string): readonly number[] {
    const rows = this.#statement(`DELETE FROM ${this.#name} WHERE partition = ? RETURNING seq`).all(
      partition,
    );
    return (rows as unknown as [number][]).map(([seq]) => seq);
  }

  /** Recomputes every expiry: a row's own ttl, else `fallback` seconds after its last write; -1 is never. */
  setExpiry(fallback: number | undefined): void {
    if (fallback === undefined) this.#statement(`UPDATE ${this.#name} SET expires = NULL`).run();
    else {
      this.#statement(`UPDATE ${this.#name} SET expires = ts + nullif(coalesce(ttl, ?), -1)`).run(fallback);
    }
  }

  count(range: Pick<ScanRange, "partition" | "partitions">, now: number | undefined): number {
    const { where, parameters } = conditionsOf(range, now);
    const row = this.#statement(`SELECT count(*) FROM ${this.#name}${where}`).get(...parameters);
    return (row as unknown as [number])[0];
  }

  /** Rows in ascending `order`; `now` leaves out what has expired by then. */
  scan(order: "seq" | "lsn", range: ScanRange, now: number | undefined): readonly TableRow[] {
    const narrowed = range.partition !== undefined || range.partitions !== undefined;
    const { where, parameters } = conditionsOf(range, now, order, range.after);
    // The unary plus keeps SQLite from walking the whole container in order when the partition's index is at hand.
    const by = narrowed ? `+${order}` : order;
    const rows = this.#statement(
      `SELECT seq, id, partition, lsn, ts, expires, body FROM ${this.#name}${where} ORDER BY ${by} LIMIT ?`,
    ).all(...parameters, range.limit);
    return (rows as unknown as ScannedRow[]).map(toTableRow);
  }

  /** The highest `lsn` of a row last written before `seconds`, or 0. */
  lastLsnBefore(seconds: number): number {
    const row = this.#statement(`SELECT coalesce(max(lsn), 0) FROM ${this.#name} WHERE ts < ?`).get(seconds);
    return (row as unknown as [number])[0];
  }

  /** Every partition that has an item. */
  partitions(): readonly string[] {
    const rows = this.#statement(`SELECT DISTINCT partition FROM ${this.#name}`).all();
    return (rows as unknown as [string][]).map(([partition]) => partition);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#prepare(sql);
      this.#statements.set(sql, statement);
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

type FoundRow = [number, number, number, number | null, string];
type ScannedRow = [number, string, string, number, number, number | null, string];

function contentOf(row: RowContent): [string, string, number, number, number | null, number | null, string] {
  return [row.partition, row.id, row.lsn, row.ts, row.ttl, row.expires, row.body];
}

function toTableRow(row: ScannedRow): TableRow {
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
  range: Pick<ScanRange, "partition" | "partitions">,
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

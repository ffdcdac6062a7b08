import type { Clock } from "../../core/clock.ts";
import type { Store } from "../../core/store.ts";
import { StorageError } from "./errors.ts";
import type { ItemDocument } from "./item-document.ts";
import {
  ItemTable,
  type PartitionRange,
  type RowContent,
  type ScanRange,
  type TableRow,
} from "./item-table.ts";
import type { ItemRow, ItemTexts } from "./item-text.ts";
import type { LogSequence } from "./log-sequence.ts";
import { checkIfMatch, type Preconditions } from "./preconditions.ts";
import { type UniqueKeyPolicy, UniqueKeys, uniqueKeyTableName } from "./unique-keys.ts";

/** One stored version of an item. */
export interface StoredItem extends ItemRow {
  readonly id: string;
  readonly partition: string;
}

/** What a write left behind. */
export interface WrittenItem extends StoredItem {
  readonly created: boolean;
}

export interface ContainerItemsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Distinguishes the container's tables; never reused. */
  readonly number: number;
  readonly texts: ItemTexts;
  readonly uniqueKeys: UniqueKeyPolicy;
  /** Seconds until items expire; -1 only where an item says so; undefined never, whatever items say. */
  readonly defaultTtl: number | undefined;
  readonly sequence: LogSequence;
}

/** More than any one request may write. */
const writesPerTransaction = 1_000;

/**
 * The items of one container. Each item belongs to one logical partition and is found only by its partition and id
 * together. Every write is durable when its method returns; a method that throws has written nothing.
 */
export class ContainerItems {
  readonly texts: ItemTexts;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #table: ItemTable;
  readonly #uniqueKeys: UniqueKeys | undefined;
  readonly #sequence: LogSequence;
  #defaultTtl: number | undefined;

  constructor(options: ContainerItemsOptions) {
    const { store, number } = options;
    this.#store = store;
    this.#clock = options.clock;
    this.texts = options.texts;
    this.#sequence = options.sequence;
    this.#defaultTtl = options.defaultTtl;
    this.#table = new ItemTable(store, number);
    this.#uniqueKeys =
      options.uniqueKeys.length === 0
        ? undefined
        : new UniqueKeys(store, uniqueKeyTableName(number), options.uniqueKeys);
  }

  /** The log sequence number of the last write: the session token's and the change feed's position. */
  get lsn(): number {
    return this.#sequence.current;
  }

  get defaultTtl(): number | undefined {
    return this.#defaultTtl;
  }

  /** The live item, or undefined. */
  find(partition: string, id: string): StoredItem | undefined {
    const row = this.#table.find(partition, id);
    return row === undefined || this.#isExpired(row) ? undefined : row;
  }

  /** Live items in the order of their creation. */
  scan(range: ScanRange): readonly TableRow[] {
    return this.#table.scan(range, this.#now());
  }

  /** Live items in the order of their last write. */
  changes(range: ScanRange): readonly TableRow[] {
    return this.#table.changes(range, this.#now());
  }

  /** How many live items there are. */
  count(range: PartitionRange): number {
    return this.#table.count(range, this.#now());
  }

  /** The change feed's position just before what was written at or after `seconds`. */
  positionBefore(seconds: number): number {
    return this.#table.lastLsnBefore(seconds);
  }

  /** @throws StorageError conflict, uniqueKey. */
  create(item: ItemDocument): WrittenItem {
    return this.#write(() => {
      if (!this.#isPlain()) this.#checkFree(item.partition, item.id);
      return this.#insertNew(item);
    });
  }

  /**
   * Creates the item or replaces the one with its id; conditions hold for a replaced one only.
   *
   * @throws StorageError precondition, uniqueKey.
   */
  upsert(item: ItemDocument, conditions: Preconditions = {}): WrittenItem {
    if (this.#isPlain() && conditions.ifMatch === undefined) {
      const row = this.#content(item, this.#sequence.next());
      return written(this.#table.upsert(row.lsn, row), row);
    }
    return this.#write(() => {
      const existing = this.find(item.partition, item.id);
      if (existing === undefined) {
        this.#checkFree(item.partition, item.id);
        return this.#insertNew(item);
      }
      checkIfMatch(this.texts, existing, conditions.ifMatch);
      return this.#replaceExisting(existing, item);
    });
  }

  /**
   * Replaces the item `id`; the new version may carry another id.
   *
   * @throws StorageError notFound, precondition, conflict (its new id is taken), uniqueKey.
   */
  replace(id: string, item: ItemDocument, conditions: Preconditions = {}): WrittenItem {
    return this.modify(item.partition, id, () => item, conditions);
  }

  /**
   * Reads the item, lets `change` make the next version of it, and writes that; nothing comes between.
   *
   * @throws StorageError notFound, precondition, conflict, uniqueKey, and whatever `change` throws.
   */
  modify(
    partition: string,
    id: string,
    change: (current: StoredItem) => ItemDocument,
    conditions: Preconditions = {},
  ): WrittenItem {
    return this.#write(() => {
      const existing = this.#existing(partition, id);
      checkIfMatch(this.texts, existing, conditions.ifMatch);
      const item = change(existing);
      if (item.id !== id) this.#checkFree(partition, item.id);
      return this.#replaceExisting(existing, item);
    });
  }

  /** @throws StorageError notFound, precondition. */
  remove(partition: string, id: string, conditions: Preconditions = {}): void {
    this.#write(() => {
      const existing = this.#existing(partition, id);
      checkIfMatch(this.texts, existing, conditions.ifMatch);
      this.#uniqueKeys?.release(existing.seq);
      this.#table.remove(existing.seq);
      this.#sequence.next();
    });
  }

  /** Deletes all items of one partition. */
  removePartition(partition: string): void {
    this.atomically(() => {
      for (const seq of this.#table.removePartition(partition)) this.#uniqueKeys?.release(seq);
      this.#sequence.next();
    });
  }

  /** Runs `work` so that all its writes are kept, or none when it throws. */
  atomically<Result>(work: () => Result): Result {
    this.#sequence.reserve(writesPerTransaction);
    return this.#store.transaction(work);
  }

  /** Inside {@link atomically}: undoes the writes of `work` alone when it throws. */
  attempt<Result>(work: () => Result): Result {
    if (this.#isPlain()) return work();
    const { database } = this.#store;
    database.exec("SAVEPOINT attempt");
    try {
      return work();
    } catch (error) {
      database.exec("ROLLBACK TO attempt");
      throw error;
    } finally {
      database.exec("RELEASE attempt");
    }
  }

  /** Deletes what has expired by now; reads never show it, so when this runs is of no consequence. */
  purgeExpired(): void {
    if (this.#defaultTtl === undefined) return;
    this.#store.transaction(() => {
      for (const seq of this.#table.removeExpired(this.#clock.nowSeconds())) this.#uniqueKeys?.release(seq);
    });
  }

  /** Applies a changed default: every item's expiry follows from its last write and its own ttl. */
  changeDefaultTtl(defaultTtl: number | undefined): void {
    this.purgeExpired();
    this.#table.setExpiry(defaultTtl);
    this.#defaultTtl = defaultTtl;
  }

  /** Without expiry and unique keys each write but a change of id is one statement, atomic by itself. */
  #isPlain(): boolean {
    return this.#uniqueKeys === undefined && this.#defaultTtl === undefined;
  }

  #write<Result>(work: () => Result): Result {
    this.#sequence.reserve(1);
    if (this.#isPlain()) return work();
    return this.#store.transaction(() => {
      if (this.#uniqueKeys !== undefined) this.purgeExpired();
      return work();
    });
  }

  #insertNew(item: ItemDocument): WrittenItem {
    const row = this.#content(item, this.#sequence.next());
    this.#uniqueKeys?.claim(item.partition, row.lsn, item.value);
    if (!this.#table.insert(row.lsn, row)) throw taken();
    return written(row.lsn, row);
  }

  #replaceExisting(existing: StoredItem, item: ItemDocument): WrittenItem {
    const row = this.#content(item, this.#sequence.next());
    this.#uniqueKeys?.release(existing.seq);
    this.#uniqueKeys?.claim(item.partition, existing.seq, item.value);
    if (item.id === existing.id) this.#table.update(existing.seq, row);
    else {
      this.#store.transaction(() => {
        this.#table.update(existing.seq, row);
        this.#table.rename(existing.seq, item.id);
      });
    }
    return written(existing.seq, row);
  }

  #content(item: ItemDocument, lsn: number): RowContent {
    const ts = this.#clock.nowSeconds();
    return {
      partition: item.partition,
      id: item.id,
      lsn,
      ts,
      ttl: item.ttl ?? null,
      expires: this.#expiry(item, ts),
      body: item.body,
    };
  }

  #existing(partition: string, id: string): StoredItem {
    const existing = this.find(partition, id);
    if (existing === undefined) {
      throw new StorageError("notFound", "Entity with the specified id does not exist in the system.");
    }
    return existing;
  }

  #checkFree(partition: string, id: string): void {
    const row = this.#table.find(partition, id);
    if (row === undefined) return;
    if (!this.#isExpired(row)) throw taken();
    this.#table.remove(row.seq);
    this.#uniqueKeys?.release(row.seq);
  }

  #now(): number | undefined {
    return this.#defaultTtl === undefined ? undefined : this.#clock.nowSeconds();
  }

  #isExpired(row: TableRow): boolean {
    return row.expires !== null && row.expires <= this.#clock.nowSeconds();
  }

  #expiry(item: ItemDocument, ts: number): number | null {
    if (this.#defaultTtl === undefined) return null;
    const ttl = item.ttl ?? this.#defaultTtl;
    return ttl === -1 ? null : ts + ttl;
  }
}

function written(seq: number, row: RowContent): WrittenItem {
  const { lsn, ts, body, id, partition } = row;
  return { seq, lsn, ts, body, id, partition, created: seq === lsn };
}

function taken(): StorageError {
  return new StorageError("conflict", "Entity with the specified id already exists in the system.");
}

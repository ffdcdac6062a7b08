const initialCapacity = 1024;

/** A write: its own number, and the number under which its item was created. */
export interface Change {
  readonly lsn: number;
  readonly seq: number;
}

/**
 * The order in which one container's items were written last, in memory: 16 bytes an item. It is read from the table at
 * the first use of the change feed; an index in the database would cost every write a third of its time.
 *
 * An item that is written again gets a new entry; the old one stays until there are more stale entries than live ones.
 */
export class ChangeOrder {
  #lsns = new Float64Array(initialCapacity);
  #seqs = new Float64Array(initialCapacity);
  #length = 0;

  /** @param entries number and creation of each item, in ascending order of `lsn`. */
  constructor(entries: readonly (readonly [lsn: number, seq: number])[]) {
    this.#grow(entries.length);
    for (const [lsn, seq] of entries) this.append(lsn, seq);
  }

  get length(): number {
    return this.#length;
  }

  /** Records a write; `lsn` is higher than all before. */
  append(lsn: number, seq: number): void {
    if (this.#length === this.#lsns.length) this.#grow(this.#length * 2);
    this.#lsns[this.#length] = lsn;
    this.#seqs[this.#length] = seq;
    this.#length += 1;
  }

  /** The `limit` oldest writes after `lsn`, oldest first, stale ones among them. */
  after(lsn: number, limit: number): readonly Change[] {
    const first = this.#firstAfter(lsn);
    const changes: Change[] = [];
    for (let index = first; index < this.#length && changes.length < limit; index += 1) {
      changes.push({ lsn: this.#lsns[index] ?? 0, seq: this.#seqs[index] ?? 0 });
    }
    return changes;
  }

  #firstAfter(lsn: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#lsns[middle] ?? 0) > lsn) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #grow(capacity: number): void {
    if (capacity <= this.#lsns.length) return;
    const [lsns, seqs] = [new Float64Array(capacity), new Float64Array(capacity)];
    lsns.set(this.#lsns.subarray(0, this.#length));
    seqs.set(this.#seqs.subarray(0, this.#length));
    this.#lsns = lsns;
    this.#seqs = seqs;
  }
}

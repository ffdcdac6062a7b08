/** Results that are still to be sent, as JSON texts. */
interface Snapshot {
  /** Resource id of the container that was queried. */
  readonly rid: string;
  readonly query: string;
  /** Place of the first kept result among all results. */
  readonly from: number;
  readonly results: readonly string[];
  readonly characters: number;
}

const maximumSnapshots = 32;
const maximumCharacters = 16 * 1024 * 1024;

/**
 * The further pages of queries that had to look at every item for their first one. A snapshot that was dropped is made
 * again from the query, so dropping one costs time only.
 */
export class QuerySnapshots {
  readonly #snapshots = new Map<number, Snapshot>();
  #characters = 0;
  #last = 0;

  /** Keeps results for their continuation; answers the snapshot's number. */
  keep(rid: string, query: string, from: number, results: readonly string[]): number {
    const characters = results.reduce((sum, result) => sum + result.length, 0);
    this.#last += 1;
    this.#snapshots.set(this.#last, { rid, query, from, results, characters });
    this.#characters += characters;
    for (const number of this.#snapshots.keys()) {
      if (this.#snapshots.size <= maximumSnapshots && this.#characters <= maximumCharacters) break;
      this.#drop(number);
    }
    return this.#last;
  }

  /** The results from place `from` on, if they are still kept. They are given out once. */
  take(number: number, rid: string, query: string, from: number): readonly string[] | undefined {
    const snapshot = this.#snapshots.get(number);
    if (snapshot === undefined || snapshot.rid !== rid || snapshot.query !== query) return undefined;
    if (from !== snapshot.from) return undefined;
    this.#drop(number);
    return snapshot.results;
  }

  #drop(number: number): void {
    this.#characters -= this.#snapshots.get(number)?.characters ?? 0;
    this.#snapshots.delete(number);
  }
}

const reservedAtOnce = 10_000;

/**
 * The log sequence numbers of one container. They only ever rise, also over a restart and over deletes: blocks of
 * numbers are made durable before the first of them is used, so that no write has to record its number twice.
 */
export class LogSequence {
  readonly #makeDurable: (upTo: number) => void;
  #current: number;
  #reserved: number;

  /**
   * @param start highest number that may be in use already.
   * @param makeDurable records that numbers up to and including its argument may be in use.
   */
  constructor(start: number, makeDurable: (upTo: number) => void) {
    this.#current = start;
    this.#reserved = start;
    this.#makeDurable = makeDurable;
  }

  get current(): number {
    return this.#current;
  }

  next(): number {
    this.reserve(1);
    this.#current += 1;
    return this.#current;
  }

  /** Makes sure that the next `count` numbers are durable; called before a transaction that may be rolled back. */
  reserve(count: number): void {
    if (this.#current + count <= this.#reserved) return;
    const upTo = this.#current + count + reservedAtOnce;
    this.#makeDurable(upTo);
    this.#reserved = upTo;
  }
}

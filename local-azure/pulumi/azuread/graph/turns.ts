/** Lets operations on the same object run one after another, because Graph's lists are replaced as a whole. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs work when everything that was asked for before, under the same name, has ended. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const own = before.then(work, work);
    this.#last.set(name, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(name) === own) this.#last.delete(name);
    }
  }
}

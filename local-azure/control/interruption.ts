const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** This process was asked to end, and what it had begun is undone. */
export class Interrupted extends Error {
  /** 128 + the signal's number, as a shell reports it. */
  readonly exitCode: number;

  constructor(signal: keyof typeof exitCodes) {
    super(`interrupted by ${signal}`);
    this.name = "Interrupted";
    this.exitCode = exitCodes[signal];
  }
}

/**
 * Takes the signals that ask this process to end, from now on to its end. None of them ends it by itself any more, so
 * that there is no moment between two steps in which Ctrl-C would leave behind what the first one started.
 *
 * @returns aborted with an `Interrupted` as its reason by the first signal.
 */
export function watchForInterruption(): AbortSignal {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => abort.abort(new Interrupted(signal)));
  }
  return abort.signal;
}

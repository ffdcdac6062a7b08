import type { Writable } from "node:stream";

/** Tells a person how a long piece of work goes on. */
export interface Reporter {
  /** A new step begins. */
  step(text: string): void;
  /** The current step has come further; calls may follow each other quickly. */
  progress(text: string): void;
  /** The current step has ended well. */
  done(text: string): void;
}

/** Milliseconds between lines of progress where a line cannot be written over. */
const quietInterval = 10_000;

/**
 * A reporter for a console: progress is written over on a terminal; elsewhere it is a line now and then.
 * @param now milliseconds of a clock that never goes back
 */
export function consoleReporter(
  stream: Writable & { readonly isTTY?: boolean },
  now: () => number = () => performance.now(),
): Reporter {
  let lastProgress = now();
  let lineOpen = false;
  const line = (text: string) => {
    stream.write(`${lineOpen ? "\r\x1b[K" : ""}${text}\n`);
    lineOpen = false;
  };
  return {
    step: line,
    done: line,
    progress(text) {
      if (stream.isTTY === true) {
        stream.write(`\r\x1b[K  ${text}`);
        lineOpen = true;
      } else if (now() - lastProgress >= quietInterval) {
        lastProgress = now();
        line(`  ${text}`);
      }
    },
  };
}

/** A reporter for machines: one JSON object a line for each step that begins or ends. */
export function jsonReporter(stream: Writable): Reporter {
  const line = (value: unknown) => stream.write(`${JSON.stringify(value)}\n`);
  return {
    step: (step) => line({ step }),
    progress: () => undefined,
    done: (done) => line({ done }),
  };
}

/** A reporter that says nothing. */
export const silentReporter: Reporter = {
  step: () => undefined,
  progress: () => undefined,
  done: () => undefined,
};

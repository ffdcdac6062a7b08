import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";

const followIntervalMs = 250;

/** A log of one entry a line, read from its beginning and then as it grows. */
export interface LogFile {
  readonly path: string;
  /** The whole lines that were added since the last call, the first time all. A log that was begun anew is read anew. */
  read(): readonly string[];
}

/** There may be no file yet. */
export function openLogFile(path: string): LogFile {
  let position = 0;
  return {
    path,
    read() {
      const size = existsSync(path) ? statSync(path).size : 0;
      if (size < position) position = 0;
      const added = readFrom(path, position, size);
      const whole = added.subarray(0, added.lastIndexOf("\n") + 1);
      position += whole.length;
      const lines = whole.toString("utf8").split("\n");
      return lines.filter((line) => line !== "");
    },
  };
}

/** Hands over what is added to `files`, until this process is asked to end. */
export function followFiles(
  files: readonly LogFile[],
  onLine: (file: LogFile, line: string) => void,
): Promise<void> {
  const look = () => {
    for (const file of files) for (const line of file.read()) onLine(file, line);
  };
  look();
  const timer = setInterval(look, followIntervalMs);
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        clearInterval(timer);
        resolve();
      });
    }
  });
}

function readFrom(path: string, from: number, to: number): Buffer {
  if (to <= from) return Buffer.alloc(0);
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(to - from);
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from));
  } finally {
    closeSync(file);
  }
}

import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../../core/clock.ts";

export type OutputStream = "stdout" | "stderr";

/** The log of one site's process: what it wrote, and what the platform did with it. */
export interface SiteLog {
  /** Adds a line of the platform. */
  platform(message: string): void;
  /** Adds what the process wrote, line by line. */
  output(stream: OutputStream, chunk: Buffer): void;
  close(): void;
}

export interface SiteLogOptions {
  readonly file: string;
  readonly clock: Clock;
  /** When the file is larger than this it becomes `<file>.1`, in place of the one before. */
  readonly maximumBytes?: number;
}

/** A line that does not end is cut here. */
const maximumLine = 16_384;

/**
 * A log of one line each: time (ISO 8601, UTC), source, text. Readable by its owner only. At most twice `maximumBytes` are
 * kept.
 */
export function openSiteLog({ file, clock, maximumBytes = 5_000_000 }: SiteLogOptions): SiteLog {
  let descriptor = openSync(file, "a", 0o600);
  let size = fstatSync(descriptor).size;
  let closed = false;
  const streams = {
    stdout: { decoder: new StringDecoder("utf8"), rest: "" },
    stderr: { decoder: new StringDecoder("utf8"), rest: "" },
  };
  const write = (source: OutputStream | "platform", lines: readonly string[]) => {
    if (closed || lines.length === 0) return;
    const time = clock.now().toISOString();
    const text = lines.map((line) => `${time} ${source} ${line}\n`).join("");
    size += writeSync(descriptor, text);
    if (size <= maximumBytes) return;
    closeSync(descriptor);
    renameSync(file, `${file}.1`);
    descriptor = openSync(file, "a", 0o600);
    size = 0;
  };
  return {
    platform: (message) => write("platform", message.split("\n")),
    output(stream, chunk) {
      const state = streams[stream];
      const lines = (state.rest + state.decoder.write(chunk)).split(/\r?\n/);
      state.rest = lines.pop() ?? "";
      if (state.rest.length > maximumLine) {
        lines.push(state.rest);
        state.rest = "";
      }
      write(stream, lines);
    },
    close() {
      if (closed) return;
      for (const stream of ["stdout", "stderr"] as const) {
        const { rest } = streams[stream];
        if (rest !== "") write(stream, [rest]);
      }
      closed = true;
      closeSync(descriptor);
    },
  };
}

import type { Writable } from "node:stream";
import colours from "picocolors";

/** Where the progress of a command goes: with `--json` standard output is for the result alone. */
export function progressStream(json: boolean): Writable {
  return json ? process.stderr : process.stdout;
}

/** Writes one line when a step begins and one when it ends, with its duration in seconds. */
export async function step<T>(stream: Writable, title: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  stream.write(`${colours.cyan("▶")} ${title}\n`);
  try {
    const result = await work();
    stream.write(`${colours.green("✔")} ${title} ${colours.dim(`(${seconds(begun)} s)`)}\n`);
    return result;
  } catch (error) {
    stream.write(`${colours.red("✘")} ${title} ${colours.dim(`(${seconds(begun)} s)`)}\n`);
    throw error;
  }
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(1);
}

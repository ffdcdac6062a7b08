import { existsSync, readdirSync, readFileSync, statSync, watchFile } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { openStateFolder, type StateFolder } from "../control/state-folder.ts";
import { UserError } from "../core/user-error.ts";
import { siteFolder } from "../hosting/site-folder.ts";

export interface LogsOptions {
  readonly requests: boolean;
  /** How many lines from the end, as text from the command line. */
  readonly lines: string;
  readonly follow: boolean;
}

const followIntervalMs = 500;

/** Prints the end of a site's log, of the request log, or of the local cloud's own log; `follow` goes on with what is added. */
export async function logs(site: string | undefined, options: LogsOptions): Promise<void> {
  const count = Number(options.lines);
  if (!Number.isInteger(count) || count < 0) {
    throw new UserError(
      "LA-LOGS-LINES",
      `"${options.lines}" is not a number of lines.`,
      "local-azure logs --lines 50",
    );
  }
  const file = logFile(openStateFolder(), site, options.requests);
  const text = existsSync(file) ? readFileSync(file, "utf8").trimEnd() : "";
  const tail = count === 0 || text === "" ? [] : text.split("\n").slice(-count);
  if (tail.length > 0) console.log(tail.join("\n"));
  if (options.follow) await follow(file);
}

function logFile(folder: StateFolder, site: string | undefined, requests: boolean): string {
  if (site === undefined) return requests ? folder.requestLog : folder.logFile;
  const { root, logFile: file } = siteFolder(folder.root, site.toLowerCase());
  if (existsSync(root)) return file;
  const sites = join(folder.root, "sites");
  const known = existsSync(sites) ? readdirSync(sites) : [];
  throw new UserError(
    "LA-UNKNOWN-SITE",
    `There is no site called ${site}.`,
    `Use one of: ${known.join(", ") || "(none is deployed)"}.`,
  );
}

/** Ends with Ctrl-C. A log that was rotated begins again from its start. */
async function follow(file: string): Promise<void> {
  let position = existsSync(file) ? statSync(file).size : 0;
  await new Promise<void>((resolve) => {
    const watcher = watchFile(file, { interval: followIntervalMs }, (now) => {
      const from = now.size < position ? 0 : position;
      position = now.size;
      void printFrom(file, from, now.size);
    });
    process.once("SIGINT", () => {
      watcher.unref();
      resolve();
      process.exit(0);
    });
  });
}

async function printFrom(file: string, from: number, to: number): Promise<void> {
  if (to <= from) return;
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    process.stdout.write(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

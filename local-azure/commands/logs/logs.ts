import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openStateFolder, type StateFolder } from "../../control/state-folder.ts";
import { UserError } from "../../core/user-error.ts";
import { siteFolder } from "../../hosting/site-folder.ts";
import { type AzureRecord, dataPlaneRecord, describeRecord, isAbout, signInRecord } from "./azure-tables.ts";
import { followFiles, type LogFile, openLogFile } from "./log-file.ts";
import { printableJson, printableLine } from "./printable-json.ts";

export interface LogsOptions {
  readonly requests: boolean;
  readonly signins: boolean;
  readonly dataPlane: boolean;
  /** Whose records alone are wanted. */
  readonly principal?: string;
  /** How many lines from the end, as text from the command line. */
  readonly lines: string;
  readonly follow: boolean;
  readonly json: boolean;
}

/**
 * Prints the end of a site's log, of the request log, of Azure's own logs (sign-ins, data-plane requests or both, in the
 * order of time) or of the local cloud itself; `follow` goes on with what is added.
 *
 * @throws UserError LA-LOGS-LINES, LA-LOGS-CHOICE, LA-UNKNOWN-SITE.
 */
export async function logs(site: string | undefined, options: LogsOptions): Promise<void> {
  const count = readCount(options.lines);
  checkChoice(site, options);
  const folder = openStateFolder();
  if (options.signins || options.dataPlane) await printRecords(folder, count, options);
  else await printText(logFile(folder, site, options.requests), count, options);
}

function readCount(text: string): number {
  const count = Number(text);
  if (text.trim() !== "" && Number.isInteger(count) && count >= 0) return count;
  throw new UserError("LA-LOGS-LINES", `"${text}" is not a number of lines.`, "local-azure logs --lines 50");
}

function checkChoice(site: string | undefined, options: LogsOptions): void {
  const azure = options.signins || options.dataPlane;
  if ([site !== undefined, options.requests, azure].filter(Boolean).length > 1) {
    throw new UserError(
      "LA-LOGS-CHOICE",
      "A site's log, the request log and Azure's logs are printed one at a time.",
      "Name a site, or give --requests, or --signins and --data-plane.",
    );
  }
  if (options.principal !== undefined && !azure) {
    throw new UserError(
      "LA-LOGS-CHOICE",
      "--principal chooses among Azure's logs alone.",
      "Add --signins, --data-plane or both.",
    );
  }
}

async function printRecords(folder: StateFolder, count: number, options: LogsOptions): Promise<void> {
  const { principal, json } = options;
  const read = new Map<LogFile, (line: string) => AzureRecord | undefined>();
  if (options.signins) read.set(openLogFile(folder.signInLog), signInRecord);
  if (options.dataPlane) read.set(openLogFile(folder.requestLog), dataPlaneRecord);
  const wanted = (file: LogFile, line: string) => {
    const record = read.get(file)?.(line);
    return record !== undefined && (principal === undefined || isAbout(record, principal))
      ? record
      : undefined;
  };
  const print = (record: AzureRecord) => console.log(json ? printableJson(record) : describeRecord(record));
  const records = [...read.keys()]
    .flatMap((file) => file.read().flatMap((line) => wanted(file, line) ?? []))
    .sort((one, other) => one.TimeGenerated.localeCompare(other.TimeGenerated));
  for (const record of last(records, count)) print(record);
  if (!options.follow) return;
  await followFiles([...read.keys()], (file, line) => {
    const record = wanted(file, line);
    if (record !== undefined) print(record);
  });
}

async function printText(
  path: string,
  count: number,
  { requests, json, follow }: LogsOptions,
): Promise<void> {
  const file = openLogFile(path);
  const shown = (line: string) => {
    // The lines of the request log are JSON as they are.
    if (requests) return printableLine(line);
    return json ? printableJson({ line }) : line;
  };
  const print = (line: string) => console.log(shown(line));
  for (const line of last(file.read(), count)) print(line);
  if (follow) await followFiles([file], (_file, line) => print(line));
}

function last<T>(values: readonly T[], count: number): readonly T[] {
  return count === 0 ? [] : values.slice(-count);
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

import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { text } from "node:stream/consumers";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { connect } from "../../connection/azure-cloud.ts";
import { ConnectionError } from "../../connection/connection-error.ts";
import { reportFailure } from "../../connection/report-failure.ts";
import { selectedStack, stackOutputs } from "../../connection/stack.ts";
import { currentDay } from "../../infra/settings/reminders.ts";
import { todayOf } from "../today.ts";
import { diagnose } from "./diagnose.ts";
import type { AccountName } from "./facts/account.ts";
import type { DoctorRequest } from "./facts/gather.ts";
import { type Operation, operations } from "./question.ts";
import { renderJson, renderText } from "./render.ts";

const exitCodes = { works: 0, broken: 1, unseen: 2 } as const;
const armId =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.DocumentDB\/databaseAccounts\/[^/]+$/i;

interface Options {
  readonly principal?: string;
  readonly target?: string;
  readonly operation?: Operation;
  readonly stack?: string;
  readonly account?: string;
  readonly tokenFile?: string;
  readonly address?: string;
  readonly write?: boolean;
  readonly project: string;
  readonly online?: boolean;
  readonly json?: boolean;
}

/** `npm run doctor`: the first broken link between a principal and the data, and its fix. */
async function run({ account, stack, tokenFile, json, ...options }: Options): Promise<void> {
  const subject =
    account === undefined
      ? await subjectOf(stack ?? (await selectedStack()))
      : { account: readAccount(account), today: currentDay({}) };
  const credential = tokenFile === undefined ? undefined : await readTokenFile(tokenFile);
  const diagnosis = await diagnose(
    { ...options, ...subject, ...(credential === undefined ? {} : { credential }) },
    { cloud: await connect(), environment: process.env, now: () => new Date() },
  );
  console.log(json === true ? renderJson(diagnosis) : renderText(diagnosis));
  process.exitCode = exitCodes[diagnosis.verdict];
}

/** The account of a stack, and all that is declared for it. */
async function subjectOf(stack: string): Promise<Pick<DoctorRequest, "account" | "outputs" | "today">> {
  const [outputs, today] = await Promise.all([stackOutputs(stack), todayOf(stack)]);
  return { account: { id: outputs.account.id }, outputs, today };
}

function readAccount(name: string): AccountName {
  if (armId.test(name)) return { id: name };
  const url = URL.parse(name);
  if (url?.protocol === "https:") return { endpoint: `${url.origin}/` };
  throw new ConnectionError(
    "KC-DOCTOR-ACCOUNT",
    `"${name}" is neither an endpoint nor the ARM id of an account.`,
    "Write https://<account>.documents.azure.com/ or /subscriptions/…/databaseAccounts/<account>.",
  );
}

function readAddress(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new InvalidArgumentError("It is no IP address.");
}

async function readTokenFile(path: string): Promise<string> {
  try {
    return path === "-" ? await text(process.stdin) : await readFile(path, "utf8");
  } catch (error) {
    throw new ConnectionError(
      "KC-DOCTOR-TOKEN-FILE",
      `The token file cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown fault"}.`,
      "Give the path of a file that holds an access token, or - for standard input.",
    );
  }
}

await new Command("doctor")
  .description("Find the first broken link between a principal and an account's data, and say the fix")
  .option(
    "-p, --principal <name>",
    "a name of the stack, an object id, a client id or a user principal name; otherwise whose token it is",
  )
  .option("-t, --target <target>", "account, <database> or <database>/<container>")
  .addOption(
    new Option("-o, --operation <operation>", "what the principal wants to do").choices([...operations]),
  )
  .option("-s, --stack <name>", "the stack; otherwise the selected one")
  .addOption(
    new Option("-a, --account <account>", "endpoint or ARM id of an account, in place of a stack").conflicts(
      "stack",
    ),
  )
  .option("--token-file <path>", "an access token of the principal; - reads standard input")
  .addOption(
    new Option("--address <ip>", "where the principal calls from, when that is not here").argParser(
      readAddress,
    ),
  )
  .option("--write", "create an item, and delete it again, where the operation creates one")
  .option(
    "--project <folder>",
    "the program whose libraries are compared with the newest ones",
    process.cwd(),
  )
  .option("--online", "ask the package registry for the newest versions")
  .option("--json", "print for machines")
  .addHelpText(
    "after",
    "\nExit code: 0 when access works, 1 when a cause is found, 2 when it could not look.",
  )
  .exitOverride()
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitCodes.unseen;
      return;
    }
    reportFailure(error);
    process.exitCode = exitCodes.unseen;
  });

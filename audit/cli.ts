import { Command, Option } from "commander";
import { reportFailure } from "../connection/report-failure.ts";
import { selectedStack, stackOutputs } from "../connection/stack.ts";
import { declaredAccess } from "./declared.ts";
import { declaredIdentities } from "./declared-identities.ts";
import { passedDates } from "./passed-dates.ts";
import { type Format, formats, render } from "./render.ts";
import { todayOf } from "./today.ts";

const findingsExit = 3;

/** `npm run audit`: who may reach what, why and until when, and who that is, as declared. */
async function run(options: {
  readonly stack?: string;
  readonly format: Format;
  readonly json?: boolean;
}): Promise<void> {
  const stack = options.stack ?? (await selectedStack());
  const [outputs, today] = await Promise.all([stackOutputs(stack), todayOf(stack)]);
  const findings = passedDates(outputs, today);
  const audit = {
    grants: declaredAccess(outputs, today),
    identities: declaredIdentities(outputs),
    findings,
  };
  console.log(render(audit, options.json ? "json" : options.format));
  if (findings.length > 0) process.exitCode = findingsExit;
}

await new Command("audit")
  .description(
    "Print the declared grants of a stack (principal, role, data actions, scope, reason, owner, review date) and the identities that it made (how each proves itself, whom it may call), and what is overdue",
  )
  .option("-s, --stack <name>", "the stack; otherwise the selected one")
  .addOption(new Option("-f, --format <format>", "how to print them").choices([...formats]).default("table"))
  .option("--json", "the same as --format json")
  .addHelpText(
    "after",
    "\nExit code: 0, 3 when a review or the end of a migration is overdue, 1 when it failed.",
  )
  .action(run)
  .parseAsync()
  .catch(reportFailure);

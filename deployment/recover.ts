import { Command } from "commander";
import { reportFailure } from "../connection/report-failure.ts";
import { selectedStack } from "../connection/stack.ts";
import { progressStream } from "./progress.ts";
import { recover } from "./recovery.ts";

/** `npm run recover`: see recovery.ts. */
async function run(options: { readonly stack?: string; readonly json: boolean }): Promise<void> {
  const stack = options.stack ?? (await selectedStack());
  const done = await recover(stack, (line) => progressStream(options.json).write(`${line}\n`));
  if (options.json) {
    console.log(JSON.stringify({ stack, done }));
    return;
  }
  console.log(
    done.length === 0 ? `Stack ${stack}: nothing to recover.` : done.map((line) => `- ${line}`).join("\n"),
  );
}

await new Command("recover")
  .description("Make a stack whose last update was cut off ready for the next one")
  .option("-s, --stack <name>", "the stack; otherwise the selected one")
  .option("--json", "print the result for machines", false)
  .action(run)
  .parseAsync()
  .catch(reportFailure);

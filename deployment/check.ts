import { Command } from "commander";
import colours from "picocolors";
import { reportFailure } from "../connection/report-failure.ts";
import { preflight } from "./preflight.ts";

await new Command("check")
  .description("Check a settings file before the engine runs, against the directory too")
  .argument("<file>", "a Pulumi.<environment>.yaml")
  .action((source: string) =>
    preflight(source, (sentence) => console.error(`${colours.yellow("warning:")} ${sentence}`)),
  )
  .parseAsync()
  .catch(reportFailure);

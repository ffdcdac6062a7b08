#!/usr/bin/env node
import { createProgram } from "./commands/program.ts";
import { reportFailure } from "./control/console.ts";

// What stands after -- are the words of another command.
const end = process.argv.indexOf("--");
const json = process.argv.slice(0, end < 0 ? undefined : end).includes("--json");
await createProgram()
  .parseAsync()
  .catch((error: unknown) => reportFailure(error, { json }));

import { parseArgs } from "node:util";

/** What the arguments of `pulumi up` say about the settings that it will read. */
export interface UpArguments {
  /** Help is asked for, so nothing will be read. */
  readonly help: boolean;
  /** Without its organization and project; undefined: the selected one. */
  readonly stack: string | undefined;
  /** Named in place of the stack's own file. */
  readonly configFile: string | undefined;
}

/** Reads those arguments of `pulumi up` that choose its settings, and leaves every other one to it. */
export function readUpArguments(args: readonly string[]): UpArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h", default: false },
      stack: { type: "string", short: "s" },
      "config-file": { type: "string" },
    },
    strict: false,
    allowPositionals: true,
  });
  // `-s=dev` is the same to pulumi as `-s dev`.
  const text = (value: string | boolean | undefined) =>
    typeof value === "string" ? value.replace(/^=/, "") : undefined;
  return {
    help: values.help === true,
    stack: text(values.stack)?.split("/").at(-1),
    configFile: text(values["config-file"]),
  };
}

import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "../../core/platform.ts";
import type { SignIn } from "./sign-in.ts";

/** The tenant's sign-in log: one JSON object a line, with the columns of Azure Monitor's tables. */
export interface SignInLog {
  record(signIn: SignIn): void;
}

/** Appends to `sign-ins.jsonl` of the state folder, readable by its owner only. */
export function openSignInLog({
  directory,
  ids,
  clock,
}: Pick<Platform, "directory" | "ids" | "clock">): SignInLog {
  const file = join(directory, "sign-ins.jsonl");
  return {
    record(signIn) {
      const line = { CreatedDateTime: clock.now().toISOString(), Id: ids.uuid(), ...signIn };
      appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    },
  };
}

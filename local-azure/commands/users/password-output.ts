import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../../core/user-error.ts";

/** What a person signs in with, as `developer.json` holds it too. */
export interface PersonCredential {
  readonly userPrincipalName: string;
  readonly password: string;
  readonly objectId: string;
}

/**
 * Makes a new credential by `change` and hands it over once: in the file `out` (0600), or else on the terminal, where no
 * log keeps it. What cannot be handed over is not made.
 *
 * @returns what may be printed.
 * @throws UserError LA-PASSWORD-OUT, before anything is changed.
 */
export async function handOver(
  out: string | undefined,
  change: () => Promise<PersonCredential>,
): Promise<Partial<PersonCredential> & { readonly file?: string }> {
  if (out === undefined) {
    if (process.stdout.isTTY) return change();
    throw new UserError(
      "LA-PASSWORD-OUT",
      "A password is printed to a terminal alone, and standard output is none.",
      "Name a file for it: --out <file>. Only you will be able to read it.",
    );
  }
  const file = resolve(out);
  const fresh = `${file}.new`;
  const descriptor = openFresh(fresh);
  try {
    const credential = await change();
    writeFileSync(descriptor, `${JSON.stringify(credential, null, 2)}\n`);
    renameSync(fresh, file);
    const { password: _, ...rest } = credential;
    return { ...rest, file };
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** A file that did not exist before: one that another made could be read by them, or lead elsewhere. */
function openFresh(file: string): number {
  try {
    // What a command that was killed left behind.
    rmSync(file, { force: true });
    return openSync(file, "wx", 0o600);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new UserError(
      "LA-PASSWORD-OUT",
      `${file} cannot be written (${code}).`,
      "Name a file in a folder of yours with --out.",
    );
  }
}

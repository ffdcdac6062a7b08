/** What the local cloud tells a launcher. */
export type LauncherOrder =
  | {
      readonly kind: "start";
      /** For `/bin/sh -c`. */
      readonly command: string;
      readonly cwd: string;
      /** The whole environment of the command. */
      readonly environment: Readonly<Record<string, string>>;
    }
  /** Ends the process group: with SIGTERM, and after `graceMs` milliseconds with SIGKILL. */
  | { readonly kind: "stop"; readonly graceMs: number };

/** What a launcher tells the local cloud. */
export type LauncherReport =
  | { readonly kind: "started"; readonly processGroup: number }
  | { readonly kind: "ended"; readonly reason: string };

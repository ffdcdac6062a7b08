import type { Sleep } from "./http.ts";

/** What a provider needs of the machine; tests replace single parts. */
export interface Host {
  readonly environment: NodeJS.ProcessEnv;
  readonly readFile: (path: string) => string;
  readonly nowMs: () => number;
  readonly sleep: Sleep;
  /** Version of the npm package that the plugin stands in for. */
  readonly version: string;
  /** Tells the user something that is no failure. */
  readonly warn: (message: string, urn: string) => void;
}

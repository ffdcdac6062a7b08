import type { VerifiedToken } from "../../entra/tokens/verify.ts";
import type { VaultSecrets } from "../secrets/vault-secrets.ts";
import type { Vault } from "../vault.ts";
import type { Target } from "./operations.ts";

/** One request to a vault, completed stage by stage. */
export interface Exchange {
  readonly request: Request;
  readonly url: URL;
  readonly vault: Vault;
  readonly sourceAddress: string;
  readonly requestId: string;
  readonly startedMs: number;
  /** Path segments, decoded. */
  segments?: readonly string[];
  /** Undefined for a path or method that no operation has. */
  target?: Target | undefined;
  caller?: VerifiedToken;
  call?: VaultCall;
  answer?: VaultAnswer;
  code?: string;
}

/** A checked call, as the operations take it. */
export interface VaultCall {
  readonly vault: Vault;
  readonly secrets: VaultSecrets;
  readonly query: URLSearchParams;
  /** Name of the secret; empty for the list of all. */
  readonly name: string;
  /** Empty for the current version. */
  readonly version: string;
  /** Parsed JSON body; undefined when there was none. */
  readonly body: unknown;
}

export interface VaultAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the token service answers: JSON, a page, or a way to go on. */
export interface EntraAnswer {
  readonly status: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `AADSTS<number>`, when it is a refusal. */
  readonly code?: string;
}

/** One request to the token service, completed stage by stage. */
export interface EntraContext {
  readonly route: string;
  readonly request: Request;
  /** The path without its query. */
  readonly path: string;
  /** First path segment. */
  readonly segment: string;
  /** The address from which the request came. */
  readonly address: string;
  readonly correlationId: string;
  readonly traceId: string;
  readonly startedMs: number;
  tenant?: string | "any";
  /** Object id of whoever has proven themselves, for the request log. */
  principalId?: string;
  /** What a stage refused. */
  refusal?: unknown;
  answer?: EntraAnswer;
}

export function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a stage read what no earlier stage wrote");
  return value;
}

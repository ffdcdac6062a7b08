/** A fact, or why it could not be looked at. */
export type Seen<Value> =
  | { readonly seen: true; readonly value: Value }
  | {
      readonly seen: false;
      readonly why: string;
      /** The right that whoever runs the doctor lacks; absent when there is nothing to look at. */
      readonly needs?: string;
    };

export function seen<Value>(value: Value): Seen<Value> {
  return { seen: true, value };
}

/** Nothing to look at: no fault, and no right that would change it. */
export function absent(why: string): Seen<never> {
  return { seen: false, why };
}

/** Something worth knowing that does not keep anybody out; `code` is its entry in docs/errors.md. */
export interface Note {
  readonly code: string;
  readonly why: string;
  readonly fix: string;
}

/**
 * What became of one link of the chain from a principal to the data: it holds, it is broken, there was nothing to check
 * (`skipped`), or it could not be looked at (`unseen`).
 */
export type Check =
  | { readonly state: "holds"; readonly why: string; readonly notes?: readonly Note[] }
  | ({ readonly state: "broken" } & Note)
  | { readonly state: "skipped"; readonly why: string }
  | { readonly state: "unseen"; readonly why: string; readonly needs: string };

export function holds(why: string, notes: readonly Note[] = []): Check {
  return { state: "holds", why, notes };
}

export function broken(code: string, why: string, fix: string): Check {
  return { state: "broken", code, why, fix };
}

export function skipped(why: string): Check {
  return { state: "skipped", why };
}

/** What a link says whose fact is not there. */
export function notSeen(fact: Extract<Seen<unknown>, { readonly seen: false }>): Check {
  const { why, needs } = fact;
  return needs === undefined ? skipped(why) : { state: "unseen", why, needs };
}

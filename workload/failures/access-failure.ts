import { currentCorrelationId } from "./correlation.ts";

/** An access that was refused, or a token that was not given: to a caller of the workload, or to the workload. */
export interface AccessFailure {
  /** Object id or client id of whom it was refused to; null where nothing proved who it was. */
  readonly principal: string | null;
  /** HTTP method, data action, or `getToken`. */
  readonly action: string;
  /** Path, resource of the data plane, secret, or scope. */
  readonly resource: string;
  /** HTTP status of a service's answer, `AADSTS…` of the token service, or the workload's own code. */
  readonly code: number | string;
  /** What makes `code` precise, for example 5301 of Cosmos DB. */
  readonly substatus: number | string | null;
  readonly cause: string;
}

/** Takes one failure down. */
export type FailureLog = (failure: AccessFailure) => void;

export interface FailureLogOptions {
  /** Takes one line, without its end. */
  readonly write: (line: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

const longestText = 600;
/** How much of a text is looked at: tokens that are left out make room for what stands behind them. */
const longestSearched = 2_048;
const shapedLikeToken = /\beyJ[\w-]*\.[\w-]*(\.[\w-]*)?/g;

/**
 * Writes each failure as one line of JSON: `{event, time, correlationId, principal, action, resource, code, substatus,
 * cause}`. Texts come from callers and services: what is shaped like a token is left out, they are cut to 600 characters, and
 * all but printable ASCII is escaped, so that no text can end the line, forge another or steer a terminal.
 */
export function createFailureLog({ write, now = Date.now }: FailureLogOptions): FailureLog {
  return ({ principal, action, resource, code, substatus, cause }) => {
    const event = {
      event: "access-failure",
      time: new Date(now()).toISOString(),
      correlationId: currentCorrelationId(),
      principal,
      action,
      resource,
      code,
      substatus,
      cause,
    };
    const text = JSON.stringify(event, (_, value) => (typeof value === "string" ? cleaned(value) : value));
    write(text.replace(/[\u007f-\uffff]/g, escaped));
  };
}

/** Cut before it is searched too: whoever is refused chose the text, and the search takes the square of its length. */
function cleaned(text: string): string {
  const shown = text.slice(0, longestSearched).replace(shapedLikeToken, "[token]");
  const whole = text.length <= longestSearched && shown.length <= longestText;
  return whole ? shown : `${shown.slice(0, longestText)}…`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

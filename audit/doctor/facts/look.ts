import { ZodError } from "zod";
import { ServiceRefusal } from "../../../connection/azure-request.ts";
import { type Seen, seen } from "../check.ts";

/**
 * Looks at a fact; what goes wrong becomes the reason why it is not seen.
 *
 * @param needs the right that looking takes, with a role that has it.
 */
export async function look<Value>(needs: string, work: () => Promise<Value>): Promise<Seen<Value>> {
  try {
    return seen(await work());
  } catch (error) {
    if (error instanceof ServiceRefusal && error.status === 403) {
      return { seen: false, why: error.summary, needs };
    }
    return { seen: false, why: faultText(error), needs: "an answer: what came says why there was none" };
  }
}

/** Answers undefined in place of what does not exist. */
export async function unlessMissing<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceRefusal && error.status === 404) return undefined;
    throw error;
  }
}

/** What an error says, in one line, with what it was caused by; `fetch` hides the fault of the connection there. */
export function faultText(error: unknown): string {
  if (error instanceof ServiceRefusal) return error.summary;
  // Its message is a list of faults over many lines.
  if (error instanceof ZodError) return "the answer has another form than was expected";
  const [line = ""] = messageOf(error).split(/\r?\n| Trace ID:/, 1);
  const cause = causeOf(error);
  const inner = cause === undefined ? "" : messageOf(cause) || faultCode(cause);
  return inner === "" ? line : `${line}: ${inner}`;
}

/** The code of the innermost fault; a host with several addresses fails with one fault for each. */
export function faultCode(error: unknown): string {
  const inner = causeOf(error);
  const code = member(error, "code");
  return (inner === undefined ? "" : faultCode(inner)) || (code === undefined ? "" : String(code));
}

function causeOf(error: unknown): unknown {
  const errors = member(error, "errors");
  return Array.isArray(errors) ? errors[0] : member(error, "cause");
}

function messageOf(error: unknown): string {
  return String(member(error, "message") ?? error);
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

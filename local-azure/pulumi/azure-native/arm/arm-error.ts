import { isObject, type Value } from "../../provider/values.ts";

/** A refusal by resource manager, as users of the official plugin see it. */
export class ArmError extends Error {
  /** The HTTP status, or `undefined` for the error of an operation that failed later. */
  readonly status: number | undefined;
  readonly code: string | undefined;

  constructor(status: number | undefined, code: string | undefined, message: string) {
    const parts = [
      ...(status === undefined ? [] : [`Status=${status}`]),
      ...(code === undefined ? [] : [`Code="${code}"`]),
      `Message="${message}"`,
    ];
    super(parts.join(" "));
    this.name = "ArmError";
    this.status = status;
    this.code = code;
  }
}

function errorObject(body: Value | undefined): { readonly [key: string]: Value } | undefined {
  if (!isObject(body)) return undefined;
  return isObject(body.error) ? body.error : undefined;
}

/**
 * Makes the error of a refused request.
 * @param body the parsed body, or `undefined` when it is not JSON
 * @param text the body as it came
 */
export function armError(
  status: number,
  codeHeader: string | null,
  body: Value | undefined,
  text: string,
): ArmError {
  const error = errorObject(body);
  const code = codeHeader ?? error?.code;
  const message = typeof error?.message === "string" ? error.message : text;
  return new ArmError(status, typeof code === "string" ? code : undefined, message);
}

/** Makes the error of a long-running operation that ended as Failed or Canceled. */
export function operationError(status: number, operationStatus: string, body: Value): ArmError {
  const error = errorObject(body);
  const code = typeof error?.code === "string" ? error.code : operationStatus;
  const message = typeof error?.message === "string" ? error.message : JSON.stringify(body);
  return new ArmError(status, code, message);
}

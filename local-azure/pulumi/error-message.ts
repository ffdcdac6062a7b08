function isErrorLike(value: unknown): value is { readonly message: string; readonly cause?: unknown } {
  return (
    typeof value === "object" && value !== null && "message" in value && typeof value.message === "string"
  );
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return isErrorLike(error) ? error.message : String(error);
}

/** The message of the innermost cause, which says what went wrong where the outer ones do not ("fetch failed"). */
export function rootMessageOf(error: unknown): string {
  let innermost = error;
  while (isErrorLike(innermost) && innermost.cause !== undefined) innermost = innermost.cause;
  return messageOf(innermost);
}

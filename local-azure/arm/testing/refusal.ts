/** What an SDK call was refused with. Activity ids differ each time and are shown as `<activity>`. */
export interface Refusal {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly message: string;
}

/** The refusal of `call`. @throws Error when the call succeeds. */
export async function refusalOf(call: PromiseLike<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { statusCode, code } = error as Error & { statusCode?: number; code?: string };
    return { status: statusCode, code, message: withoutActivity(error.message) };
  }
  throw new Error("the call was not refused");
}

/** The message of a long-running operation that failed, less what the SDK puts before it. */
export async function operationRefusal(call: PromiseLike<unknown>): Promise<string> {
  const { message } = await refusalOf(call);
  return message.replace(/^The long-running operation has failed\. /, "");
}

export function withoutActivity(message: string): string {
  return message.replace(
    /\r?\nActivityId: [0-9a-f-]{36}, Microsoft\.Azure\.Documents\.Common\/2\.14\.0/,
    " <activity>",
  );
}

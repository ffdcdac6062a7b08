import { type Agent, request } from "node:https";

export interface RawAnswer {
  readonly status: number;
  /** `x-ms-substatus`; 0 where there is none. */
  readonly substatus: number;
  /** The error code of the body, wherever the surface puts it. */
  readonly code: string | undefined;
  readonly message: string;
}

/** Sends one request exactly as it is written, headers unchecked: clients of the SDKs would mend or refuse some of them. */
export function sendRaw(
  agent: Agent,
  url: string,
  options: {
    readonly method?: string;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly body?: string;
  },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers, body } = options;
    const sent = request(url, { agent, method, headers: headers as Record<string, string> }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          substatus: Number(response.headers["x-ms-substatus"] ?? 0),
          ...errorOf(text),
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function errorOf(text: string): Pick<RawAnswer, "code" | "message"> {
  try {
    const body = JSON.parse(text) as {
      error?: { code?: string; message?: string };
      code?: string;
      message?: string;
    };
    const { code, message = "" } = body.error ?? body;
    return { code, message };
  } catch {
    return { code: undefined, message: text };
  }
}

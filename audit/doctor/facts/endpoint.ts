import { type Seen, seen } from "../check.ts";
import { faultCode, faultText } from "./look.ts";

const deadlineMs = 20_000;
const resolutionFaults = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME"]);
/** Names that OpenSSL and Node give to faults of certificates and of the TLS exchange. */
const tlsFault =
  /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS|ERR_SSL|EPROTO|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH/;

/** What came of one request to the account's endpoint without any credential. */
export type EndpointAnswer =
  | {
      readonly outcome: "answered";
      readonly status: number;
      /** What the refusal says; empty when there was none. */
      readonly message: string;
    }
  | { readonly outcome: "dns" | "tls" | "unreachable"; readonly text: string };

/** Asks the account who it is without a credential: 401 means that name, TLS and firewall let the request through. */
export async function askEndpoint(endpoint: string): Promise<Seen<EndpointAnswer>> {
  try {
    const response = await fetch(endpoint, {
      headers: { "x-ms-version": "2020-07-15", "x-ms-date": new Date().toUTCString() },
      signal: AbortSignal.timeout(deadlineMs),
    });
    const body: unknown = await response.json().catch(() => undefined);
    const message = (body as { message?: unknown } | undefined)?.message;
    return seen({
      outcome: "answered",
      status: response.status,
      message: typeof message === "string" ? (message.split(/\r?\n/, 1)[0] ?? "") : "",
    });
  } catch (error) {
    return seen({ outcome: outcomeOf(faultCode(error)), text: faultText(error) });
  }
}

function outcomeOf(code: string): "dns" | "tls" | "unreachable" {
  if (resolutionFaults.has(code)) return "dns";
  return tlsFault.test(code) ? "tls" : "unreachable";
}

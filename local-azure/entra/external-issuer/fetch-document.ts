import { lookup } from "node:dns";
import { type Agent, request } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { TokenError } from "../tokens/token-error.ts";

export interface FetchLimits {
  /** For the whole answer, from the first packet to the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * Reads a JSON object of an outside issuer over TLS. Nothing else than `https:` is asked, redirects are not followed, and
 * an answer that is late, too long or without end is cut off.
 *
 * @param agent says whose certificates are trusted.
 * @throws TokenError 50166 when the endpoint cannot be reached or was cut off, 90061 when it answers with anything else
 * than a JSON object.
 */
export async function fetchDocument(
  url: string,
  agent: Agent,
  limits: FetchLimits,
): Promise<Readonly<Record<string, unknown>>> {
  const target = URL.parse(url);
  if (target?.protocol !== "https:" || target.username !== "" || target.password !== "") {
    throw answered(url, "its address is not a plain https URL");
  }
  if (isLinkLocal(target.hostname.replace(/^\[|\]$/g, ""))) throw unreachable(url, linkLocalText);
  const text = await read(target, agent, limits);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {}
  throw answered(url, "it answered with something else than a JSON object");
}

function read(target: URL, agent: Agent, { timeoutMs, maxBytes }: FetchLimits): Promise<string> {
  const { href } = target;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const options = { agent, signal, lookup: guardedLookup, headers: { Accept: "application/json" } };
    const asked = request(target, options, (response) => {
      if (response.statusCode !== 200) {
        asked.destroy();
        reject(answered(href, `it answered ${response.statusCode}; redirects are not followed`));
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= maxBytes) return;
        asked.destroy();
        reject(unreachable(href, `its answer is longer than ${maxBytes} bytes`));
      });
      response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      response.on("error", fail);
    });
    const fail = (error: NodeJS.ErrnoException) =>
      reject(
        unreachable(
          href,
          signal.aborted ? `it did not answer within ${timeoutMs} ms` : (error.code ?? "no answer"),
        ),
      );
    asked.on("error", fail);
    asked.end();
  });
}

/** 169.254.0.0/16 and fe80::/10: where clouds keep metadata services, never an issuer. */
const linkLocal = new BlockList();
linkLocal.addSubnet("169.254.0.0", 16, "ipv4");
linkLocal.addSubnet("fe80::", 10, "ipv6");
const linkLocalText = "link-local addresses are not asked";

function isLinkLocal(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && linkLocal.check(address, version === 6 ? "ipv6" : "ipv4");
}

/** Looks a name up as ever, and finds nothing where it leads to a link-local address. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    const refused = (addresses ?? []).some(({ address }) => isLinkLocal(address));
    if (error !== null || first === undefined || refused) {
      callback(error ?? Object.assign(new Error(linkLocalText), { code: linkLocalText }), "", 0);
    } else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function unreachable(url: string, why: string): TokenError {
  return refusal(50166, url, why);
}

function answered(url: string, why: string): TokenError {
  return refusal(90061, url, why);
}

function refusal(code: number, url: string, why: string): TokenError {
  return new TokenError(
    code,
    "invalid_request",
    400,
    `Request to External OIDC endpoint failed. ${url.slice(0, 300)}: ${why}.`,
  );
}

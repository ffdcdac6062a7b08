import type { TokenCredential } from "@azure/identity";
import { faultText } from "./look.ts";

/** What a token says of itself: the claims that matter here, never its text. */
export interface Claims {
  readonly aud?: string;
  readonly iss?: string;
  readonly tid?: string;
  readonly oid?: string;
  readonly sub?: string;
  /** Client id; `azp` in a token of version 2. */
  readonly appid?: string;
  readonly azp?: string;
  readonly ver?: string;
  readonly idtyp?: string;
  readonly scp?: string;
  readonly roles?: readonly string[];
  readonly groups?: readonly string[];
  /** The groups were too many for the token. */
  readonly groupOverage: boolean;
  /** Seconds since the Unix epoch. */
  readonly iat?: number;
  readonly nbf?: number;
  readonly exp?: number;
}

/** What the caller would send to the data plane. */
export type Presented =
  | { readonly kind: "token"; readonly claims: Claims }
  /** A token of another issuer, which is exchanged for one of Entra's. */
  | { readonly kind: "assertion"; readonly claims: Claims }
  | { readonly kind: "key" }
  | { readonly kind: "malformed"; readonly why: string }
  /** `message` begins with the AADSTS error where there was one. */
  | { readonly kind: "refused"; readonly message: string };

/** A credential and its text; the text goes to the data plane and nowhere else. */
export interface PresentedCredential {
  readonly presented: Presented;
  readonly text: string | undefined;
}

const cosmosScope = "https://cosmos.azure.com/.default";
/** Audience of the tokens that are exchanged; other clouds write their name behind it. */
const exchangeAudience = "api://AzureADTokenExchange";
const compactToken = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const masterKey = /^[A-Za-z0-9+/]{86}==$/;

/**
 * Reads what stands in a token file: the token alone, the JSON of `az account get-access-token`, or a header as clients of
 * the data plane send it. An account key or connection string is known for what it is.
 */
export function readCredential(text: string): PresentedCredential {
  const trimmed = text.trim();
  const header = /^type(=|%3d)/i.test(trimmed) ? decoded(trimmed) : trimmed;
  if (/^type=(master|resource)&|AccountKey=/i.test(header) || masterKey.test(header)) {
    return { presented: { kind: "key" }, text: undefined };
  }
  const token = fromJson(header) ?? header.replace(/^(type=aad&ver=1\.0&sig=|Bearer\s+)/i, "");
  if (!compactToken.test(token)) return malformed("it is not three parts of base64url with dots between");
  const [head = "", payload = ""] = token.split(".");
  const claims = readPart(payload);
  if (readPart(head) === undefined || claims === undefined) {
    return malformed("its header or its payload is not a JSON object");
  }
  const picked = pickClaims(claims);
  // An assertion is for the token service: it goes nowhere else.
  return picked.aud?.startsWith(exchangeAudience)
    ? { presented: { kind: "assertion", claims: picked }, text: undefined }
    : { presented: { kind: "token", claims: picked }, text: token };
}

/**
 * Asks for a token for the account's data plane as the SDKs do: for the account's own scope first, and where the token
 * service does not know that (AADSTS500011), for the one that stands for every account.
 *
 * @param endpoint the account's; undefined where only that one can be asked for.
 */
export async function acquireToken(
  credential: TokenCredential,
  endpoint: string | undefined,
): Promise<PresentedCredential> {
  const own = endpoint === undefined ? [] : [`${new URL(endpoint).origin}/.default`];
  try {
    let token: string | undefined;
    for (const scope of [...own, cosmosScope]) token ??= await tokenFor(credential, scope);
    if (token !== undefined) return readCredential(token);
    return refused(new Error("the credential gave no token"));
  } catch (error) {
    return refused(error);
  }
}

async function tokenFor(credential: TokenCredential, scope: string): Promise<string | undefined> {
  try {
    return (await credential.getToken(scope))?.token;
  } catch (error) {
    if (scope !== cosmosScope && faultText(error).includes("AADSTS500011")) return undefined;
    throw error;
  }
}

function refused(error: unknown): PresentedCredential {
  const message = error instanceof Error ? error.message : String(error);
  const from = Math.max(0, message.indexOf("AADSTS"));
  return {
    presented: { kind: "refused", message: faultText(new Error(message.slice(from))) },
    text: undefined,
  };
}

function malformed(why: string): PresentedCredential {
  return { presented: { kind: "malformed", why }, text: undefined };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromJson(text: string): string | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const { accessToken, access_token, token } = JSON.parse(text) as Record<string, unknown>;
    const found = accessToken ?? access_token ?? token;
    return typeof found === "string" ? found : undefined;
  } catch {
    return undefined;
  }
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function pickClaims(claims: Readonly<Record<string, unknown>>): Claims {
  const texts = ["iss", "tid", "oid", "sub", "appid", "azp", "ver", "idtyp", "scp"] as const;
  const times = ["iat", "nbf", "exp"] as const;
  const lists = ["roles", "groups"] as const;
  const isText = (value: unknown) => typeof value === "string";
  const picked = [
    ...texts.filter((name) => isText(claims[name])),
    ...times.filter((name) => typeof claims[name] === "number"),
    ...lists.filter((name) => Array.isArray(claims[name]) && claims[name].every(isText)),
  ].map((name) => [name, claims[name]]);
  const names = claims._claim_names;
  const groupOverage =
    claims.hasgroups === true || (typeof names === "object" && names !== null && "groups" in names);
  // A token of another issuer may name its one audience in a list.
  const [aud] = [claims.aud].flat();
  return {
    ...(isText(aud) ? { aud: String(aud) } : {}),
    ...(Object.fromEntries(picked) as Omit<Claims, "groupOverage">),
    groupOverage,
  };
}

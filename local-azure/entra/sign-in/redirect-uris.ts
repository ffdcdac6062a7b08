import type { Client } from "../clients/client.ts";
import { azureCli } from "../first-party.ts";
import { quotable, TokenError } from "../tokens/token-error.ts";

/** Where a person is sent back to, and whether the client there can keep a secret. */
export interface Redirect {
  readonly uri: string;
  readonly isPublic: boolean;
}

/** The kinds of client for which an application registers redirect URIs. */
export const redirectPlatforms = ["web", "spa", "publicClient"] as const;
export type RedirectPlatform = (typeof redirectPlatforms)[number];

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);
/** Schemes that make a browser run or show what the URI itself holds. */
const unsafe = new Set(["about:", "blob:", "data:", "file:", "javascript:", "vbscript:"]);

/**
 * Whether a person may be sent back to `uri`: https, http on this machine, and for public clients a scheme of their own;
 * never with a fragment (https://learn.microsoft.com/entra/identity-platform/reply-url).
 */
export function isRedirectUri(uri: string, platform: RedirectPlatform): boolean {
  const parsed = URL.parse(uri);
  if (parsed === null || uri.includes("#")) return false;
  const { protocol, hostname } = parsed;
  if (protocol === "https:") return true;
  if (protocol === "http:") return loopback.has(hostname);
  return platform === "publicClient" && !unsafe.has(protocol);
}

/**
 * The registered redirect URI that `uri` is. It must be spelled exactly so; on this machine any port will do
 * (https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions).
 *
 * @throws TokenError 50011.
 */
export function resolveRedirect({ principal, registration }: Client, uri: string): Redirect {
  const { web = [], publicClient = [], spa = [] } = registration?.redirectUris ?? {};
  const ofCli = principal.appId === azureCli.appId ? azureCli.redirectUris : [];
  const isRegistered = (platform: RedirectPlatform, registered: readonly string[]) =>
    isRedirectUri(uri, platform) && registered.some((known) => isSame(known, uri));
  if (isRegistered("web", web)) return { uri, isPublic: false };
  if (isRegistered("publicClient", [...publicClient, ...ofCli])) return { uri, isPublic: true };
  const why = isRegistered("spa", spa)
    ? " It is registered for a single-page application; this local cloud serves web and public clients."
    : "";
  throw new TokenError(
    50011,
    "invalid_request",
    400,
    `The redirect URI '${quotable(uri)}' specified in the request does not match the redirect URIs configured for the application '${principal.appId}'. Make sure the redirect URI sent in the request matches one added to your application.${why}`,
  );
}

function isSame(registered: string, uri: string): boolean {
  if (registered === uri) return true;
  const [known, asked] = [URL.parse(registered), URL.parse(uri)];
  return (
    known !== null &&
    asked !== null &&
    loopback.has(known.hostname) &&
    known.hostname === asked.hostname &&
    known.protocol === asked.protocol &&
    known.pathname === asked.pathname &&
    known.search === asked.search &&
    asked.hash === "" &&
    asked.username === "" &&
    asked.password === ""
  );
}

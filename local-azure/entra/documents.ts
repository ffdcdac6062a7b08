import { issuerOf } from "./tenants.ts";
import { TokenError } from "./tokens/token-error.ts";

/** A tenant id, or `any` for the documents of `common` and `organizations`. */
export interface DocumentSubject {
  readonly origin: string;
  /** The path segment as it was asked for; the document's URLs repeat it. */
  readonly segment: string;
  readonly tenant: string | "any";
}

/** What `common` documents carry in place of a tenant id. */
const placeholder = "{tenantid}";

/** The v2 issuer: same host and port as the authority, because msal-node refuses any other. */
export function issuerV2(origin: string, tenant: string | "any"): string {
  return `${origin}/${tenant === "any" ? placeholder : tenant}/v2.0`;
}

/** `GET /<tenant>/v2.0/.well-known/openid-configuration`. */
export function discoveryV2({ origin, segment, tenant }: DocumentSubject): Readonly<Record<string, unknown>> {
  const base = `${origin}/${segment}`;
  return {
    ...shared(base, `${base}/oauth2/v2.0`),
    jwks_uri: `${base}/discovery/v2.0/keys`,
    issuer: issuerV2(origin, tenant),
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
  };
}

/** `GET /<tenant>/.well-known/openid-configuration`: the issuer of the v1 tokens that Microsoft's resources get. */
export function discoveryV1({ origin, segment, tenant }: DocumentSubject): Readonly<Record<string, unknown>> {
  const base = `${origin}/${segment}`;
  return {
    ...shared(base, `${base}/oauth2`),
    jwks_uri: `${base}/discovery/keys`,
    issuer: issuerOf(tenant === "any" ? placeholder : tenant),
  };
}

/**
 * `GET /common/discovery/instance`: how clients learn that the host of their authority is a known one.
 *
 * @param authorization the parameter `authorization_endpoint`.
 * @throws TokenError 50049 for another host than this one.
 */
export function instanceDocument(
  origin: string,
  tenantId: string,
  authorization: string | null,
): Readonly<Record<string, unknown>> {
  const { host } = new URL(origin);
  if (authorization === null || URL.parse(authorization)?.host !== host) {
    throw new TokenError(50049, "invalid_instance", 400, "Unknown or invalid instance.");
  }
  return {
    tenant_discovery_endpoint: `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

/** Names the endpoints that clients require to be there; those of version 1 (without `v2.0`) are not served. */
function shared(base: string, oauth: string): Readonly<Record<string, unknown>> {
  return {
    token_endpoint: `${oauth}/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    authorization_endpoint: `${oauth}/authorize`,
    end_session_endpoint: `${oauth}/logout`,
    response_modes_supported: ["query", "fragment", "form_post"],
    response_types_supported: ["code"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    code_challenge_methods_supported: ["S256"],
    tenant_region_scope: null,
    cloud_instance_name: new URL(base).host,
  };
}

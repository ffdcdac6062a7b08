import { tenantDomain } from "../core/tenancy.ts";
import { quotable, TokenError } from "./tokens/token-error.ts";

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const domainName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const anyTenant = new Set(["common", "organizations"]);

/** The v1 issuer of a tenant's tokens: the same host for every cloud, whatever the authority. */
export function issuerOf(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}

/**
 * The tenant that a path segment names: this cloud's, by its id or its domain, or `any` for `common` and `organizations`, which have
 * documents but no tokens of their own.
 *
 * @throws TokenError 90002 for a tenant that is not here, 900023 for text that cannot name one.
 */
export function resolveTenant(segment: string, tenantId: string): string | "any" {
  const name = segment.toLowerCase();
  if (name === tenantId || name === tenantDomain) return tenantId;
  if (anyTenant.has(name)) return "any";
  if (guid.test(name) || domainName.test(name)) {
    throw new TokenError(
      90002,
      "invalid_tenant",
      400,
      `Tenant '${segment}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    );
  }
  throw new TokenError(
    900023,
    "invalid_tenant",
    400,
    `Specified tenant identifier '${quotable(segment, 100)}' is neither a valid DNS name, nor a valid external domain.`,
  );
}

import { tenantDomain } from "../../core/tenancy.ts";
import type { Directory } from "../../entra/directory.ts";
import { badRequest, taken } from "../graph-error.ts";
import { identifierUrisOf } from "./representation.ts";

const longest = 255;

/**
 * Checks identifier URIs before they are written to the application `ownId`.
 *
 * Each must be unique in the tenant; those of a host must lie in the tenant's verified domain:
 * https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions
 *
 * @throws GraphError 400.
 */
export function checkIdentifierUris(uris: unknown, directory: Directory, ownId?: string): void {
  if (!Array.isArray(uris) || uris.length === 0) return;
  const wanted = uris.map(String);
  for (const uri of wanted) checkForm(uri);
  if (new Set(wanted.map((uri) => uri.toLowerCase())).size < wanted.length) throw taken("identifierUris");
  const others = directory
    .list("application")
    .filter(({ id }) => id !== ownId)
    .flatMap(identifierUrisOf)
    .map((uri) => uri.toLowerCase());
  if (wanted.some((uri) => others.includes(uri.toLowerCase()))) throw taken("identifierUris");
}

function checkForm(uri: string): void {
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]*):\S+$/i.exec(uri) ?? [];
  if (scheme === "" || uri.length > longest) {
    throw badRequest(
      `Invalid value specified for property 'identifierUris' of resource 'Application': each must be an absolute URI of at most ${longest} characters without spaces.`,
    );
  }
  if (!/^https?$/i.test(scheme)) return;
  const host = URL.canParse(uri) ? new URL(uri).hostname : "";
  if (host === tenantDomain || host.endsWith(`.${tenantDomain}`)) return;
  throw badRequest(
    `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
  );
}

import { tenantDomain } from "../../core/tenancy.ts";
import type { Directory, DirectoryObject } from "../../entra/directory.ts";
import { firstParty } from "../../entra/first-party.ts";
import { badRequest, type GraphError, taken } from "../graph-error.ts";
import { identifierUrisOf } from "./representation.ts";

const longest = 255;
const microsofts = new Set(
  Object.values(firstParty).flatMap(({ identifierUris }) => identifierUris.map((uri) => uri.toLowerCase())),
);

/**
 * Checks identifier URIs before they are written to the application `own`, undefined for one that is being made.
 *
 * Each must be unique in the tenant and none of Microsoft's; those of a host must lie in the tenant's verified domain, and
 * a GUID after `api://` must be the application's own id or the tenant's, as each application has that name by itself:
 * https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions
 *
 * @throws GraphError 400.
 */
export function checkIdentifierUris(
  uris: unknown,
  { directory, tenantId }: { readonly directory: Directory; readonly tenantId: string },
  own: DirectoryObject | undefined,
): void {
  if (!Array.isArray(uris) || uris.length === 0) return;
  const wanted = uris.map(String);
  for (const uri of wanted) {
    checkForm(uri);
    checkGuid(uri, [tenantId, own?.appId ?? ""]);
  }
  if (new Set(wanted.map((uri) => uri.toLowerCase())).size < wanted.length) throw taken("identifierUris");
  const others = directory
    .list("application")
    .filter(({ id }) => id !== own?.id)
    .flatMap(identifierUrisOf)
    .map((uri) => uri.toLowerCase());
  const isTaken = (uri: string) => microsofts.has(uri) || others.includes(uri);
  if (wanted.some((uri) => isTaken(uri.toLowerCase()))) throw taken("identifierUris");
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
  throw unverified(uri);
}

function checkGuid(uri: string, allowed: readonly string[]): void {
  const guid = /^api:\/\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![^/?#])/i.exec(uri)?.[1];
  if (guid === undefined || allowed.includes(guid.toLowerCase())) return;
  throw unverified(uri);
}

function unverified(uri: string): GraphError {
  return badRequest(
    `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
  );
}

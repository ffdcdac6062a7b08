import { createHash } from "node:crypto";
import type { IdSource } from "../core/ids.ts";

/** A site whose process may ask for tokens. */
export interface SiteIdentity {
  /** ARM id of the site. */
  readonly siteId: string;
  /** Object id of its system-assigned identity, if it has one. */
  readonly principalId: string | undefined;
  readonly clientId: string | undefined;
}

/** The headers that are good now. They live in memory only: each start of a site's process brings a new one. */
export interface SiteRegister {
  /** Answers the header of this site from now on; the one before is no longer good. */
  register(site: SiteIdentity): string;
  unregister(siteId: string): void;
  find(header: string): SiteIdentity | undefined;
}

/**
 * Headers are kept and looked up by their SHA-256, so neither the memory of the register nor the time of a look-up tells
 * anything of a good header.
 */
export function createSiteRegister(ids: IdSource): SiteRegister {
  const byDigest = new Map<string, SiteIdentity>();
  const unregister = (siteId: string) => {
    const key = siteId.toLowerCase();
    for (const [digest, site] of byDigest) {
      if (site.siteId.toLowerCase() === key) byDigest.delete(digest);
    }
  };
  return {
    register(site) {
      unregister(site.siteId);
      const header = ids.token(32);
      byDigest.set(digestOf(header), site);
      return header;
    },
    unregister,
    find: (header) => byDigest.get(digestOf(header)),
  };
}

function digestOf(header: string): string {
  return createHash("sha256").update(header).digest("base64url");
}

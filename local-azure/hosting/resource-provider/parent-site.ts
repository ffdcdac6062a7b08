import { parentResourceNotFound } from "../../arm/errors.ts";
import type { ArmCall } from "../../arm/resource-provider.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import { type SiteInternal, siteType } from "../site.ts";
import { type WebServices, webResourceId } from "./services.ts";

export interface ParentSite {
  readonly site: ArmResource;
  readonly internal: SiteInternal;
}

/** The site that a call on something below it belongs to. @throws ArmError 404 ParentResourceNotFound. */
export function parentSite(call: ArmCall, { resources }: WebServices): ParentSite {
  const id = webResourceId(call, "sites");
  const site = resources.get(id);
  if (site?.type !== siteType) throw parentResourceNotFound(id);
  return { site, internal: site.internal as SiteInternal };
}

/** Writes what is kept beside the site. Between the read of `parent` and this call nothing may wait. */
export async function writeInternal(
  { site }: ParentSite,
  internal: SiteInternal,
  { resources, platform }: WebServices,
): Promise<void> {
  await resources.put({ ...site, internal, etag: platform.ids.uuid() });
}

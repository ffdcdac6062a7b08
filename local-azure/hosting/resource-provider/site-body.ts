import { resourceBody } from "../../arm/resource-body.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import type { SiteInternal } from "../site.ts";
import { configSummary } from "./config-body.ts";
import { keptMembers, type SiteRequest } from "./site-model.ts";

/** A site as resource manager shows it. */
export function siteBody(site: ArmResource) {
  const body = resourceBody(site);
  return {
    ...body,
    properties: { ...body.properties, siteConfig: configSummary(site.internal as SiteInternal) },
  };
}

export interface SiteFacts {
  readonly name: string;
  readonly resourceGroup: string;
  readonly planId: string;
  /** Tier of the plan, for example `Basic`. */
  readonly tier: string;
  readonly appPort: number;
  readonly scmPort: number;
  /** ISO 8601, UTC. */
  readonly modified: string;
}

/** The properties of a site after a write of `request` over `before`. */
export function siteProperties(
  request: SiteRequest["properties"],
  before: Readonly<Record<string, unknown>> | undefined,
  facts: SiteFacts,
): Record<string, unknown> {
  const kept = Object.fromEntries(
    Object.entries(keptMembers).map(([name, fallback]) => [
      name,
      request[name] ?? before?.[name] ?? fallback,
    ]),
  );
  const appHost = `localhost:${facts.appPort}`;
  const scmHost = `localhost:${facts.scmPort}`;
  return {
    ...kept,
    state: kept.enabled === false ? "Stopped" : "Running",
    availabilityState: "Normal",
    usageState: "Normal",
    defaultHostName: appHost,
    hostNames: [appHost],
    enabledHostNames: [appHost, scmHost],
    hostNameSslStates: [
      { name: appHost, sslState: "Disabled", hostType: "Standard" },
      { name: scmHost, sslState: "Disabled", hostType: "Repository" },
    ],
    repositorySiteName: facts.name,
    resourceGroup: facts.resourceGroup,
    serverFarmId: facts.planId,
    sku: facts.tier,
    reserved: true,
    isXenon: false,
    hyperV: false,
    outboundIpAddresses: "127.0.0.1",
    possibleOutboundIpAddresses: "127.0.0.1",
    lastModifiedTimeUtc: facts.modified,
  };
}

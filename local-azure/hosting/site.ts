import { lastSegment, parseArmPath } from "../arm/arm-id.ts";
import type { ArmResource, ManagedIdentityBlock } from "../arm/resource-store.ts";
import type { AccessRestrictions } from "./access/restrictions.ts";
import { readRestrictions } from "./access/restrictions.ts";

export const siteType = "Microsoft.Web/sites";
export const planType = "Microsoft.Web/serverfarms";

export interface ConnectionString {
  readonly value: string;
  readonly type: string;
}

/** What is kept beside a site and never shown by GET: `internal` of its resource. */
export interface SiteInternal extends Record<string, unknown> {
  readonly appPort: number;
  readonly scmPort: number;
  /** The site's configuration over the defaults, without settings and connection strings. */
  readonly siteConfig: Readonly<Record<string, unknown>>;
  readonly appSettings: Readonly<Record<string, string>>;
  readonly connectionStrings: Readonly<Record<string, ConnectionString>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly basicCredentials: { readonly ftp: boolean; readonly scm: boolean };
  /** Client id of the system-assigned identity. */
  readonly clientId?: string;
  /** Counts the restarts that were asked for, so that each is seen by whoever runs the site. */
  readonly restarts: number;
}

/** A site as its runtime and its SCM endpoint read it. */
export interface Site {
  readonly id: string;
  readonly name: string;
  /** The name in lower case: site names are unique in a cloud, and this one is good for a folder. */
  readonly key: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
  readonly location: string;
  readonly planId: string;
  /** Tier of the plan, for example `Basic`. */
  readonly tier: string;
  readonly running: boolean;
  readonly publicNetworkAccess: boolean;
  readonly identity: ManagedIdentityBlock | undefined;
  readonly internal: SiteInternal;
  readonly config: SiteConfig;
}

/** The part of `siteConfig` that the local cloud acts on. */
export interface SiteConfig {
  readonly linuxFxVersion: string;
  readonly appCommandLine: string;
  readonly healthCheckPath: string | undefined;
  readonly minTlsVersion: string;
  readonly scmMinTlsVersion: string;
  readonly appRestrictions: AccessRestrictions;
  readonly scmRestrictions: AccessRestrictions;
}

/** Reads a stored resource of type `Microsoft.Web/sites`. */
export function readSite(resource: ArmResource): Site {
  const internal = resource.internal as SiteInternal;
  const { properties } = resource;
  const path = parseArmPath(resource.id);
  return {
    id: resource.id,
    name: resource.name,
    key: siteKey(resource.name),
    resourceGroup: path.resourceGroupName ?? "",
    subscriptionId: path.subscriptionId ?? "",
    location: resource.location ?? "",
    planId: String(properties.serverFarmId),
    tier: String(properties.sku),
    running: properties.enabled !== false && properties.state !== "Stopped",
    publicNetworkAccess: properties.publicNetworkAccess !== "Disabled",
    identity: resource.identity,
    internal,
    config: readConfig(internal.siteConfig),
  };
}

/** The form in which site names compare, and the name of a site's folder. */
export function siteKey(name: string): string {
  return name.toLowerCase();
}

/** The plan's name of its id. */
export function planName(planId: string): string {
  return lastSegment(planId);
}

function readConfig(config: Readonly<Record<string, unknown>>): SiteConfig {
  const text = (name: string) => (typeof config[name] === "string" ? config[name] : "");
  const appRestrictions = readRestrictions(
    config.ipSecurityRestrictions,
    config.ipSecurityRestrictionsDefaultAction,
  );
  return {
    linuxFxVersion: text("linuxFxVersion"),
    appCommandLine: text("appCommandLine").trim(),
    healthCheckPath: text("healthCheckPath") || undefined,
    minTlsVersion: text("minTlsVersion"),
    scmMinTlsVersion: text("scmMinTlsVersion"),
    appRestrictions,
    scmRestrictions:
      config.scmIpSecurityRestrictionsUseMain === true
        ? appRestrictions
        : readRestrictions(config.scmIpSecurityRestrictions, config.scmIpSecurityRestrictionsDefaultAction),
  };
}

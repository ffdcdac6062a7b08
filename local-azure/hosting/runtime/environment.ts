import { createHash } from "node:crypto";
import { join } from "node:path";
import type { IdentityAccess } from "../../managed-identity/app-service.ts";
import type { ConnectionString, Site } from "../site.ts";
import type { SiteFolder } from "../site-folder.ts";

export interface EnvironmentOptions {
  readonly site: Site;
  readonly folder: SiteFolder;
  /** The folder with the published files. */
  readonly content: string;
  /** Where the process must listen, on 127.0.0.1. */
  readonly port: number;
  readonly identity: IdentityAccess | undefined;
  /** The certificate of the local cloud's authority. */
  readonly caFile: string;
}

/**
 * The whole environment of a site's process, built from nothing: its settings (each twice, bare and with `APPSETTING_`), its
 * connection strings under the prefix of their type, and the variables of the platform, which win.
 * Reference: https://learn.microsoft.com/azure/app-service/reference-app-settings
 */
export function siteEnvironment(options: EnvironmentOptions): Record<string, string> {
  const { site, identity } = options;
  const { appSettings, connectionStrings } = site.internal;
  const settings = Object.entries(appSettings).flatMap(([name, value]) => [
    [name, value] as const,
    [`APPSETTING_${name}`, value] as const,
  ]);
  return {
    ...Object.fromEntries(settings),
    ...connectionVariables(connectionStrings),
    ...platformVariables(options),
    ...(identity && { IDENTITY_ENDPOINT: identity.endpoint, IDENTITY_HEADER: identity.header }),
  };
}

function platformVariables({ site, folder, content, port, caFile }: EnvironmentOptions) {
  const host = `localhost:${site.internal.appPort}`;
  return {
    HOME: folder.home,
    TMPDIR: folder.temporary,
    PATH: [folder.programs, join(content, "node_modules", ".bin"), "/usr/local/bin", "/usr/bin", "/bin"].join(
      ":",
    ),
    LANG: "C.UTF-8",
    PORT: String(port),
    NODE_EXTRA_CA_CERTS: caFile,
    REGION_NAME: site.location,
    WEBSITE_AUTH_ENABLED: "False",
    WEBSITE_DEFAULT_HOSTNAME: host,
    WEBSITE_HOSTNAME: host,
    WEBSITE_INSTANCE_ID: createHash("sha256").update(site.id.toLowerCase()).digest("hex"),
    WEBSITE_OWNER_NAME: `${site.subscriptionId}+${site.resourceGroup}-${site.location.replace(/\s/g, "")}webspace-Linux`,
    WEBSITE_PRIVATE_IP: "127.0.0.1",
    WEBSITE_RESOURCE_GROUP: site.resourceGroup,
    WEBSITE_SITE_NAME: site.name,
    WEBSITE_SKU: site.tier,
    WEBSITE_STACK: "NODE",
  };
}

/** https://learn.microsoft.com/azure/app-service/reference-app-settings#variable-prefixes */
const connectionPrefixes: Readonly<Record<string, string>> = {
  MySql: "MYSQLCONNSTR_",
  SQLServer: "SQLCONNSTR_",
  SQLAzure: "SQLAZURECONNSTR_",
  Custom: "CUSTOMCONNSTR_",
  NotificationHub: "NOTIFICATIONHUBCONNSTR_",
  ServiceBus: "SERVICEBUSCONNSTR_",
  EventHub: "EVENTHUBCONNSTR_",
  ApiHub: "APIHUBCONNSTR_",
  DocDb: "DOCDBCONNSTR_",
  RedisCache: "REDISCACHECONNSTR_",
  PostgreSQL: "POSTGRESQLCONNSTR_",
};

function connectionVariables(strings: Readonly<Record<string, ConnectionString>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(strings).map(([name, { type, value }]) => [
      `${connectionPrefixes[type] ?? "CUSTOMCONNSTR_"}${name}`,
      value,
    ]),
  );
}

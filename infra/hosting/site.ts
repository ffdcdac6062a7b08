import { WebApp } from "@pulumi/azure-native/web/webApp.js";
import { WebAppFtpAllowed } from "@pulumi/azure-native/web/webAppFtpAllowed.js";
import { WebAppScmAllowed } from "@pulumi/azure-native/web/webAppScmAllowed.js";
import * as pulumi from "@pulumi/pulumi";
import { accessRules } from "./access-rules.ts";
import { scmUrl, siteUrl } from "./hosts.ts";

/** What a site is made from. */
export interface SiteArgs {
  readonly siteName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly planId: pulumi.Input<string>;
  /** CIDR ranges that may call it; everybody else is denied. */
  readonly allowedAddresses: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A Node site on App Service with an identity of its own. HTTPS with TLS 1.2 or newer only, no FTP, no publishing
 * passwords; packages come with an Entra token. Its settings are a resource of their own (`SiteSettings`): they need
 * what the identity is granted first.
 */
export class Site extends pulumi.ComponentResource {
  readonly siteId: pulumi.Output<string>;
  readonly siteName: pulumi.Output<string>;
  /** Object id of the service principal of the site's identity. */
  readonly principalId: pulumi.Output<string>;
  /** `https://host[:port]` where it answers. */
  readonly url: pulumi.Output<string>;
  /** `https://host[:port]` where packages are published. */
  readonly scmUrl: pulumi.Output<string>;

  constructor(name: string, args: SiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:hosting:Site", name, {}, opts);
    const child = { parent: this };
    const site = new WebApp(
      name,
      {
        name: args.siteName,
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        tags: args.tags,
        kind: "app,linux",
        reserved: true,
        serverFarmId: args.planId,
        identity: { type: "SystemAssigned" },
        httpsOnly: true,
        clientAffinityEnabled: false,
        publicNetworkAccess: "Enabled",
        siteConfig: {
          linuxFxVersion: "NODE|24-lts",
          alwaysOn: true,
          healthCheckPath: "/health",
          http20Enabled: true,
          minTlsVersion: "1.2",
          scmMinTlsVersion: "1.2",
          ftpsState: "Disabled",
          remoteDebuggingEnabled: false,
          ipSecurityRestrictions: accessRules(args.allowedAddresses),
          ipSecurityRestrictionsDefaultAction: "Deny",
          // Publishing needs an Entra token whatever the address, and pipelines have no fixed one.
          scmIpSecurityRestrictionsDefaultAction: "Allow",
          scmIpSecurityRestrictionsUseMain: false,
        },
      },
      child,
    );
    const policy = { name: site.name, resourceGroupName: args.resourceGroupName, allow: false };
    new WebAppFtpAllowed(`${name}-ftp`, policy, child);
    new WebAppScmAllowed(`${name}-scm`, policy, child);

    this.siteId = site.id;
    this.siteName = site.name;
    // A preview knows the identity's type but not its principal; waiting for the host name waits for both.
    this.principalId = pulumi.all([site.identity, site.defaultHostName]).apply(([identity]) => {
      if (!identity?.principalId) {
        throw new Error(
          `Site ${args.siteName} came back without an identity; run pulumi refresh, then pulumi up.`,
        );
      }
      return identity.principalId;
    });
    this.url = site.defaultHostName.apply((host) => siteUrl(args.siteName, host));
    this.scmUrl = site.hostNameSslStates.apply((states) => scmUrl(args.siteName, states));
    this.registerOutputs({
      siteId: this.siteId,
      principalId: this.principalId,
      url: this.url,
      scmUrl: this.scmUrl,
    });
  }
}

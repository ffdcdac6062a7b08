/** The part of a site's host names that is read here. */
export interface HostNameState {
  readonly name?: string | undefined;
  readonly hostType?: string | undefined;
}

/**
 * Where a site answers. Azure chooses the host, so it is read and never composed.
 *
 * @param defaultHostName `defaultHostName` of the site: a host, with a port where it is not 443.
 * @throws when the site has none.
 */
export function siteUrl(siteName: string, defaultHostName: string): string {
  return originOf(defaultHostName, `Site ${siteName} has no default host name`);
}

/**
 * Where packages for a site are published: the host of type Repository among its host names.
 *
 * @throws when there is none.
 */
export function scmUrl(siteName: string, states: readonly HostNameState[] | undefined): string {
  const repository = states?.find(({ hostType }) => hostType === "Repository");
  return originOf(repository?.name, `Site ${siteName} has no host name of type Repository`);
}

function originOf(host: string | undefined, otherwise: string): string {
  if (host === undefined || host === "") {
    throw new Error(
      `${otherwise}. Look at hostNameSslStates of the site in resource manager, then run pulumi refresh.`,
    );
  }
  return new URL(`https://${host}`).origin;
}

import type { Directory, DirectoryObject } from "./directory.ts";
import { type FirstPartyApplication, firstParty } from "./first-party.ts";
import { type Registration, readRegistration } from "./registration.ts";
import { TokenError } from "./tokens/token-error.ts";

interface Permission {
  readonly id: string;
  readonly value: string;
}

/** The resource that a token is asked for. */
export interface TokenResource {
  readonly servicePrincipal: DirectoryObject;
  /** The resource exactly as it was asked for. */
  readonly name: string;
  /** What the token's `aud` says: the name, or an own application's id in a token of version 2.0. */
  readonly audience: string;
  /** The version of its tokens belongs to the resource, not to the endpoint that is asked. */
  readonly version: "1.0" | "2.0";
  /** Delegated permissions that are enabled. */
  readonly scopes: readonly Permission[];
  /** Roles that are enabled and have a value. */
  readonly appRoles: readonly Permission[];
  /** Undefined for Microsoft's own resources. */
  readonly registration: Registration | undefined;
}

export interface ResourceCatalog {
  /**
   * Which resource `name` (a scope without `/.default`, or a `resource` parameter) means: one of Microsoft's by its
   * identifier URI, or an application of this tenant by its application id, `api://` and its application id, or one of
   * its identifier URIs.
   *
   * A Cosmos account is known by its own origin with its port. SDKs that drop the port from the scope must get
   * AADSTS500011: only then do they fall back to `https://cosmos.azure.com`.
   *
   * @throws TokenError 500011 when no resource has that name or it has no service principal here, 500014 when that is
   * disabled.
   */
  resolve(name: string): TokenResource;
  /** The application id of the resource that `name` means, whatever its state. */
  appIdOf(name: string): string | undefined;
  readonly resourceManagerAudiences: readonly string[];
  readonly graphAudiences: readonly string[];
}

export interface ResourceCatalogOptions {
  /** `https://localhost:<port>` of resource manager, token service and Graph. */
  readonly origin: string;
  readonly tenantId: string;
  readonly directory: Directory;
  readonly isCosmosAccountOrigin: (origin: string) => boolean;
}

/** The resources of this cloud and the audiences that its own surfaces accept. */
export function resourceCatalog({
  origin,
  tenantId,
  directory,
  isCosmosAccountOrigin,
}: ResourceCatalogOptions): ResourceCatalog {
  const resourceManagerAudiences = resourceManagerAudiencesOf(origin);
  const graphAudiences = graphAudiencesOf(origin);
  const byName = new Map<string, FirstPartyApplication>();
  const add = (application: FirstPartyApplication, audiences: readonly string[]) => {
    for (const audience of audiences) byName.set(audience.toLowerCase(), application);
  };
  add(firstParty.resourceManager, resourceManagerAudiences);
  add(firstParty.graph, graphAudiences);
  add(firstParty.keyVault, names(firstParty.keyVault));
  add(firstParty.appService, names(firstParty.appService));
  add(firstParty.cosmos, names(firstParty.cosmos));
  add(firstParty.tokenExchange, names(firstParty.tokenExchange));

  const findMicrosofts = (name: string): FirstPartyApplication | undefined =>
    byName.get(name.toLowerCase()) ??
    (isCosmosAccountOrigin(name.replace(/\/$/, "")) ? firstParty.cosmos : undefined);
  const findOwn = (name: string): DirectoryObject | undefined => {
    const wanted = name.toLowerCase();
    return (
      directory.findApplicationByAppId(wanted.replace(/^api:\/\//, "")) ??
      directory
        .list("application")
        .find((application) =>
          readRegistration(application).identifierUris.some((uri) => uri.toLowerCase() === wanted),
        )
    );
  };
  const principalOf = (appId: string, name: string): DirectoryObject => {
    const servicePrincipal = directory.findServicePrincipalByAppId(appId);
    if (servicePrincipal === undefined) throw unknownResource(name, tenantId);
    if (servicePrincipal.accountEnabled) return servicePrincipal;
    throw new TokenError(
      500014,
      "invalid_resource",
      400,
      `The service principal for resource '${name}' (${servicePrincipal.displayName}) is disabled.`,
    );
  };
  return {
    resourceManagerAudiences,
    graphAudiences,
    appIdOf: (name) => (findMicrosofts(name) ?? findOwn(name))?.appId,
    resolve(name) {
      const microsofts = findMicrosofts(name);
      if (microsofts !== undefined) {
        const { appId, scopes, appRoles, tokenVersion: version = "1.0" } = microsofts;
        const servicePrincipal = principalOf(appId, name);
        return {
          servicePrincipal,
          name,
          audience: name,
          version,
          scopes,
          appRoles,
          registration: undefined,
        };
      }
      const application = findOwn(name);
      const appId = application?.appId;
      if (application === undefined || appId === undefined) throw unknownResource(name, tenantId);
      const registration = readRegistration(application);
      return {
        servicePrincipal: principalOf(appId, name),
        name,
        audience: registration.tokenVersion === "2.0" ? appId : name,
        version: registration.tokenVersion,
        scopes: registration.scopes.filter(({ isEnabled }) => isEnabled),
        appRoles: registration.appRoles.flatMap(({ id, value, isEnabled }) =>
          isEnabled && value ? [{ id, value }] : [],
        ),
        registration,
      };
    },
  };
}

/** Every spelling of `aud` that resource manager at `origin` accepts. */
export function resourceManagerAudiencesOf(origin: string): readonly string[] {
  return names(firstParty.resourceManager, [origin, `${origin}/`]);
}

/** Every spelling of `aud` that Graph at `${origin}/graph` accepts. */
export function graphAudiencesOf(origin: string): readonly string[] {
  return names(firstParty.graph, [`${origin}/graph`, `${origin}/graph/`]);
}

/** The refusal of a resource that the tenant does not know. */
export function unknownResource(name: string, tenantId: string): TokenError {
  return new TokenError(
    500011,
    "invalid_resource",
    400,
    `The resource principal named ${name} was not found in the tenant named ${tenantId}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  );
}

function names(application: FirstPartyApplication, more: readonly string[] = []): readonly string[] {
  return [...application.identifierUris, application.appId, ...more];
}

import { type FirstPartyApplication, firstParty } from "./first-party.ts";
import { TokenError } from "./token-error.ts";

/** The resource that a token is asked for. */
export interface TokenResource {
  readonly application: FirstPartyApplication;
  /** What the token's `aud` says: the resource exactly as it was asked for. */
  readonly audience: string;
}

export interface ResourceCatalog {
  /**
   * Which resource `name` (a scope without `/.default`, or a `resource` parameter) means.
   *
   * A Cosmos account is known by its own origin with its port. SDKs that drop the port from the scope must get
   * AADSTS500011: only then do they fall back to `https://cosmos.azure.com`.
   *
   * @throws TokenError 500011 when no resource has that name.
   */
  resolve(name: string): TokenResource;
  readonly resourceManagerAudiences: readonly string[];
  readonly graphAudiences: readonly string[];
}

export interface ResourceCatalogOptions {
  /** `https://localhost:<port>` of resource manager, token service and Graph. */
  readonly origin: string;
  readonly tenantId: string;
  readonly isCosmosAccountOrigin: (origin: string) => boolean;
}

/** The resources of this cloud and the audiences that its own surfaces accept. */
export function resourceCatalog({
  origin,
  tenantId,
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
  return {
    resourceManagerAudiences,
    graphAudiences,
    resolve(name) {
      const known = byName.get(name.toLowerCase());
      if (known !== undefined) return { application: known, audience: name };
      if (isCosmosAccountOrigin(name.replace(/\/$/, ""))) {
        return { application: firstParty.cosmos, audience: name };
      }
      throw unknownResource(name, tenantId);
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

import { sign } from "node:crypto";
import type { Platform } from "../core/platform.ts";
import type { Directory, DirectoryObject } from "./directory.ts";
import { type ResourceCatalog, type TokenResource, unknownResource } from "./resources.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { issuerOf } from "./tenants.ts";
import { TokenError } from "./token-error.ts";

/** An access token with its times. */
export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds since the Unix epoch: the claim `exp`. */
  readonly expiresOn: number;
  /** Seconds from now. */
  readonly expiresIn: number;
  readonly notBefore: number;
  /** The resource as it was asked for. */
  readonly resource: string;
  readonly clientId: string;
}

export interface TokenIssuer {
  /**
   * A token of the managed identity `principalId` (object id) for `resource` (a resource name without `/.default`).
   *
   * @throws TokenError 500011 for an unknown resource, 700016 when the identity is gone, 7000112 when it is disabled.
   */
  issueForManagedIdentity(principalId: string, resource: string): IssuedToken;
  /** A token of a client that has proven itself with a secret. @throws TokenError 500011, 500014. */
  issueForClient(client: DirectoryObject, resource: TokenResource): IssuedToken;
}

/** `iat` and `nbf` lie this far back, as Entra's do, so that a receiver whose clock is behind accepts the token. */
const backDatedSeconds = 300;
const clientLifeSeconds = 3600;
const managedIdentityLifeSeconds = 86_400;
/** More groups than this do not fit a token: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const maxGroups = 200;
/** Role template of a Global Administrator. */
const administratorRole = "62e90394-69f5-4237-9190-012177145e10";

export interface IssuerOptions {
  readonly platform: Pick<Platform, "clock" | "ids" | "origin" | "tenantId">;
  readonly directory: Directory;
  readonly keys: SigningKeys;
  readonly resources: ResourceCatalog;
}

/** Issues the v1 access tokens that Entra gives for Microsoft's own resources. */
export function createIssuer({ platform, directory, keys, resources }: IssuerOptions): TokenIssuer {
  const { clock, ids, tenantId } = platform;

  const issue = (
    principal: DirectoryObject,
    resource: TokenResource,
    lifeSeconds: number,
    specific: Readonly<Record<string, unknown>>,
  ): IssuedToken => {
    requireResource(directory, resource, tenantId);
    const now = clock.nowSeconds();
    const issuedAt = now - backDatedSeconds;
    const issuer = issuerOf(tenantId);
    const claims = {
      aud: resource.audience,
      iss: issuer,
      iat: issuedAt,
      nbf: issuedAt,
      exp: now + lifeSeconds,
      aio: ids.token(42),
      appid: principal.appId,
      idp: issuer,
      idtyp: "app",
      oid: principal.id,
      rh: `1.${ids.token(50)}.`,
      sub: principal.id,
      tid: tenantId,
      uti: ids.token(16),
      ver: "1.0",
      ...groupClaims(directory.groupsOf(principal.id), platform, principal.id),
      ...(principal.isDirectoryAdministrator ? { wids: [administratorRole] } : {}),
      ...specific,
    };
    return {
      accessToken: signToken(claims, keys),
      expiresOn: claims.exp,
      expiresIn: lifeSeconds - 1,
      notBefore: issuedAt,
      resource: resource.audience,
      clientId: principal.appId ?? "",
    };
  };

  return {
    issueForClient: (client, resource) => issue(client, resource, clientLifeSeconds, { appidacr: "1" }),
    issueForManagedIdentity(principalId, name) {
      const identity = directory.find(principalId);
      if (identity === undefined) {
        throw new TokenError(
          700016,
          "unauthorized_client",
          400,
          `Application with identifier '${principalId}' was not found in the directory '${tenantId}'.`,
        );
      }
      requireEnabled(identity);
      return issue(identity, resources.resolve(name), managedIdentityLifeSeconds, {
        appidacr: "2",
        ...resourceIdClaim(identity),
      });
    },
  };
}

/** @throws TokenError 7000112 for a disabled service principal. */
export function requireEnabled(client: DirectoryObject): void {
  if (client.accountEnabled) return;
  throw new TokenError(
    7000112,
    "unauthorized_client",
    400,
    `Application '${client.appId}'(${client.displayName}) is disabled.`,
  );
}

function requireResource(directory: Directory, resource: TokenResource, tenantId: string): void {
  const { appId, displayName } = resource.application;
  const servicePrincipal = directory.findServicePrincipalByAppId(appId);
  if (servicePrincipal === undefined) throw unknownResource(resource.audience, tenantId);
  if (!servicePrincipal.accountEnabled) {
    throw new TokenError(
      500014,
      "invalid_resource",
      400,
      `The service principal for resource '${resource.audience}' (${displayName}) is disabled.`,
    );
  }
}

function groupClaims(
  groups: readonly string[],
  { origin, tenantId }: Pick<Platform, "origin" | "tenantId">,
  objectId: string,
): Readonly<Record<string, unknown>> {
  if (groups.length === 0) return {};
  if (groups.length <= maxGroups) return { groups };
  const endpoint = `${origin}/graph/v1.0/${tenantId}/directoryObjects/${objectId}/getMemberObjects`;
  return { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint } } };
}

/** Entra writes the ARM id with `resourcegroups` in lower case. */
function resourceIdClaim(identity: DirectoryObject): Readonly<Record<string, string>> {
  const armId = identity.alternativeNames?.find((name) => name.startsWith("/"));
  return armId === undefined ? {} : { xms_mirid: armId.replace(/\/resourceGroups\//i, "/resourcegroups/") };
}

function signToken(claims: Readonly<Record<string, unknown>>, keys: SigningKeys): string {
  const { kid, privateKey } = keys.current;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode({ typ: "JWT", alg: "RS256", x5t: kid, kid })}.${encode(claims)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

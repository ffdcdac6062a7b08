import type { Platform } from "../../core/platform.ts";
import type { Directory, DirectoryObject } from "../directory.ts";
import { issuerV2 } from "../documents.ts";
import { assignedTo, requireAssignment } from "../permissions/app-roles.ts";
import type { ResourceCatalog, TokenResource } from "../resources.ts";
import type { SigningKeys } from "../signing-keys.ts";
import { issuerOf } from "../tenants.ts";
import { membershipClaims } from "./group-claims.ts";
import { mailOf, pairwiseSubject, principalNameOf } from "./person-claims.ts";
import { signToken } from "./sign.ts";
import { TokenError } from "./token-error.ts";

/** How a client has proven itself; a token says it in `appidacr`. */
export type ClientProof = "none" | "secret" | "certificate" | "federated";

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
  /** The claim `uti`, under which sign-in logs name the token. */
  readonly uniqueTokenIdentifier: string;
}

/** A client that acts for a person who has signed in. */
export interface DelegatedSignIn {
  readonly user: DirectoryObject;
  readonly client: DirectoryObject;
  readonly proof: ClientProof;
  /** The address from which the request came. */
  readonly address: string;
}

export interface TokenIssuer {
  /**
   * A token of the managed identity `principalId` (object id) for `resource` (a resource name without `/.default`).
   *
   * @throws TokenError 500011, 500014 for a resource that is unknown or disabled, 501051 for one that it would have to be
   * assigned to, 700016 when the identity is gone, 7000112 when it is disabled.
   */
  issueForManagedIdentity(principalId: string, resource: string): IssuedToken;
  /** A token of a client that acts for itself; it has proven itself with a secret where nothing else is said. */
  issueForClient(client: DirectoryObject, resource: TokenResource, proof?: ClientProof): IssuedToken;
  /** @param scopes the permissions that the client has at the resource for the user. */
  issueForUser(signIn: DelegatedSignIn, resource: TokenResource, scopes: readonly string[]): IssuedToken;
  /** Says to the client, and to nobody else, who has signed in. */
  issueIdToken(signIn: DelegatedSignIn, openId: ReadonlySet<string>, nonce: string | undefined): string;
}

/** `iat` and `nbf` lie this far back, as Entra's do, so that a receiver whose clock is behind accepts the token. */
const backDatedSeconds = 300;
const lifeSeconds = 3600;
const managedIdentityLifeSeconds = 86_400;
const proofLevel: Readonly<Record<ClientProof, string>> = {
  none: "0",
  secret: "1",
  certificate: "2",
  federated: "2",
};

export interface IssuerOptions {
  readonly platform: Pick<Platform, "clock" | "ids" | "origin" | "tenantId">;
  readonly directory: Directory;
  readonly keys: SigningKeys;
  readonly resources: ResourceCatalog;
}

type Claims = Readonly<Record<string, unknown>>;

/** Issues access tokens of version 1 or 2, as the resource has it, and id tokens. */
export function createIssuer({ platform, directory, keys, resources }: IssuerOptions): TokenIssuer {
  const { clock, ids, origin, tenantId } = platform;

  const write = (
    client: DirectoryObject,
    principal: DirectoryObject,
    resource: TokenResource,
    life: number,
    specific: Claims,
  ): IssuedToken => {
    const now = clock.nowSeconds();
    const issuedAt = now - backDatedSeconds;
    const { roles } = assignedTo(directory, principal, resource);
    const claims = {
      aud: resource.audience,
      iss: resource.version === "1.0" ? issuerOf(tenantId) : issuerV2(origin, tenantId),
      iat: issuedAt,
      nbf: issuedAt,
      exp: now + life,
      aio: ids.token(42),
      oid: principal.id,
      rh: `1.${ids.token(50)}.`,
      ...(roles.length === 0 ? {} : { roles }),
      tid: tenantId,
      uti: ids.token(16),
      ver: resource.version,
      ...membershipClaims(directory, principal, resource, platform),
      ...specific,
    };
    return {
      accessToken: signToken(claims, keys),
      expiresOn: claims.exp,
      expiresIn: life - 1,
      notBefore: issuedAt,
      resource: resource.name,
      clientId: client.appId ?? "",
      uniqueTokenIdentifier: claims.uti,
    };
  };

  const clientClaims = (
    { appId = "" }: DirectoryObject,
    proof: ClientProof,
    version: "1.0" | "2.0",
  ): Claims =>
    version === "1.0"
      ? { appid: appId, appidacr: proofLevel[proof], idp: issuerOf(tenantId) }
      : { azp: appId, azpacr: proofLevel[proof] };

  /** Microsoft's resources always get `idtyp`, an application where its optional claims ask for it. */
  const typeClaim = ({ registration }: TokenResource, type: "app" | "user"): Claims => {
    const asked = registration?.optionalClaims.get("idtyp");
    const isGiven =
      registration === undefined ||
      (asked !== undefined && (type === "app" || asked.includes("include_user_token")));
    return isGiven ? { idtyp: type } : {};
  };

  return {
    issueForClient: (client, resource, proof = "secret") =>
      write(client, client, resource, lifeSeconds, {
        ...clientClaims(client, proof, resource.version),
        ...typeClaim(resource, "app"),
        sub: client.id,
      }),
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
      const resource = resources.resolve(name);
      requireAssignment(directory, identity, resource.servicePrincipal);
      return write(identity, identity, resource, managedIdentityLifeSeconds, {
        ...clientClaims(identity, "certificate", resource.version),
        ...typeClaim(resource, "app"),
        sub: identity.id,
        ...resourceIdClaim(identity),
      });
    },
    issueForUser({ user, client, proof, address }, resource, scopes) {
      const name = principalNameOf(user);
      const names =
        resource.version === "1.0"
          ? {
              acr: "1",
              amr: ["pwd"],
              ipaddr: address,
              name: user.displayName,
              unique_name: name,
              upn: name,
            }
          : { name: user.displayName, preferred_username: name };
      return write(client, user, resource, lifeSeconds, {
        ...clientClaims(client, proof, resource.version),
        ...typeClaim(resource, "user"),
        ...names,
        scp: scopes.join(" "),
        sub: pairwiseSubject(tenantId, client.appId ?? "", user.id),
      });
    },
    issueIdToken({ user, client }, openId, nonce) {
      const now = clock.nowSeconds();
      const mail = openId.has("email") ? mailOf(user) : undefined;
      const claims = {
        aud: client.appId,
        iss: issuerV2(origin, tenantId),
        iat: now - backDatedSeconds,
        nbf: now - backDatedSeconds,
        exp: now + lifeSeconds,
        ...(mail === undefined ? {} : { email: mail }),
        ...(openId.has("profile")
          ? { name: user.displayName, oid: user.id, preferred_username: principalNameOf(user) }
          : {}),
        ...(nonce === undefined ? {} : { nonce }),
        rh: `1.${ids.token(50)}.`,
        sub: pairwiseSubject(tenantId, client.appId ?? "", user.id),
        tid: tenantId,
        uti: ids.token(16),
        ver: "2.0",
      };
      return signToken(claims, keys);
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

/** Entra writes the ARM id with `resourcegroups` in lower case. */
function resourceIdClaim(identity: DirectoryObject): Readonly<Record<string, string>> {
  const armId = identity.alternativeNames?.find((name) => name.startsWith("/"));
  return armId === undefined ? {} : { xms_mirid: armId.replace(/\/resourceGroups\//i, "/resourcegroups/") };
}

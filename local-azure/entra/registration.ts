import { z } from "zod";
import type { DirectoryObject } from "./directory.ts";

const permissionScope = z.object({ id: z.string(), value: z.string(), isEnabled: z.boolean().default(true) });
const appRole = z.object({
  id: z.string(),
  value: z.string().nullish(),
  isEnabled: z.boolean().default(true),
});
const redirectUris = z
  .object({ redirectUris: z.array(z.string()).default([]) })
  .default({ redirectUris: [] });
const optionalClaim = z.object({ name: z.string(), additionalProperties: z.array(z.string()).default([]) });

/** Graph has checked these properties when they were written; what it leaves open has its default here. */
const schema = z.object({
  identifierUris: z.array(z.string()).default([]),
  groupMembershipClaims: z.string().nullish(),
  isFallbackPublicClient: z.boolean().nullish(),
  appRoles: z.array(appRole).default([]),
  api: z
    .object({
      requestedAccessTokenVersion: z.number().nullish(),
      oauth2PermissionScopes: z.array(permissionScope).default([]),
      preAuthorizedApplications: z
        .array(z.object({ appId: z.string(), delegatedPermissionIds: z.array(z.string()).default([]) }))
        .default([]),
    })
    .prefault({}),
  optionalClaims: z.object({ accessToken: z.array(optionalClaim).default([]) }).nullish(),
  web: redirectUris,
  spa: redirectUris,
  publicClient: redirectUris,
});

/** A delegated permission that a resource exposes. */
export type PermissionScope = Readonly<z.infer<typeof permissionScope>>;
export type AppRole = Readonly<z.infer<typeof appRole>>;

/** What the token service reads of an application: https://learn.microsoft.com/graph/api/resources/application */
export interface Registration {
  readonly identifierUris: readonly string[];
  /** The version of the tokens that the application gets as a resource. */
  readonly tokenVersion: "1.0" | "2.0";
  readonly scopes: readonly PermissionScope[];
  readonly appRoles: readonly AppRole[];
  /** Clients that need no consent, with the ids of the scopes for which they need none. */
  readonly preAuthorized: readonly {
    readonly appId: string;
    readonly delegatedPermissionIds: readonly string[];
  }[];
  /** Of `SecurityGroup`, `ApplicationGroup`, `DirectoryRole`, `All`. */
  readonly groupClaims: ReadonlySet<string>;
  /** Names of the optional claims of its access tokens, with their additional properties. */
  readonly optionalClaims: ReadonlyMap<string, readonly string[]>;
  readonly redirectUris: {
    readonly web: readonly string[];
    readonly spa: readonly string[];
    readonly publicClient: readonly string[];
  };
  /** Flows without a redirect URI treat it as a public client. */
  readonly isFallbackPublicClient: boolean;
}

export function readRegistration({ properties }: Pick<DirectoryObject, "properties">): Registration {
  const read = schema.parse(properties);
  return {
    identifierUris: read.identifierUris,
    tokenVersion: read.api.requestedAccessTokenVersion === 2 ? "2.0" : "1.0",
    scopes: read.api.oauth2PermissionScopes,
    appRoles: read.appRoles,
    preAuthorized: read.api.preAuthorizedApplications,
    groupClaims: new Set((read.groupMembershipClaims ?? "").split(/[\s,]+/).filter((name) => name !== "")),
    optionalClaims: new Map(
      (read.optionalClaims?.accessToken ?? []).map((claim) => [claim.name, claim.additionalProperties]),
    ),
    redirectUris: {
      web: read.web.redirectUris,
      spa: read.spa.redirectUris,
      publicClient: read.publicClient.redirectUris,
    },
    isFallbackPublicClient: read.isFallbackPublicClient === true,
  };
}

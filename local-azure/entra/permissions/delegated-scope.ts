import { firstParty } from "../first-party.ts";
import { quotable, TokenError } from "../tokens/token-error.ts";

/** The parameter `scope` of a request that acts for a user. */
export interface DelegatedScope {
  /** The resource as it was named; Graph's application id where scopes have no resource before them. */
  readonly resource: string;
  /** Permissions of the resource that are asked for by name. */
  readonly permissions: readonly string[];
  /** `/.default`: whatever is consented. */
  readonly asksDefault: boolean;
  /** Nothing but scopes of OpenID Connect. */
  readonly asksIdentityOnly: boolean;
  /** Of `openid`, `profile`, `email`, `offline_access`. */
  readonly openId: ReadonlySet<string>;
  /** Whether scopes were written with their resource before them. */
  readonly isQualified: boolean;
}

const openIdScopes = new Set(["openid", "profile", "email", "offline_access"]);
const defaultPermission = ".default";

/**
 * Reads scopes as https://learn.microsoft.com/entra/identity-platform/scopes-oidc describes them. What stands before the
 * last slash is the resource, a slash at its own end included.
 *
 * @throws TokenError 70011 for text that is no scope, or `/.default` beside permissions, 700022 for several resources.
 */
export function readDelegatedScope(text: string): DelegatedScope {
  const scopes = [...new Set(text.split(/\s+/).filter((part) => part !== ""))];
  const unreadable = scopes.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  if (unreadable !== undefined || scopes.length === 0) {
    throw invalidScope(
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${quotable(text)} is not valid.`,
    );
  }
  const split = scopes
    .filter((scope) => !openIdScopes.has(scope))
    .map((scope) => {
      const slash = scope.lastIndexOf("/");
      return { resource: slash > 0 ? scope.slice(0, slash) : undefined, permission: scope.slice(slash + 1) };
    });
  const [resource, ...more] = [...new Set(split.map((scope) => scope.resource))];
  if (more.length > 0) {
    throw invalidScope(
      700022,
      `The provided value for the input parameter 'scope' is not valid because it contains more than one resource. Scope ${quotable(text)} is not valid.`,
    );
  }
  const permissions = split.flatMap(({ permission }) =>
    permission === defaultPermission ? [] : [permission],
  );
  const asksDefault = permissions.length < split.length;
  if (permissions.includes("") || (asksDefault && permissions.length > 0)) {
    throw invalidScope(
      70011,
      `The provided value for the input parameter 'scope' is not valid. The scope ${quotable(text)} is not valid: .default can't be combined with resource-specific scopes, and no permission is empty.`,
    );
  }
  return {
    resource: resource ?? firstParty.graph.appId,
    permissions,
    asksDefault,
    asksIdentityOnly: split.length === 0,
    openId: new Set(scopes.filter((scope) => openIdScopes.has(scope))),
    isQualified: resource !== undefined,
  };
}

/**
 * The member `scope` of a reply. Clients keep tokens under it and look them up by what they asked for, so it repeats
 * `/.default` and the identity scopes.
 *
 * @param granted permissions of the resource.
 */
export function replyScope(asked: DelegatedScope, granted: readonly string[]): string {
  const written = (permission: string) =>
    asked.isQualified && !openIdScopes.has(permission) ? `${asked.resource}/${permission}` : permission;
  const scopes = [
    ...["openid", "profile", "email"].filter((scope) => asked.openId.has(scope)),
    ...granted.map(written),
    ...(asked.asksDefault ? [written(defaultPermission)] : []),
  ];
  return [...new Set(scopes)].join(" ");
}

function invalidScope(code: number, text: string): TokenError {
  return new TokenError(code, "invalid_scope", 400, text);
}

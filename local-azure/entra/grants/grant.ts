import type { Platform } from "../../core/platform.ts";
import type { Client } from "../clients/client.ts";
import type { Directory, DirectoryObject } from "../directory.ts";
import type { ResourceCatalog } from "../resources.ts";
import type { SignInCategory } from "../sign-ins/sign-in.ts";
import type { TokenVerifier } from "../tokens/verify.ts";
import type { AuthorizationCodes } from "./authorization-codes.ts";
import type { DeviceCodes } from "./device-codes.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";

/** What a grant stands for, once it is proven: a person's agreement. */
export interface RedeemedGrant {
  readonly user: DirectoryObject;
  /** What tokens are asked for. */
  readonly scope: string;
  /** What the person agreed to first, for a refresh token. */
  readonly agreedScope: string;
  readonly nonce?: string | undefined;
  /**
   * Spends a grant that is good for once; the last thing before tokens are written.
   *
   * @throws TokenError when another request was faster.
   */
  readonly spend?: () => void;
}

export interface GrantServices {
  readonly platform: Platform;
  readonly directory: Directory;
  readonly codes: AuthorizationCodes;
  readonly deviceCodes: DeviceCodes;
  readonly refreshTokens: RefreshTokens;
  readonly resources: ResourceCatalog;
  /** Verifies tokens of both versions that this token service has issued. */
  readonly ownTokens: TokenVerifier;
}

/** One way in which a client comes to act for a person. */
export interface UserGrant<Request> {
  readonly category: SignInCategory;
  /** `AuthenticationProtocol` of the sign-in log. */
  readonly protocol: string;
  /** The tenant must be named: `common` and `organizations` will not do. */
  readonly needsTenant?: boolean;
  /** Whether this request is one of a client that keeps no secret, and so must not send one. */
  isPublic(request: Request, client: Client, services: GrantServices): boolean;
  /** @throws TokenError `invalid_grant` when the grant is not good, or not this client's. */
  redeem(request: Request, client: Client, services: GrantServices): RedeemedGrant;
}

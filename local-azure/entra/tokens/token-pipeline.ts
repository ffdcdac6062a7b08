import type { Pipeline } from "../../core/pipeline.ts";
import { authenticateClient, type Proof, refuseCredential } from "../clients/authenticate.ts";
import { type Client, findClient } from "../clients/client.ts";
import { type EntraContext, need } from "../context.ts";
import { issuerV2 } from "../documents.ts";
import type { ExternalIssuers } from "../external-issuer/issuers.ts";
import { type BoundGrant, userGrantOf } from "../grants/bound-grant.ts";
import type { GrantServices, RedeemedGrant } from "../grants/grant.ts";
import { requireAssignment } from "../permissions/app-roles.ts";
import { decideDelegatedAccess } from "../permissions/delegated-access.ts";
import { type DelegatedScope, readDelegatedScope, replyScope } from "../permissions/delegated-scope.ts";
import { logRequest, refuseWithJson } from "../pipeline.ts";
import { readForm } from "../read-form.ts";
import type { ResourceCatalog, TokenResource } from "../resources.ts";
import { describeSignIn } from "../sign-ins/sign-in.ts";
import type { SignInLog } from "../sign-ins/sign-in-log.ts";
import { resolveTenant } from "../tenants.ts";
import { requireEnabled, type TokenIssuer } from "./issue.ts";
import { invalidRequest, TokenError } from "./token-error.ts";
import { readTokenRequest, resourceOfScope, type TokenRequest } from "./token-request.ts";

export interface TokenServices extends GrantServices {
  readonly issuer: TokenIssuer;
  readonly resources: ResourceCatalog;
  readonly issuers: ExternalIssuers;
  readonly signIns: SignInLog;
}

interface TokenContext extends EntraContext {
  token?: TokenRequest;
  /** Undefined for a client that acts for itself. */
  grant?: BoundGrant | undefined;
  client?: Client;
  proof?: Proof;
  redeemed?: RedeemedGrant | undefined;
  asked?: DelegatedScope;
  resource?: TokenResource;
  scopes?: readonly string[];
  uniqueTokenIdentifier?: string;
}

/** `POST /<tenant>/oauth2/v2.0/token`. */
export function tokenPipeline(services: TokenServices): Pipeline<TokenContext> {
  const { platform, directory, issuer, resources } = services;
  return {
    stages: {
      async parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
        context.token = readTokenRequest(await readForm(context.request));
        context.grant = userGrantOf(context.token);
      },
      async authenticate(context) {
        const { grant, segment } = context;
        const request = need(context.token);
        if (context.tenant === "any" && (grant === undefined || grant.needsTenant)) throw noTenant(segment);
        const client = findClient(request.clientId, directory, platform.tenantId);
        context.client = client;
        context.proof = await prove(request, client, context, services);
        context.principalId = client.principal.id;
        context.redeemed = grant?.redeem(client, services);
        if (context.redeemed !== undefined) context.principalId = context.redeemed.user.id;
      },
      authorize(context) {
        requireEnabled(need(context.client).principal);
      },
      validate(context) {
        const request = need(context.token);
        const client = need(context.client).principal;
        if (request.grant === "client_credentials") {
          context.resource = resources.resolve(resourceOfScope(request.scope));
          requireAssignment(directory, client, context.resource.servicePrincipal);
          return;
        }
        const redeemed = need(context.redeemed);
        const asked = readDelegatedScope(redeemed.scope);
        const resource = resources.resolve(asked.resource);
        context.asked = asked;
        context.resource = resource;
        context.scopes = decideDelegatedAccess(asked, { directory, client, user: redeemed.user, resource });
      },
      execute(context) {
        const client = need(context.client).principal;
        const resource = need(context.resource);
        const { kind: proof } = need(context.proof);
        const { redeemed, address } = context;
        const token =
          redeemed === undefined
            ? issuer.issueForClient(client, resource, proof)
            : issuer.issueForUser(
                { user: redeemed.user, client, proof, address },
                resource,
                need(context.scopes),
              );
        redeemed?.spend?.();
        context.uniqueTokenIdentifier = token.uniqueTokenIdentifier;
        const body = {
          token_type: "Bearer",
          ...(redeemed === undefined ? {} : { scope: replyScope(need(context.asked), need(context.scopes)) }),
          expires_in: token.expiresIn,
          ext_expires_in: token.expiresIn,
          access_token: token.accessToken,
          ...(redeemed === undefined ? {} : userMembers(context, redeemed, services)),
        };
        context.answer = { status: 200, body };
      },
    },
    refuse: (context, error) => refuseWithJson(platform, context, error),
    log(context) {
      logRequest(platform, context);
      logSignIn(context, services);
    },
  };
}

async function prove(
  request: TokenRequest,
  client: Client,
  { grant, segment }: TokenContext,
  services: TokenServices,
): Promise<Proof> {
  if (grant?.isPublic(client, services)) {
    refuseCredential(request);
    return { kind: "none" };
  }
  const { directory, issuers, platform } = services;
  const { origin, tenantId, clock } = platform;
  // go-azure-sdk joins a login endpoint that ends in a slash to `//<tenant>/…`, and writes the same into its assertion.
  const audiences = [segment, tenantId].flatMap((tenant) =>
    ["/", "//"].map((slashes) => `${origin}${slashes}${tenant}/oauth2/v2.0/token`),
  );
  const ownIssuer = issuerV2(origin, tenantId);
  return authenticateClient(request, client, { directory, issuers, clock, ownIssuer, audiences });
}

/** What a reply holds besides the access token when the client acts for a person. */
function userMembers(
  context: TokenContext,
  redeemed: RedeemedGrant,
  { issuer, refreshTokens, platform }: TokenServices,
): Readonly<Record<string, unknown>> {
  const request = need(context.token);
  const client = need(context.client).principal;
  const { kind: proof } = need(context.proof);
  const { user, agreedScope, nonce } = redeemed;
  const openId = new Set([...need(context.asked).openId, ...readDelegatedScope(agreedScope).openId]);
  const signIn = { user, client, proof, address: context.address };
  const isRefreshable = request.grant === "refresh_token" || openId.has("offline_access");
  const refreshable = {
    clientId: client.appId ?? "",
    userId: user.id,
    isPublic: proof === "none",
    scope: agreedScope,
  };
  const account = JSON.stringify({ uid: user.id, utid: platform.tenantId });
  return {
    ...(isRefreshable ? { refresh_token: refreshTokens.add(refreshable) } : {}),
    ...(openId.has("openid") ? { id_token: issuer.issueIdToken(signIn, openId, nonce) } : {}),
    ...(request.wantsClientInfo ? { client_info: Buffer.from(account).toString("base64url") } : {}),
  };
}

/** The code of a client that still waits for its user: nobody has tried to sign in. */
const pending = 70016;

function logSignIn(context: TokenContext, { signIns, directory }: TokenServices): void {
  const { token, grant, client, proof, redeemed, resource, refusal } = context;
  if (token === undefined || (refusal instanceof TokenError && refusal.code === pending)) return;
  const { federatedCredentialId, keyId, thumbprint } = proof ?? {};
  const tried = token.grant === "password" ? directory.findUser(token.username) : undefined;
  signIns.record(
    describeSignIn({
      category: grant?.category ?? "ServicePrincipalSignInLogs",
      correlationId: context.correlationId,
      address: context.address,
      clientId: token.clientId,
      client: client?.principal,
      proof: proof?.kind,
      federatedCredentialId,
      keyId,
      thumbprint,
      user: redeemed?.user ?? tried,
      protocol: grant?.protocol,
      resource,
      uniqueTokenIdentifier: context.uniqueTokenIdentifier,
      refusal,
    }),
  );
}

function noTenant(segment: string): TokenError {
  return invalidRequest(
    50059,
    `No tenant-identifying information found in either the request or implied by any provided credentials: '${segment}' has no client credentials. Use the tenant id.`,
  );
}

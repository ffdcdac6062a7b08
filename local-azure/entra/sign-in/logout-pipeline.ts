import type { Pipeline } from "../../core/pipeline.ts";
import { findClient } from "../clients/client.ts";
import type { EntraContext } from "../context.ts";
import { logRequest, nothing } from "../pipeline.ts";
import { resolveTenant } from "../tenants.ts";
import { splitToken } from "../tokens/token-parts.ts";
import type { SignInServices } from "./authorize-pipeline.ts";
import { renderPage } from "./page.ts";
import { refuseWithPage } from "./page-refusal.ts";
import { resolveRedirect } from "./redirect-uris.ts";

interface LogoutContext extends EntraContext {
  /** Where to go from here, once it is known to be registered. */
  target?: URL;
}

/**
 * `GET /<tenant>/oauth2/v2.0/logout`. Nobody stays signed in here, so there is nothing to end; the person is sent on to
 * `post_logout_redirect_uri` when it is one of the client that `client_id` or `id_token_hint` names.
 */
export function logoutPipeline(services: SignInServices): Pipeline<LogoutContext> {
  const { platform, directory } = services;
  return {
    stages: {
      parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
      },
      authenticate: nothing,
      authorize: nothing,
      validate(context) {
        const { searchParams } = new URL(context.request.url);
        const uri = searchParams.get("post_logout_redirect_uri");
        const clientId = searchParams.get("client_id") ?? audienceOf(searchParams.get("id_token_hint"));
        if (uri === null || clientId === undefined) return;
        const target = new URL(resolveRedirect(findClient(clientId, directory, platform.tenantId), uri).uri);
        const state = searchParams.get("state");
        if (state !== null) target.searchParams.set("state", state);
        context.target = target;
      },
      execute(context) {
        context.answer =
          context.target === undefined
            ? renderPage({
                status: 200,
                title: "You signed out of your account",
                main: "<p>It's a good idea to close all browser windows.</p>",
              })
            : { status: 303, headers: { Location: context.target.href }, html: "" };
      },
    },
    refuse: (context, error) => refuseWithPage(platform, context, error),
    log: (context) => logRequest(platform, context),
  };
}

/** The hint only says which client's redirect URIs count, so it need not be verified. */
function audienceOf(idToken: string | null): string | undefined {
  try {
    const { aud } = splitToken(idToken ?? "").claims;
    return typeof aud === "string" ? aud : undefined;
  } catch {
    return undefined;
  }
}

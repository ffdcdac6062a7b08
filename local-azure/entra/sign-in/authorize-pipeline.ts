import type { Pipeline } from "../../core/pipeline.ts";
import { type Client, findClient } from "../clients/client.ts";
import { type EntraContext, need } from "../context.ts";
import type { DirectoryObject } from "../directory.ts";
import { decideDelegatedAccess } from "../permissions/delegated-access.ts";
import { readDelegatedScope } from "../permissions/delegated-scope.ts";
import { logRequest, refusalOf } from "../pipeline.ts";
import { readForm } from "../read-form.ts";
import type { TokenResource } from "../resources.ts";
import { resolveTenant } from "../tenants.ts";
import { requireEnabled } from "../tokens/issue.ts";
import { type TokenError, tokenErrorBody } from "../tokens/token-error.ts";
import type { TokenServices } from "../tokens/token-pipeline.ts";
import { answerClient } from "./authorize-answer.ts";
import {
  type AuthorizeAddress,
  type AuthorizeRequest,
  readAuthorizeAddress,
  readAuthorizeRequest,
} from "./authorize-request.ts";
import { credentialsForm } from "./credentials-form.ts";
import type { FormGuard } from "./form-guard.ts";
import { logFailedSignIn, signInWithForm } from "./form-sign-in.ts";
import { renderPage } from "./page.ts";
import { refuseWithPage } from "./page-refusal.ts";
import { type Redirect, resolveRedirect } from "./redirect-uris.ts";

export interface SignInServices extends TokenServices {
  readonly forms: FormGuard;
}

interface AuthorizeContext extends EntraContext {
  query?: URLSearchParams;
  /** What a person has filled in; undefined when the page is only asked for. */
  form?: URLSearchParams;
  to?: AuthorizeAddress;
  client?: Client;
  /** Set once the redirect URI is known to be a registered one: only then may an answer go there. */
  redirect?: Redirect;
  asked?: AuthorizeRequest;
  resource?: TokenResource;
  user?: DirectoryObject;
}

/** `GET /<tenant>/oauth2/v2.0/authorize`: shows the form in which a person signs in. */
export function authorizePagePipeline(services: SignInServices): Pipeline<AuthorizeContext> {
  const { platform } = services;
  return {
    stages: {
      parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
        context.query = new URL(context.request.url).searchParams;
        context.to = readAuthorizeAddress(context.query);
      },
      authenticate: (context) => findAsker(context, services),
      authorize: (context) => requireEnabled(need(context.client).principal),
      validate: (context) => readAsked(context, services),
      execute: (context) => showForm(context, services, 200),
    },
    refuse: (context, error) => refuse(context, error, services),
    log: (context) => logRequest(platform, context),
  };
}

/** `POST /<tenant>/oauth2/v2.0/authorize`: the form, filled in. Answers the client with a code. */
export function authorizePipeline(services: SignInServices): Pipeline<AuthorizeContext> {
  const { platform, directory, codes, forms } = services;
  return {
    stages: {
      async parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
        context.form = await readForm(context.request);
        context.query = new URLSearchParams(forms.open(context.request, context.form.get("flow")));
        context.to = readAuthorizeAddress(context.query);
      },
      authenticate(context) {
        findAsker(context, services);
        context.user = signInWithForm(need(context.form), services);
        context.principalId = context.user.id;
      },
      authorize: (context) => requireEnabled(need(context.client).principal),
      validate(context) {
        readAsked(context, services);
        const client = need(context.client).principal;
        const [user, resource] = [need(context.user), need(context.resource)];
        const asked = readDelegatedScope(need(context.asked).scope);
        decideDelegatedAccess(asked, { directory, client, user, resource });
      },
      execute(context) {
        const { scope, nonce, codeChallenge } = need(context.asked);
        const { uri: redirectUri, isPublic } = need(context.redirect);
        const clientId = need(context.client).principal.appId ?? "";
        const userId = need(context.user).id;
        const code = codes.add({ clientId, userId, redirectUri, isPublic, scope, nonce, codeChallenge });
        context.answer = answerClient(need(context.to), { code });
      },
    },
    refuse: (context, error) => refuse(context, error, services),
    log(context) {
      logRequest(platform, context);
      logFailedSignIn(context, services);
    },
  };
}

function findAsker(context: AuthorizeContext, { directory, platform }: SignInServices): void {
  const { clientId, redirectUri } = need(context.to);
  context.client = findClient(clientId, directory, platform.tenantId);
  context.redirect = resolveRedirect(context.client, redirectUri);
}

function readAsked(context: AuthorizeContext, { resources }: SignInServices): void {
  context.asked = readAuthorizeRequest(need(context.query));
  context.resource = resources.resolve(readDelegatedScope(context.asked.scope).resource);
}

function showForm(
  context: AuthorizeContext,
  { forms }: SignInServices,
  status: number,
  refusal?: TokenError,
): void {
  const query = need(context.query);
  const { flow, headers } = forms.seal(context.request, query.toString());
  context.answer = renderPage({
    status,
    headers,
    ...(refusal === undefined ? {} : { code: `AADSTS${refusal.code}` }),
    title: "Sign in",
    main: credentialsForm({
      action: context.path,
      flow,
      application: need(context.client).principal.displayName,
      userName: context.form?.get("username") ?? query.get("login_hint") ?? "",
      problem: refusal?.message,
    }),
    // Browsers hold a redirect that follows a form to the same policy as the form itself.
    formTargets: [new URL(need(context.redirect).uri).origin],
  });
}

/**
 * A person who mistyped sees the form again. What else is refused is told to the client once its redirect URI is known to
 * be registered, and to the person before that.
 */
function refuse(context: AuthorizeContext, error: unknown, services: SignInServices): void {
  const { to, redirect, form, user, traceId, correlationId } = context;
  if (to === undefined || redirect === undefined) {
    refuseWithPage(services.platform, context, error);
    return;
  }
  const refusal = refusalOf(context, error);
  if (form !== undefined && user === undefined) {
    showForm(context, services, 400, refusal);
    return;
  }
  const at = services.platform.clock.now();
  const { error_description } = tokenErrorBody(refusal, { traceId, correlationId, at });
  const answer = {
    error: refusal.suberror ?? refusal.error,
    error_description: String(error_description),
  };
  context.answer = answerClient(to, answer, `AADSTS${refusal.code}`);
}

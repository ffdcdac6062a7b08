import type { Pipeline } from "../../core/pipeline.ts";
import { type Client, findClient } from "../clients/client.ts";
import { type EntraContext, need } from "../context.ts";
import type { DirectoryObject } from "../directory.ts";
import { deviceCodeLifeSeconds, type StoredDeviceCode } from "../grants/device-codes.ts";
import { decideDelegatedAccess } from "../permissions/delegated-access.ts";
import { readDelegatedScope } from "../permissions/delegated-scope.ts";
import { logRequest, nothing, refusalOf, refuseWithJson } from "../pipeline.ts";
import { readForm } from "../read-form.ts";
import { resolveTenant } from "../tenants.ts";
import { requireEnabled } from "../tokens/issue.ts";
import { invalidRequest, type TokenError } from "../tokens/token-error.ts";
import { readClientId, readScope, requireSingle } from "../tokens/token-request.ts";
import type { SignInServices } from "./authorize-pipeline.ts";
import { credentialsForm } from "./credentials-form.ts";
import { logFailedSignIn, signInWithForm } from "./form-sign-in.ts";
import { alert, escapeHtml, hiddenField, renderPage } from "./page.ts";
import { refuseWithPage } from "./page-refusal.ts";

export interface DeviceSignInServices extends SignInServices {
  /** Seconds that a client waits between two polls. */
  readonly pollSeconds: number;
}

interface DeviceCodeContext extends EntraContext {
  client?: Client;
  scope?: string;
}

/** `POST /<tenant>/oauth2/v2.0/devicecode`: a client without a browser asks for a code to show. */
export function deviceCodePipeline(services: DeviceSignInServices): Pipeline<DeviceCodeContext> {
  const { platform, directory, deviceCodes, resources, pollSeconds } = services;
  return {
    stages: {
      async parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
        const form = await readForm(context.request);
        requireSingle(form);
        const clientId = readClientId(form);
        context.scope = readScope(form);
        context.client = findClient(clientId, directory, platform.tenantId);
      },
      authenticate: nothing,
      authorize: (context) => requireEnabled(need(context.client).principal),
      validate(context) {
        resources.resolve(readDelegatedScope(need(context.scope)).resource);
      },
      execute(context) {
        const clientId = need(context.client).principal.appId ?? "";
        const { deviceCode, userCode } = deviceCodes.add({ clientId, scope: need(context.scope) });
        const page = `${platform.origin}/common/oauth2/deviceauth`;
        const body = {
          user_code: userCode,
          device_code: deviceCode,
          verification_uri: page,
          expires_in: deviceCodeLifeSeconds,
          interval: pollSeconds,
          message: `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`,
        };
        context.answer = { status: 200, body };
      },
    },
    refuse: (context, error) => refuseWithJson(platform, context, error),
    log: (context) => logRequest(platform, context),
  };
}

interface DeviceContext extends EntraContext {
  form?: URLSearchParams;
  /** The user code of the form before; empty on the first. */
  userCode?: string;
  stored?: StoredDeviceCode;
  client?: Client;
  user?: DirectoryObject;
}

/** `GET /<tenant>/oauth2/deviceauth`: the page on which a person enters the code that a device shows. */
export function devicePagePipeline(services: DeviceSignInServices): Pipeline<DeviceContext> {
  const { platform } = services;
  return {
    stages: {
      parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
      },
      authenticate: nothing,
      authorize: nothing,
      validate: nothing,
      execute: (context) => askForCode(context, services, 200),
    },
    refuse: (context, error) => refuseWithPage(platform, context, error),
    log: (context) => logRequest(platform, context),
  };
}

/**
 * `POST /<tenant>/oauth2/deviceauth`: first the code, which shows the person which application asks, then their
 * credentials, which approve it.
 */
export function devicePipeline(services: DeviceSignInServices): Pipeline<DeviceContext> {
  const { platform, directory, deviceCodes, forms, resources } = services;
  return {
    stages: {
      async parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
        context.form = await readForm(context.request);
        context.userCode = forms.open(context.request, context.form.get("flow"));
        const code = context.userCode || (context.form.get("user_code") ?? "");
        context.stored = findWaiting(code, services);
        context.client = findClient(context.stored.clientId, directory, platform.tenantId);
      },
      authenticate(context) {
        if (need(context.userCode) === "") return;
        context.user = signInWithForm(need(context.form), services);
        context.principalId = context.user.id;
      },
      authorize: (context) => requireEnabled(need(context.client).principal),
      validate(context) {
        if (context.user === undefined) return;
        const { user } = context;
        const asked = readDelegatedScope(need(context.stored).scope);
        const resource = resources.resolve(asked.resource);
        const client = need(context.client).principal;
        decideDelegatedAccess(asked, { directory, client, user, resource });
      },
      execute(context) {
        const { form, user, userCode } = context;
        if (user === undefined) {
          askForCredentials(context, services, 200, need(form).get("user_code") ?? "");
          return;
        }
        if (!deviceCodes.approve(need(userCode), user.id)) throw alreadyUsed();
        context.answer = renderPage({
          status: 200,
          title: "Signed in",
          main: `<p>You have signed in to <strong>${escapeHtml(need(context.client).principal.displayName)}</strong> on your device. You may close this page.</p>`,
        });
      },
    },
    refuse(context, error) {
      const { userCode, client, user } = context;
      if (userCode === undefined || user !== undefined) {
        refuseWithPage(platform, context, error);
        return;
      }
      const refusal = refusalOf(context, error);
      if (userCode === "" || client === undefined) askForCode(context, services, 400, refusal);
      else askForCredentials(context, services, 400, userCode, refusal);
    },
    log(context) {
      logRequest(platform, context);
      if (context.userCode) logFailedSignIn(context, services);
    },
  };
}

function findWaiting(userCode: string, { deviceCodes }: DeviceSignInServices): StoredDeviceCode {
  if (userCode === "") throw invalidRequest(90119, "The user code is null or empty.");
  const stored = deviceCodes.findByUserCode(userCode);
  if (stored === undefined || stored.isExpired) {
    throw invalidRequest(
      70018,
      "Invalid verification code. Check the code that your device shows; it may have expired.",
    );
  }
  if (stored.userId !== undefined) throw alreadyUsed();
  return stored;
}

function askForCode(
  context: DeviceContext,
  { forms }: DeviceSignInServices,
  status: number,
  refusal?: TokenError,
): void {
  const { flow, headers } = forms.seal(context.request, "");
  context.answer = renderPage({
    status,
    headers,
    ...(refusal === undefined ? {} : { code: `AADSTS${refusal.code}` }),
    title: "Enter code",
    main: `${alert(refusal?.message)}
<form method="post" action="${escapeHtml(context.path)}">
${hiddenField("flow", flow)}
<label for="user_code">The code that your device or application shows</label>
<input id="user_code" name="user_code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" required>
<button type="submit">Next</button>
</form>`,
  });
}

function askForCredentials(
  context: DeviceContext,
  { forms }: DeviceSignInServices,
  status: number,
  userCode: string,
  refusal?: TokenError,
): void {
  const { flow, headers } = forms.seal(context.request, userCode);
  context.answer = renderPage({
    status,
    headers,
    ...(refusal === undefined ? {} : { code: `AADSTS${refusal.code}` }),
    title: "Sign in",
    main: credentialsForm({
      action: context.path,
      flow,
      application: need(context.client).principal.displayName,
      userName: context.form?.get("username") ?? "",
      problem: refusal?.message,
    }),
  });
}

function alreadyUsed(): TokenError {
  return invalidRequest(90120, "The request was already authorized or declined.");
}

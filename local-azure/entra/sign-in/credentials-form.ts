import { alert, escapeHtml, hiddenField } from "./page.ts";

export interface CredentialsForm {
  /** Path to which the form is sent. */
  readonly action: string;
  /** The sealed state of the form. */
  readonly flow: string;
  /** Display name of the client. */
  readonly application: string;
  readonly userName: string;
  /** Why the last try was refused. */
  readonly problem?: string | undefined;
}

/** User principal name and password, with labels and autofill hints; works without scripts. */
export function credentialsForm(form: CredentialsForm): string {
  const { action, flow, application, userName, problem } = form;
  return `<p>to continue to <strong>${escapeHtml(application)}</strong></p>
${alert(problem)}
<form method="post" action="${escapeHtml(action)}">
${hiddenField("flow", flow)}
<label for="username">User name</label>
<input id="username" name="username" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${escapeHtml(userName)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>`;
}

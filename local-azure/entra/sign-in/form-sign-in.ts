import type { Client } from "../clients/client.ts";
import type { EntraContext } from "../context.ts";
import type { DirectoryObject } from "../directory.ts";
import type { TokenResource } from "../resources.ts";
import { describeSignIn } from "../sign-ins/sign-in.ts";
import type { TokenServices } from "../tokens/token-pipeline.ts";
import { required, requireSingle } from "../tokens/token-request.ts";
import { signInPerson } from "./person.ts";

/** @throws TokenError 9000411, 900144, and what `signInPerson` throws. */
export function signInWithForm(
  form: URLSearchParams,
  { directory, platform }: Pick<TokenServices, "directory" | "platform">,
): DirectoryObject {
  requireSingle(form);
  return signInPerson(directory, platform.tenantId, required(form, "username"), required(form, "password"));
}

interface FormContext extends EntraContext {
  readonly form?: URLSearchParams;
  readonly client?: Client;
  readonly resource?: TokenResource;
  readonly user?: DirectoryObject;
}

/** A sign-in that succeeds is recorded when the client fetches its tokens. */
export function logFailedSignIn(context: FormContext, { signIns, directory }: TokenServices): void {
  const { refusal, client, form, user, resource } = context;
  if (refusal === undefined || client === undefined) return;
  const tried = directory.findUser(form?.get("username")?.trim() ?? "");
  signIns.record(
    describeSignIn({
      category: "SignInLogs",
      correlationId: context.correlationId,
      address: context.address,
      clientId: client.principal.appId ?? "",
      client: client.principal,
      user: user ?? tried,
      resource,
      refusal,
    }),
  );
}

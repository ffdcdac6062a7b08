import type { Platform } from "../../core/platform.ts";
import type { Directory } from "../directory.ts";
import type { ResourceCatalog } from "../resources.ts";
import type { TokenIssuer } from "../tokens/issue.ts";
import { describeSignIn } from "./sign-in.ts";
import type { SignInLog } from "./sign-in-log.ts";

export interface RecordingOptions {
  readonly platform: Pick<Platform, "ids">;
  readonly directory: Directory;
  readonly resources: ResourceCatalog;
  readonly signIns: SignInLog;
}

/** The same issuer, recording each sign-in of a managed identity, given or refused. */
export function recordingManagedIdentities(
  issuer: TokenIssuer,
  { platform, directory, resources, signIns }: RecordingOptions,
): TokenIssuer {
  return {
    ...issuer,
    issueForManagedIdentity(principalId, name) {
      const facts = {
        category: "ManagedIdentitySignInLogs",
        correlationId: platform.ids.uuid(),
        address: "127.0.0.1",
        clientId: "",
        client: directory.find(principalId),
      } as const;
      try {
        const token = issuer.issueForManagedIdentity(principalId, name);
        const { uniqueTokenIdentifier } = token;
        const resource = resources.resolve(name);
        signIns.record(describeSignIn({ ...facts, resource, uniqueTokenIdentifier }));
        return token;
      } catch (refusal) {
        signIns.record(describeSignIn({ ...facts, refusal }));
        throw refusal;
      }
    },
  };
}

import { pipelinesFormBreach } from "../../identity/federation/azure-pipelines.ts";
import { maximumFederatedCredentials } from "../../identity/federation/expected-token.ts";
import { gitHubIdsBreach } from "../../identity/federation/github-actions.ts";
import { expectedToken, providers } from "../../identity/federation/providers.ts";
import type { Breach } from "../faults/breach.ts";
import { type Fault, type PathSegment, settingPath } from "../faults.ts";
import { asMap, type RawMap } from "../reading/raw.ts";
import { federatedCredential } from "../schema/federated-credential-schema.ts";
import { placeholderBreach } from "./placeholders.ts";

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity: 3 to 120 letters, digits, hyphens and underscores. */
const CREDENTIAL_NAME = /^[a-z\d][\w-]{2,119}$/i;

/** Finds what is wrong among the federated credentials of every application and identity. */
export function federationFaults(settings: RawMap): Fault[] {
  const example = settings.example === true;
  return ["applications", "identities"].flatMap((section) =>
    Object.entries(asMap(settings[section])).flatMap(([holder, value]) =>
      holderFaults(
        [section, holder, "federatedCredentials"],
        asMap(asMap(value).federatedCredentials),
        example,
      ),
    ),
  );
}

function holderFaults(path: readonly PathSegment[], credentials: RawMap, example: boolean): Fault[] {
  const entries = Object.entries(credentials);
  const faults = entries.flatMap(([name, value]) => credentialFaults([...path, name], asMap(value), example));
  if (entries.length > maximumFederatedCredentials) {
    faults.push({
      path: settingPath(path),
      problem: `${entries.length} federated credentials are declared, and Entra takes ${maximumFederatedCredentials}`,
      fix: "declare another application or identity for the rest",
    });
  }
  const seen = new Map<string, string>();
  for (const [name, value] of entries) {
    const token = acceptedToken(value);
    if (token === undefined) continue;
    const first = seen.get(token);
    if (first === undefined) seen.set(token, name);
    else {
      faults.push({
        path: settingPath([...path, name]),
        problem: `takes the same issuer and subject as "${first}"`,
        fix: "remove one of the two",
      });
    }
  }
  return faults;
}

/** Issuer and subject in one text; undefined where the credential has faults of its own. */
function acceptedToken(value: unknown): string | undefined {
  const parsed = federatedCredential.safeParse(value);
  if (!parsed.success || ownBreaches(parsed.data).length > 0) return undefined;
  const token = expectedToken(parsed.data);
  return token === undefined ? undefined : JSON.stringify([token.issuer, token.subject]);
}

function credentialFaults(path: readonly PathSegment[], credential: RawMap, example: boolean): Fault[] {
  const name = String(path.at(-1));
  const faults = ownBreaches(credential).map(([provider, breach]) => ({
    path: settingPath([...path, ...provider]),
    ...breach,
  }));
  if (!CREDENTIAL_NAME.test(name)) {
    faults.push({
      path: settingPath(path),
      problem: `"${name}" cannot be the name of a federated credential`,
      fix: "use 3 to 120 letters, digits, hyphens and underscores, a letter or digit first; it cannot be changed later",
    });
  }
  return example ? faults : [...faults, ...placeholderFaults(path, credential)];
}

/** What several members of a credential break together, with the provider where it stands in one. */
function ownBreaches(credential: RawMap): (readonly [provider: readonly string[], breach: Breach])[] {
  const chosen = providers.filter((provider) => credential[provider] !== undefined);
  const breaches: (readonly [readonly string[], Breach])[] = [];
  if (chosen.length !== 1) {
    breaches.push([
      [],
      {
        problem: chosen.length === 0 ? "names no provider" : `names several providers: ${chosen.join(", ")}`,
        fix: `write one of ${providers.join(", ")}`,
      },
    ]);
  }
  const ids = gitHubIdsBreach(asMap(credential.githubActions));
  if (ids !== undefined) breaches.push([["githubActions"], ids]);
  const form =
    credential.azurePipelines === undefined
      ? undefined
      : pipelinesFormBreach(asMap(credential.azurePipelines));
  if (form !== undefined) breaches.push([["azurePipelines"], form]);
  return breaches;
}

function placeholderFaults(path: readonly PathSegment[], credential: RawMap): Fault[] {
  return providers.flatMap((provider) =>
    Object.entries(asMap(credential[provider])).flatMap(([key, value]) => {
      const breach = typeof value === "string" ? placeholderBreach(value, key === "domain") : undefined;
      return breach === undefined ? [] : [{ path: settingPath([...path, provider, key]), ...breach }];
    }),
  );
}

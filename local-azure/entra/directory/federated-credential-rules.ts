import type { NewFederatedCredential } from "./federated-credentials.ts";

const name = /^[a-z0-9][a-z0-9_-]{2,119}$/i;
const longest = 600;

/**
 * What is wrong with a federated credential by itself, in a sentence; undefined when nothing is. The rules are those of
 * https://learn.microsoft.com/graph/api/resources/federatedidentitycredential#properties and hold for applications and
 * managed identities alike.
 */
export function faultOfFederatedCredential(candidate: NewFederatedCredential): string | undefined {
  const { issuer, subject, audiences, description } = candidate;
  if (!name.test(candidate.name)) {
    return "The property 'name' must have 3 to 120 letters, digits, hyphens or underscores, and begin with a letter or digit.";
  }
  if (issuer.length > longest || !isIssuer(issuer)) {
    return `The property 'issuer' must be an https URL without user, query and fragment, of at most ${longest} characters.`;
  }
  if (subject === "" || subject.length > longest) {
    return `The property 'subject' must have 1 to ${longest} characters.`;
  }
  const [audience = ""] = audiences;
  if (audiences.length !== 1 || audience === "" || audience.length > longest) {
    return `The property 'audiences' must hold exactly one audience of 1 to ${longest} characters.`;
  }
  return description !== null && description.length > longest
    ? `The property 'description' must have at most ${longest} characters.`
    : undefined;
}

function isIssuer(issuer: string): boolean {
  if (/\s/.test(issuer) || !URL.canParse(issuer)) return false;
  const { protocol, username, password, search, hash } = new URL(issuer);
  return protocol === "https:" && `${username}${password}${search}${hash}` === "";
}

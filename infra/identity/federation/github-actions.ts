import type { Breach } from "../../settings/faults/breach.ts";
import { type ExpectedToken, exchangeAudience } from "./expected-token.ts";

/** A job of GitHub Actions that names an environment; the environment's own rules say who may run it. */
export interface GitHubActions {
  readonly organization: string;
  readonly repository: string;
  readonly environment: string;
  /** With `repositoryId`: the repository's tokens have the immutable form. Digits. */
  readonly organizationId?: string | undefined;
  readonly repositoryId?: string | undefined;
  readonly audience?: string | undefined;
}

const issuer = "https://token.actions.githubusercontent.com";

/**
 * What the tokens of such a job say. A colon in a name is percent-encoded, as it parts the subject; repositories that
 * were made, renamed or moved since July 2026 have ids beside the names.
 * Source: https://docs.github.com/actions/reference/security/oidc.
 */
export function gitHubActionsToken(job: GitHubActions): ExpectedToken {
  const named = (name: string, id: string | undefined) =>
    id === undefined ? encoded(name) : `${encoded(name)}@${id}`;
  const repository = `${named(job.organization, job.organizationId)}/${named(job.repository, job.repositoryId)}`;
  return {
    issuer,
    subject: `repo:${repository}:environment:${encoded(job.environment)}`,
    audience: job.audience ?? exchangeAudience,
  };
}

function encoded(name: string): string {
  return name.replaceAll(":", "%3A");
}

/** An account name: letters, digits and single hyphens inside, 39 at most. */
export function organizationBreach(name: string): Breach | undefined {
  if (/^[a-z\d](?:-?[a-z\d])*$/i.test(name) && name.length <= 39) return undefined;
  return {
    problem: `"${name}" is no GitHub organization`,
    fix: "write its name as in github.com/<organization>, with its upper and lower case",
  };
}

/** A repository name: letters, digits, `-`, `_` and `.`, 100 at most. */
export function repositoryBreach(name: string): Breach | undefined {
  if (/^[\w.-]{1,100}$/.test(name)) return undefined;
  return {
    problem: `"${name}" is no GitHub repository`,
    fix: "write its name alone, without the organization, with its upper and lower case",
  };
}

/** The name of an environment of a repository. */
export function environmentBreach(name: string): Breach | undefined {
  if (/^[^\s*](?:[^*\r\n]{0,253}[^\s*])?$/.test(name)) return undefined;
  return {
    problem: `"${name}" is no GitHub environment`,
    fix: "write one environment of the repository as its settings name it; there are no wildcards",
  };
}

/** The number by which GitHub knows an organization or repository. */
export function gitHubIdBreach(id: string): Breach | undefined {
  if (/^\d{1,20}$/.test(id)) return undefined;
  return {
    problem: `"${id}" is no id of GitHub`,
    fix: "write the digits, quoted: gh api repos/<organization>/<repository> --jq '.owner.id, .id'",
  };
}

/** The two ids of the immutable form belong together. */
export function gitHubIdsBreach(job: {
  readonly organizationId?: unknown;
  readonly repositoryId?: unknown;
}): Breach | undefined {
  if ((job.organizationId === undefined) === (job.repositoryId === undefined)) return undefined;
  return {
    problem: `says ${job.organizationId === undefined ? "repositoryId" : "organizationId"} alone`,
    fix: "write both ids when the repository's tokens have the immutable subject, or none",
  };
}

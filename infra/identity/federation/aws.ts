import type { Breach } from "../../settings/faults/breach.ts";
import { type ExpectedToken, exchangeAudience } from "./expected-token.ts";

/** An IAM role of an AWS account with outbound identity federation. */
export interface Aws {
  /** One per account: `https://<guid>.tokens.sts.global.api.aws`. */
  readonly issuer: string;
  /** ARN of the role. */
  readonly role: string;
  readonly audience?: string | undefined;
}

/**
 * What the tokens of sts:GetWebIdentityToken say. Entra takes RS256 alone, so that is to be asked for.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound.html.
 */
export function awsToken(role: Aws): ExpectedToken {
  return { issuer: role.issuer, subject: role.role, audience: role.audience ?? exchangeAudience };
}

/** The issuer that IAM gave the account. */
export function awsIssuerBreach(issuer: string): Breach | undefined {
  if (/^https:\/\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tokens\.sts\.global\.api\.aws$/.test(issuer)) {
    return undefined;
  }
  return {
    problem: `"${issuer}" is no issuer of an AWS account`,
    fix: "write what aws iam get-outbound-web-identity-federation-info answers: https://<guid>.tokens.sts.global.api.aws",
  };
}

/** An IAM role: its sessions have other ARNs, but its name in their tokens. */
export function awsRoleBreach(role: string): Breach | undefined {
  if (/^arn:aws(?:-[a-z]+)*:sts::\d{12}:assumed-role\//.test(role)) {
    return {
      problem: `"${role}" is a session, not a role`,
      fix: "write the role's own ARN: arn:aws:iam::<account>:role/<name>",
    };
  }
  if (
    /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/(?:[\x21-\x29\x2b-\x7e]+\/)?[\w+=,.@-]{1,64}$/.test(role) &&
    role.length <= 600
  ) {
    return undefined;
  }
  return {
    problem: `"${role}" is no ARN of a role`,
    fix: "write it as IAM shows it: arn:aws:iam::<account of 12 digits>:role/<name>",
  };
}

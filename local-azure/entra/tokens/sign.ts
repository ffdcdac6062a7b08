import { sign } from "node:crypto";
import type { SigningKeys } from "../signing-keys.ts";

/** Writes claims as a token signed with the tenant's key (RS256, compact form). */
export function signToken(claims: Readonly<Record<string, unknown>>, keys: SigningKeys): string {
  const { kid, privateKey } = keys.current;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode({ typ: "JWT", alg: "RS256", x5t: kid, kid })}.${encode(claims)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

/** The claims of a token of the workload's own, to tell whom it is for; nothing is decided by them. */
export function tokenClaims(token: string): Readonly<Record<string, unknown>> {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  return JSON.parse(payload) as Record<string, unknown>;
}

import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** The token service's answer to a token of an outside issuer. */
export interface FederatedAnswer {
  readonly status: number;
  /** For example 700213; undefined where none was told. */
  readonly code: number | undefined;
  readonly description: string;
  /** Whether it gave an access token. */
  readonly gaveToken: boolean;
}

/** A token as an outside issuer would write it, but signed with a key of ours, made for this run. */
export interface ForgedAssertion {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

const cosmosScope = "https://cosmos.azure.com/.default";
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const timeoutMs = 60_000;

/** One key for the run. */
let forgersKey: ReturnType<typeof generateKeyPair> | undefined;

/**
 * Signs in as `clientId` with a token that its issuer did not sign. No issuer publishes the key, so no such token may ever be
 * taken, whatever it says.
 *
 * @param authority base URL of the token service, without a trailing slash.
 */
export async function signInForged(
  authority: string,
  tenantId: string,
  clientId: string,
  { issuer, subject, audience }: ForgedAssertion,
): Promise<FederatedAnswer> {
  forgersKey ??= generateKeyPair("RS256");
  const { privateKey, publicKey } = await forgersKey;
  const { n = "" } = await exportJWK(publicKey);
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: n.slice(0, 43) })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt()
    .setNotBefore("0s")
    .setExpirationTime("5m")
    .setJti(crypto.randomUUID())
    .sign(privateKey);
  const response = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      scope: cosmosScope,
      client_assertion_type: assertionType,
      client_assertion: assertion,
    }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body = (await response.json().catch(() => ({}))) as {
    readonly access_token?: string;
    readonly error_description?: string;
    readonly error_codes?: readonly number[];
  };
  const [description = ""] = (body.error_description ?? "").split(/\r?\n| Trace ID:/, 1);
  return {
    status: response.status,
    code: body.error_codes?.[0],
    description,
    gaveToken: body.access_token !== undefined,
  };
}

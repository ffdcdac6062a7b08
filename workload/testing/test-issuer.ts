import { KeyObject, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from "jose";
import { type Certificates, loadCertificates } from "../../local-azure/core/certificates.ts";
import { systemClock } from "../../local-azure/core/clock.ts";
import { listenHttps } from "../../local-azure/core/https-listener.ts";
import { randomIds } from "../../local-azure/core/ids.ts";
import { encodePart, signParts } from "../../local-azure/testing/forge.ts";

type Members = Readonly<Record<string, unknown>>;

/** A key that the issuer signs with. */
export interface TestKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As the key set publishes it. */
  readonly published: JWK & Members;
}

/** An issuer of version 2 tokens over https on loopback, with keys of its own. */
export interface TestIssuer {
  /** `https://localhost:<port>/<tenant>/v2.0`. */
  readonly issuer: string;
  readonly tenantId: string;
  /** Client id of the registration that its tokens are for. */
  readonly audience: string;
  readonly key: TestKey;
  /** What is published; a test changes it. */
  readonly keys: TestKey[];
  /** Answers in place of a document, by its path's end; a test sets and deletes it. */
  readonly instead: Map<"openid-configuration" | "keys", (response: ServerResponse) => void>;
  /** Ends of the paths that were asked for, in order. */
  readonly asked: string[];
  /** A token of who is given by `oid`, with other claims where they are given. */
  token(claims: Members & { readonly oid: string }): string;
  close(): Promise<void>;
}

/** A new RSA key of 2,048 bits. */
export async function makeKey(kid: string = randomUUID(), more: Members = {}): Promise<TestKey> {
  const pair = await generateKeyPair("RS256", { extractable: true });
  const published = { ...(await exportJWK(pair.publicKey)), kid, use: "sig", ...more };
  return { kid, privateKey: keyObject(pair.privateKey), publicKey: keyObject(pair.publicKey), published };
}

function keyObject(key: CryptoKey): KeyObject {
  return KeyObject.from(key);
}

/**
 * Starts an issuer. Its certificate is of the local cloud's authority, which this process trusts from then on.
 *
 * @param certificates of a cloud that runs beside it; its own authority otherwise.
 */
export async function startTestIssuer(certificates?: Certificates): Promise<TestIssuer> {
  const folder = mkdtempSync(join(tmpdir(), "test-issuer-"));
  const own = certificates ?? (await loadCertificates(folder, systemClock, randomIds));
  setDefaultCACertificates([...getCACertificates("default"), own.caCertificatePem]);
  const tenantId = randomUUID();
  const audience = randomUUID();
  const key = await makeKey();
  const keys = [key];
  const instead: TestIssuer["instead"] = new Map();
  const asked: string[] = [];
  let issuer = "";
  const documents: Readonly<Record<string, () => Members>> = {
    "openid-configuration": () => ({ issuer, jwks_uri: `${issuer}/keys` }),
    keys: () => ({ keys: keys.map(({ published }) => published) }),
  };
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    const name = request.url?.split("/").at(-1) ?? "";
    asked.push(name);
    const other = instead.get(name as "keys");
    if (other !== undefined) return other(response);
    const document = documents[name]?.();
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? {}));
  };
  const listener = await listenHttps({ certificates: own, port: 0, handler });
  issuer = `https://localhost:${listener.port}/${tenantId}/v2.0`;
  return {
    issuer,
    tenantId,
    audience,
    key,
    keys,
    instead,
    asked,
    token(claims) {
      const now = Math.floor(Date.now() / 1000);
      const good = {
        aud: audience,
        iss: issuer,
        iat: now - 300,
        nbf: now - 300,
        exp: now + 3600,
        azp: randomUUID(),
        azpacr: "1",
        sub: claims.oid,
        tid: tenantId,
        ver: "2.0",
      };
      return signParts(
        encodePart({ typ: "JWT", alg: "RS256", kid: key.kid }),
        encodePart({ ...good, ...claims }),
        key.privateKey,
      );
    },
    async close() {
      await listener.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import type { Platform } from "../core/platform.ts";
import { selfSignedCertificate } from "./certificate.ts";

/** The key that signs this tenant's tokens. */
export interface SigningKey {
  /** Base64url SHA-1 of the certificate, as Entra names its keys: `kid` and `x5t` alike. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The certificate, DER in base64. */
  readonly certificate: string;
}

export interface SigningKeys {
  readonly current: SigningKey;
  find(kid: string): SigningKey | undefined;
  /** The key set as `/discovery/keys` publishes it; `issuer` is the v2 issuer that each key is bound to. */
  published(issuer: string): { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

const schema = `
CREATE TABLE IF NOT EXISTS signing_keys (
  kid TEXT PRIMARY KEY,
  private_key TEXT NOT NULL,
  certificate TEXT NOT NULL
) STRICT;
`;
const certificateLifeYears = 5;

/** Opens the signing key of this tenant, making an RSA key of 2,048 bits at first start. It stays in the state file. */
export function openSigningKeys({
  store,
  clock,
  ids,
}: Pick<Platform, "store" | "clock" | "ids">): SigningKeys {
  store.addSchema(schema);
  const select = store.database.prepare("SELECT kid, private_key, certificate FROM signing_keys LIMIT 1");
  if (select.get() === undefined) {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const serialNumber = ids.bytes(16);
    serialNumber[0] = ((serialNumber[0] ?? 0) & 0x7f) | 1;
    const notBefore = new Date(clock.nowMs() - 86_400_000);
    const notAfter = new Date(notBefore);
    notAfter.setUTCFullYear(notAfter.getUTCFullYear() + certificateLifeYears);
    const certificate = selfSignedCertificate({
      commonName: "Local Azure token signing",
      privateKey,
      publicKey,
      serialNumber,
      notBefore,
      notAfter,
    });
    const kid = createHash("sha1").update(certificate).digest("base64url");
    store.database
      .prepare("INSERT INTO signing_keys (kid, private_key, certificate) VALUES (?, ?, ?)")
      .run(
        kid,
        privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        certificate.toString("base64"),
      );
  }
  const row = select.get();
  if (row === undefined) throw new Error("the signing key that was just written is not there");
  const privateKey = createPrivateKey(String(row.private_key));
  const current: SigningKey = {
    kid: String(row.kid),
    privateKey,
    publicKey: createPublicKey(privateKey),
    certificate: String(row.certificate),
  };
  const { n, e } = current.publicKey.export({ format: "jwk" });
  return {
    current,
    find: (kid) => (kid === current.kid ? current : undefined),
    published: (issuer) => ({
      keys: [
        {
          kty: "RSA",
          use: "sig",
          alg: "RS256",
          kid: current.kid,
          x5t: current.kid,
          n,
          e,
          x5c: [current.certificate],
          issuer,
        },
      ],
    }),
  };
}

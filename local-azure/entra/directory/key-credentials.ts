import type { Store } from "../../core/store.ts";

/** A certificate whose key its holder signs client assertions with. Times are ISO 8601, UTC. */
export interface KeyCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly type: "AsymmetricX509Cert";
  readonly usage: "Verify";
  /** Base64; the thumbprint of the certificate where the client gave nothing else. */
  readonly customKeyIdentifier: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  /** DER. */
  readonly certificate: Buffer;
}

/** `holderId` is the object id of an application or a service principal. */
export interface KeyCredentials {
  /** In the order in which they were given. */
  of(holderId: string): readonly KeyCredential[];
  /** Puts `credentials` in the place of all that the holder has. */
  replace(holderId: string, credentials: readonly KeyCredential[]): void;
  removeAll(holderId: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS directory_keys (
  holder_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  credential TEXT NOT NULL,
  certificate BLOB NOT NULL,
  PRIMARY KEY (holder_id, position)
) STRICT, WITHOUT ROWID;
`;

export function openKeyCredentials(store: Store): KeyCredentials {
  store.addSchema(schema);
  const { database } = store;
  const select = database.prepare(
    "SELECT credential, certificate FROM directory_keys WHERE holder_id = ? ORDER BY position",
  );
  const insert = database.prepare(
    "INSERT INTO directory_keys (holder_id, position, credential, certificate) VALUES (?, ?, ?, ?)",
  );
  const removeAll = database.prepare("DELETE FROM directory_keys WHERE holder_id = ?");
  return {
    of: (holderId) =>
      select.all(holderId.toLowerCase()).map((row) => ({
        ...(JSON.parse(String(row.credential)) as Omit<KeyCredential, "certificate">),
        certificate: Buffer.from(row.certificate as Uint8Array),
      })),
    replace(holderId, credentials) {
      store.transaction(() => {
        removeAll.run(holderId.toLowerCase());
        for (const [position, { certificate, ...credential }] of credentials.entries()) {
          insert.run(holderId.toLowerCase(), position, JSON.stringify(credential), certificate);
        }
      });
    },
    removeAll(holderId) {
      removeAll.run(holderId.toLowerCase());
    },
  };
}

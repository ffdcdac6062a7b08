import type { Platform } from "../../core/platform.ts";

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

export interface StoredKeyCredential extends KeyCredential {
  /** ISO 8601, UTC: the moment from which a replication delay counts. */
  readonly createdDateTime: string;
}

/** `holderId` is the object id of an application or a service principal. */
export interface KeyCredentials {
  /** In the order in which they were given. */
  of(holderId: string): readonly StoredKeyCredential[];
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

export function openKeyCredentials({ store, clock }: Pick<Platform, "store" | "clock">): KeyCredentials {
  store.addSchema(schema);
  const { database } = store;
  const select = database.prepare(
    "SELECT credential, certificate FROM directory_keys WHERE holder_id = ? ORDER BY position",
  );
  const insert = database.prepare(
    "INSERT INTO directory_keys (holder_id, position, credential, certificate) VALUES (?, ?, ?, ?)",
  );
  const removeAll = database.prepare("DELETE FROM directory_keys WHERE holder_id = ?");
  const of = (holderId: string): StoredKeyCredential[] =>
    select.all(holderId.toLowerCase()).map((row) => ({
      ...(JSON.parse(String(row.credential)) as Omit<StoredKeyCredential, "certificate">),
      certificate: Buffer.from(row.certificate as Uint8Array),
    }));
  return {
    of,
    replace(holderId, credentials) {
      store.transaction(() => {
        const created = new Map(of(holderId).map(({ keyId, createdDateTime }) => [keyId, createdDateTime]));
        const now = clock.now().toISOString();
        removeAll.run(holderId.toLowerCase());
        for (const [position, { certificate, ...credential }] of credentials.entries()) {
          const kept = { ...credential, createdDateTime: created.get(credential.keyId) ?? now };
          insert.run(holderId.toLowerCase(), position, JSON.stringify(kept), certificate);
        }
      });
    },
    removeAll(holderId) {
      removeAll.run(holderId.toLowerCase());
    },
  };
}

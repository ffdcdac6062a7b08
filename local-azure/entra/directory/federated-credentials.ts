import type { Platform } from "../../core/platform.ts";
import { DirectoryError } from "./directory-error.ts";

/** A token of another issuer that an application, or a user-assigned managed identity, takes for its own proof. */
export interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  /** Compared with the claims `iss`, `sub` and `aud` exactly, upper and lower case included. */
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly description: string | null;
  /** ISO 8601, UTC: the moment from which a replication delay counts. */
  readonly createdDateTime: string;
}

export type NewFederatedCredential = Omit<FederatedCredential, "id" | "createdDateTime">;

/** `holderId` is the object id of an application, or of the service principal of a user-assigned managed identity. */
export interface FederatedCredentials {
  /** Ordered by name. */
  of(holderId: string): readonly FederatedCredential[];
  find(holderId: string, idOrName: string): FederatedCredential | undefined;
  /** @throws DirectoryError `conflict` when the name, or issuer with subject, is taken; `limit` at the twenty-first. */
  add(holderId: string, credential: NewFederatedCredential): FederatedCredential;
  /** @throws DirectoryError `notFound`, `conflict`. */
  update(
    holderId: string,
    idOrName: string,
    changes: Partial<Omit<NewFederatedCredential, "name">>,
  ): FederatedCredential;
  /** Answers whether the holder had that credential. */
  remove(holderId: string, idOrName: string): boolean;
  removeAll(holderId: string): void;
}

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
export const mostFederatedCredentials = 20;

const schema = `
CREATE TABLE IF NOT EXISTS directory_federated_credentials (
  id TEXT PRIMARY KEY,
  holder_id TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  credential TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS directory_federated_credentials_by_name
  ON directory_federated_credentials (holder_id, name);
`;

export function openFederatedCredentials({
  store,
  ids,
  clock,
}: Pick<Platform, "store" | "ids" | "clock">): FederatedCredentials {
  store.addSchema(schema);
  const { database } = store;
  const select = database.prepare(
    "SELECT credential FROM directory_federated_credentials WHERE holder_id = ? ORDER BY name",
  );
  const insert = database.prepare(
    "INSERT INTO directory_federated_credentials (id, holder_id, name, credential) VALUES (?, ?, ?, ?)",
  );
  const replace = database.prepare("UPDATE directory_federated_credentials SET credential = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM directory_federated_credentials WHERE id = ?");
  const removeAll = database.prepare("DELETE FROM directory_federated_credentials WHERE holder_id = ?");

  const of = (holderId: string) =>
    select
      .all(holderId.toLowerCase())
      .map((row) => JSON.parse(String(row.credential)) as FederatedCredential);
  const find = (holderId: string, idOrName: string) => {
    const wanted = idOrName.toLowerCase();
    return of(holderId).find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  };
  const requireFree = (candidate: NewFederatedCredential, others: readonly FederatedCredential[]) => {
    if (others.some(({ name }) => name.toLowerCase() === candidate.name.toLowerCase())) {
      throw new DirectoryError(
        "conflict",
        `FederatedIdentityCredential with name ${candidate.name} already exists.`,
      );
    }
    if (others.some(({ issuer, subject }) => issuer === candidate.issuer && subject === candidate.subject)) {
      throw new DirectoryError(
        "conflict",
        "FederatedIdentityCredential with the same issuer and subject already exists on the object.",
      );
    }
  };

  return {
    of,
    find,
    add(holderId, credential) {
      return store.transaction(() => {
        const others = of(holderId);
        if (others.length >= mostFederatedCredentials) {
          throw new DirectoryError(
            "limit",
            `The object holds ${mostFederatedCredentials} federated identity credentials, which is the most that one may hold.`,
          );
        }
        requireFree(credential, others);
        const { name, issuer, subject, audiences, description } = credential;
        const createdDateTime = clock.now().toISOString();
        const made = { id: ids.uuid(), name, issuer, subject, audiences, description, createdDateTime };
        insert.run(made.id, holderId.toLowerCase(), name, JSON.stringify(made));
        return made;
      });
    },
    update(holderId, idOrName, changes) {
      return store.transaction(() => {
        const before = find(holderId, idOrName);
        if (before === undefined) {
          throw new DirectoryError("notFound", `Federated credential ${idOrName} does not exist.`);
        }
        const after = { ...before, ...changes, id: before.id, name: before.name };
        requireFree(
          after,
          of(holderId).filter(({ id }) => id !== before.id),
        );
        replace.run(JSON.stringify(after), before.id);
        return after;
      });
    },
    remove(holderId, idOrName) {
      const found = find(holderId, idOrName);
      if (found === undefined) return false;
      remove.run(found.id);
      return true;
    },
    removeAll(holderId) {
      removeAll.run(holderId.toLowerCase());
    },
  };
}

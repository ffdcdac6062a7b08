import { randomBytes, randomUUID } from "node:crypto";

/** The only source of randomness for identifiers and keys. */
export interface IdSource {
  uuid(): string;
  bytes(length: number): Buffer;
  /** `length` random bytes as base64url text. */
  token(length: number): string;
}

/** Identifiers from the operating system's secure random source. */
export const randomIds: IdSource = {
  uuid: () => randomUUID(),
  bytes: (length) => randomBytes(length),
  token: (length) => randomBytes(length).toString("base64url"),
};

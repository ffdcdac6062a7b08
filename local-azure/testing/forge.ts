import { type KeyLike, type KeyObject, sign } from "node:crypto";

/** Writes one part of a token as the issuer does. */
export function encodePart(value: unknown): string {
  return encodeText(JSON.stringify(value));
}

export function encodeText(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** Signs two encoded parts with RS256. */
export function signParts(header: string, payload: string, key: KeyLike): string {
  const signed = `${header}.${payload}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}

/** Reads header and claims without checking anything. */
export function readToken(token: string): {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
} {
  const [header = "", payload = ""] = token.split(".");
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  return { header: read(header), claims: read(payload) };
}

/** What an attacker may have, and, for the faults that only the issuer could make, the issuer's own key. */
export interface HostileMaterial {
  /** A good token of the surface under attack. */
  readonly good: string;
  /** A good token of another principal for the same surface. */
  readonly ofAnother: string;
  /** A good token of the same principal for another resource. */
  readonly forAnotherResource: string;
  readonly issuerKey: KeyObject;
  readonly issuerPublicKey: KeyObject;
  /** Seconds since the Unix epoch. */
  readonly now: number;
}

type Members = Readonly<Record<string, unknown>>;

/** The good token with other header members, signed by the issuer's own key unless another is given. */
export function withHeader(change: Members, key?: KeyObject) {
  return ({ good, issuerKey }: HostileMaterial) => {
    const { header, claims } = readToken(good);
    return signParts(encodePart({ ...header, ...change }), encodePart(claims), key ?? issuerKey);
  };
}

/** The good token with other claims, signed by the issuer's own key unless another is given. */
export function withClaims(change: Members | ((material: HostileMaterial) => Members), key?: KeyObject) {
  return (material: HostileMaterial) => {
    const { header, claims } = readToken(material.good);
    const changed = { ...claims, ...(typeof change === "function" ? change(material) : change) };
    return signParts(encodePart(header), encodePart(changed), key ?? material.issuerKey);
  };
}

export function withPayloadText(write: (claims: string) => string) {
  return ({ good, issuerKey }: HostileMaterial) => {
    const { header, claims } = readToken(good);
    return signParts(encodePart(header), encodeText(write(JSON.stringify(claims))), issuerKey);
  };
}

export function withSignature(change: (signature: Buffer, material: HostileMaterial) => Buffer) {
  return (material: HostileMaterial) => {
    const [header, payload, signature = ""] = material.good.split(".");
    const changed = change(Buffer.from(signature, "base64url"), material);
    return `${header}.${payload}.${changed.toString("base64url")}`;
  };
}

export function withParts(change: (parts: string[], material: HostileMaterial) => string) {
  return (material: HostileMaterial) => change(material.good.split("."), material);
}

export function withAlgorithm(alg: unknown, write: (signed: Buffer, material: HostileMaterial) => Buffer) {
  return (material: HostileMaterial) => {
    const { header, claims } = readToken(material.good);
    const signed = `${encodePart({ ...header, alg })}.${encodePart(claims)}`;
    return `${signed}.${write(Buffer.from(signed), material).toString("base64url")}`;
  };
}

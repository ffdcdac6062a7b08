import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { writeHostCertificate } from "../core/host-certificate.ts";
import { listenHttps } from "../core/https-listener.ts";
import type { Platform } from "../core/platform.ts";
import { encodePart, signParts } from "./forge.ts";

export interface IssuerKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An OpenID issuer outside the tenant, with keys of its own, over TLS on a port of its own. */
export interface TestIssuer {
  /** `https://localhost:<port>/tenant`. */
  readonly url: string;
  readonly key: IssuerKey;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** Publishes these keys from now on. */
  publish(...keys: readonly IssuerKey[]): void;
  /** Answers that path in another way; without a handler in its own way again. */
  answer(path: "discovery" | "keys", handler?: Handler): void;
  /** Writes a token as GitHub, Okta and AWS do: RS256, with the issuer and times filled in. */
  assertion(
    claims: Readonly<Record<string, unknown>>,
    by?: { readonly key?: IssuerKey; readonly header?: Readonly<Record<string, unknown>> },
  ): string;
  close(): Promise<void>;
}

export function newIssuerKey(kid: string, modulusLength = 2048): IssuerKey {
  return { kid, ...generateKeyPairSync("rsa", { modulusLength }) };
}

export function publicJwk({ kid, publicKey }: IssuerKey): Readonly<Record<string, unknown>> {
  return { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

/** It presents a certificate as `local-azure certificate localhost` writes one, and lives by the clock of `platform`. */
export async function startTestIssuer(platform: Platform): Promise<TestIssuer> {
  const { directory, clock, ids } = platform;
  const folder = join(directory, `issuer-${ids.token(6)}`);
  const files = await writeHostCertificate({ directory, host: "localhost", folder, clock, ids });
  const certificates = {
    ...platform.certificates,
    chainPem: readFileSync(files.certificateFile, "utf8"),
    keyPem: readFileSync(files.keyFile, "utf8"),
  };
  const key = newIssuerKey("key-1");
  const handlers = new Map<string, Handler>();
  const asked: string[] = [];
  let published: readonly IssuerKey[] = [key];
  const listener = await listenHttps({
    certificates,
    port: 0,
    handler(request, response) {
      const path = request.url ?? "";
      asked.push(path);
      const isKeys = path === "/tenant/keys";
      const own: Handler = (_, answer) =>
        sendJson(
          answer,
          isKeys ? { keys: published.map(publicJwk) } : { issuer: url, jwks_uri: `${url}/keys` },
        );
      (handlers.get(isKeys ? "keys" : "discovery") ?? own)(request, response);
    },
  });
  const url = `https://localhost:${listener.port}/tenant`;
  return {
    url,
    key,
    asked,
    publish(...keys) {
      published = keys;
    },
    answer(path, handler) {
      if (handler === undefined) handlers.delete(path);
      else handlers.set(path, handler);
    },
    assertion(claims, { key: signer = key, header = {} } = {}) {
      const now = clock.nowSeconds();
      const times = { iat: now, nbf: now, exp: now + 600 };
      return signParts(
        encodePart({ typ: "JWT", alg: "RS256", kid: signer.kid, ...header }),
        encodePart({ iss: url, ...times, ...claims }),
        signer.privateKey,
      );
    },
    close: () => listener.close(),
  };
}

export function sendJson(response: ServerResponse, body: unknown): void {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(body));
}

import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import type { IdSource } from "./ids.ts";

/** The authority's certificate and the one leaf that all listeners present. */
export interface Certificates {
  /** Path of the authority's certificate, for NODE_EXTRA_CA_CERTS and trust bundles. */
  readonly caFile: string;
  readonly caCertificatePem: string;
  /** The leaf followed by the authority. */
  readonly chainPem: string;
  readonly keyPem: string;
}

/** What every listener of the local cloud is called by. */
const listenerNames = [
  { type: "dns", value: "localhost" },
  { type: "dns", value: "*.localhost" },
  { type: "dns", value: "*.vault.localhost" },
  { type: "ip", value: "127.0.0.1" },
  { type: "ip", value: "::1" },
] as const;

const renewBefore = 30 * 86_400_000;

/**
 * Loads the certificate authority of `directory` or makes it at first use, and issues a fresh leaf when there is none
 * or the old one ends within 30 days. Keys are readable by their owner only. The authority is good for loopback names
 * alone, by critical name constraints, so trusting it opens nothing else.
 */
export async function loadCertificates(
  directory: string,
  clock: Clock,
  ids: IdSource,
): Promise<Certificates> {
  const caFile = join(directory, "ca.crt");
  const caKeyFile = join(directory, "ca.key");
  const leafFile = join(directory, "leaf.crt");
  const leafKeyFile = join(directory, "leaf.key");
  const hasAuthority = existsSync(caFile) && existsSync(caKeyFile);
  const hasLeaf = hasAuthority && existsSync(leafFile) && existsSync(leafKeyFile);
  if (!hasLeaf || endsSoon(leafFile, clock)) {
    // Loading what makes certificates takes longer than all the rest of a start, and most starts make none.
    const { createAuthority, issueLeaf } = await import("./certificate-authority.ts");
    if (!hasAuthority) await createAuthority(caFile, caKeyFile, clock, ids);
    await issueLeaf({ caFile, caKeyFile, leafFile, leafKeyFile, names: listenerNames, clock, ids });
  }
  const caCertificatePem = readFileSync(caFile, "utf8");
  return {
    caFile,
    caCertificatePem,
    chainPem: `${readFileSync(leafFile, "utf8")}\n${caCertificatePem}`,
    keyPem: readFileSync(leafKeyFile, "utf8"),
  };
}

function endsSoon(file: string, clock: Clock): boolean {
  return new X509Certificate(readFileSync(file)).validToDate.getTime() - clock.nowMs() < renewBefore;
}

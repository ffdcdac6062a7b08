import { appendFileSync, mkdirSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { issueLeaf, type LeafName } from "./certificate-authority.ts";
import { loadCertificates } from "./certificates.ts";
import type { Clock } from "./clock.ts";
import type { IdSource } from "./ids.ts";
import { UserError } from "./user-error.ts";

export interface HostCertificateRequest {
  /** The state folder, whose authority signs; made at first use. */
  readonly directory: string;
  /** `localhost`, a name below it, an address of 127.0.0.0/8, or `::1`. */
  readonly host: string;
  /** Where the two files go; made on demand. */
  readonly folder: string;
  /** The time by which clients check the certificate: the machine's. */
  readonly clock: Clock;
  readonly ids: IdSource;
}

export interface HostCertificate {
  readonly host: string;
  /** The leaf of 397 days, then the authority. */
  readonly certificateFile: string;
  /** Readable by its owner only. */
  readonly keyFile: string;
}

/**
 * Makes a certificate by the local authority for a server of one's own on loopback: `<host>.pem` and `<host>.key`, with
 * `_` for the colons of an address. An earlier pair of the host is written over.
 *
 * @throws UserError LA-CERTIFICATE-HOST for a host that the authority's name constraints keep it from,
 * LA-CERTIFICATE-OUT where the folder cannot be written to.
 */
export async function writeHostCertificate(request: HostCertificateRequest): Promise<HostCertificate> {
  const { directory, folder, clock, ids } = request;
  const name = readHost(request.host);
  const { caFile, caCertificatePem } = await loadCertificates(directory, clock, ids);
  const path = (extension: string) => join(folder, `${name.value.replaceAll(":", "_")}.${extension}`);
  const [certificateFile, keyFile] = [path("pem"), path("key")];
  try {
    mkdirSync(folder, { recursive: true });
    await issueLeaf({
      caFile,
      caKeyFile: join(directory, "ca.key"),
      leafFile: certificateFile,
      leafKeyFile: keyFile,
      names: [name],
      clock,
      ids,
    });
    appendFileSync(certificateFile, caCertificatePem);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    throw new UserError(
      "LA-CERTIFICATE-OUT",
      `${path} cannot be written (${code}).`,
      "Name a folder of yours with --out.",
    );
  }
  return { host: name.value, certificateFile, keyFile };
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function readHost(text: string): LeafName {
  const host = text.toLowerCase();
  if (isIP(host) === 4 && host.startsWith("127.")) return { type: "ip", value: host };
  if (isIP(host) === 6 && new URL(`http://[${host}]`).hostname === "[::1]")
    return { type: "ip", value: "::1" };
  const labels = host.split(".");
  if (labels.at(-1) === "localhost" && host.length <= 253 && labels.every((part) => label.test(part))) {
    return { type: "dns", value: host };
  }
  throw new UserError(
    "LA-CERTIFICATE-HOST",
    `The local authority is held to loopback: it cannot vouch for "${text}".`,
    "Use localhost, a name below it such as issuer.localhost, an address of 127.0.0.0/8, or ::1, without scheme and port.",
  );
}

import { resolve } from "node:path";
import { withStartLock } from "../control/start-lock.ts";
import { openStateFolder } from "../control/state-folder.ts";
import { systemClock } from "../core/clock.ts";
import { randomIds } from "../core/ids.ts";

export interface CertificateOptions {
  /** Folder, relative to the working directory. */
  readonly out: string;
  readonly json: boolean;
}

/** Writes a certificate by the local authority for a server of one's own on loopback, and its key. */
export async function certificate(host: string, { out, json }: CertificateOptions): Promise<void> {
  const folder = openStateFolder();
  // Every other command would wait for what makes certificates to load.
  const { writeHostCertificate } = await import("../core/host-certificate.ts");
  const written = await withStartLock(folder, () =>
    writeHostCertificate({
      directory: folder.root,
      host,
      folder: resolve(out),
      clock: systemClock,
      ids: randomIds,
    }),
  );
  if (json) console.log(JSON.stringify(written));
  else console.log(`Certificate: ${written.certificateFile}\nKey:         ${written.keyFile}`);
}

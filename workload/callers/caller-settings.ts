/** Somebody who may call this workload, as the deployment lists them. */
export interface ListedCaller {
  /** The name that the settings give them. */
  readonly name: string;
  /** Object id of the service principal, user or group. */
  readonly objectId: string;
  readonly kind: "principal" | "group";
}

/** Whose tokens open this workload, and who may bear them. */
export interface CallerSettings {
  /** `<authority>/<tenant>/v2.0`: the exact `iss` of version 2 tokens. */
  readonly issuer: string;
  readonly tenantId: string;
  /** Client id of the workload's own registration: the exact `aud` of version 2 tokens. */
  readonly audience: string;
  readonly listed: readonly ListedCaller[];
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const issuerForm = /^https:\/\/[^/?#@]+\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/v2\.0$/i;

/** Reads the settings `CALLER_*`; what is wrong with them is added to `faults`. */
export function readCallerSettings(environment: NodeJS.ProcessEnv, faults: string[]): CallerSettings {
  const { CALLER_ISSUER: issuer = "", CALLER_AUDIENCE: audience = "" } = environment;
  const [, tenantId = ""] = issuerForm.exec(issuer) ?? [];
  if (tenantId === "") faults.push("CALLER_ISSUER must be https://<authority>/<tenant id>/v2.0");
  if (!guid.test(audience)) {
    faults.push("CALLER_AUDIENCE must be the client id of the workload's registration");
  }
  return { issuer, tenantId, audience, listed: readListed(environment.CALLER_PRINCIPALS, faults) };
}

function readListed(text: string | undefined, faults: string[]): readonly ListedCaller[] {
  try {
    const list: unknown = JSON.parse(text ?? "");
    if (Array.isArray(list) && list.every(isListed)) return list;
  } catch {
    // Told below together with a list of the wrong shape: both are mended the same way.
  }
  faults.push(
    'CALLER_PRINCIPALS must hold JSON such as [{"name":"n","objectId":"<guid>","kind":"principal"}]',
  );
  return [];
}

function isListed(value: unknown): value is ListedCaller {
  const { name, objectId, kind } = (value ?? {}) as Partial<ListedCaller>;
  return (
    typeof name === "string" &&
    typeof objectId === "string" &&
    guid.test(objectId) &&
    (kind === "principal" || kind === "group")
  );
}

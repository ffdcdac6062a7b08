import { X509Certificate } from "node:crypto";
import type { Platform } from "../../core/platform.ts";
import type { KeyCredential } from "../../entra/directory/key-credentials.ts";
import type { DirectoryObject } from "../../entra/directory.ts";
import type { GraphCall } from "../call.ts";
import { badRequest } from "../graph-error.ts";
import { isGuid, isObject, type Properties, readProperties, type Shape } from "../properties.ts";
import { represent } from "../representation.ts";
import { representKey } from "./representation.ts";
import { readTime } from "./times.ts";

const writable: Shape = {
  customKeyIdentifier: "text",
  displayName: { longest: 90 },
  key: "text",
  keyId: "guid",
  type: { oneOf: ["AsymmetricX509Cert"] },
  usage: { oneOf: ["Verify"] },
};

/**
 * The certificates that a client writes in the place of all that the object has. An entry whose `key` is null is one that
 * the client read before, since reads show no keys: it is merged by `keyId` with the one that is kept.
 *
 * @throws GraphError 400 for an entry that is neither a certificate nor one of `kept`, and for times beyond the
 * certificate's own.
 */
export function readKeyCredentials(
  value: unknown,
  kept: readonly KeyCredential[],
  { ids }: Pick<Platform, "ids">,
): readonly KeyCredential[] {
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw badRequest("The property 'keyCredentials' must be a list of objects.");
  }
  const read = value.map((entry) => readEntry(entry, kept, () => ids.uuid()));
  if (new Set(read.map(({ keyId }) => keyId)).size < read.length) {
    throw badRequest("The property 'keyCredentials' holds a keyId twice.");
  }
  return read;
}

/** An object as Graph shows it, with its keys whole where it is read with `$select=keyCredentials`. */
export function withKeys(call: GraphCall, object: DirectoryObject): Properties {
  const shown = represent(object, call);
  if (!/(^|,)\s*keyCredentials\s*(,|$)/i.test(call.url.searchParams.get("$select") ?? "")) return shown;
  const keys = call.directory.keyCredentials
    .of(object.id)
    .filter(({ createdDateTime }) => call.replication.hasReached(createdDateTime))
    .map((credential) => representKey(credential, credential.certificate.toString("base64")));
  return { ...shown, keyCredentials: keys };
}

function readEntry(entry: Properties, kept: readonly KeyCredential[], newId: () => string): KeyCredential {
  const given = readProperties(entry, writable, "KeyCredential", ["startDateTime", "endDateTime"]);
  const keyId = isGuid(given.keyId) ? given.keyId : undefined;
  const before = kept.find((credential) => credential.keyId === keyId);
  if (typeof given.key !== "string") {
    if (before !== undefined) return before;
    throw badRequest(
      `The key credential ${keyId ?? "without a keyId"} has no 'key', and the object has none with that keyId.`,
    );
  }
  const certificate = readCertificate(given.key);
  const [first, last] = [certificate.validFromDate, certificate.validToDate];
  const start = readTime(entry, "startDateTime", "KeyCredential") ?? first;
  const end = readTime(entry, "endDateTime", "KeyCredential") ?? last;
  if (end > last || end <= start) throw badRequest("Key credential end date is invalid.");
  if (start < first) throw badRequest("Key credential start date is invalid.");
  const { customKeyIdentifier, displayName } = given;
  return {
    keyId: keyId ?? newId(),
    displayName: typeof displayName === "string" ? displayName : certificate.subject.replaceAll("\n", ", "),
    type: "AsymmetricX509Cert",
    usage: "Verify",
    customKeyIdentifier:
      typeof customKeyIdentifier === "string" ? customKeyIdentifier : thumbprint(certificate),
    startDateTime: start.toISOString(),
    endDateTime: end.toISOString(),
    certificate: certificate.raw,
  };
}

/** Clients send the certificate in base64: az its DER form, the Pulumi plugin its PEM text. */
function readCertificate(key: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(key, "base64"));
  } catch {
    throw badRequest("The 'key' of a key credential must be an X.509 certificate in base64.");
  }
}

function thumbprint({ fingerprint }: X509Certificate): string {
  return Buffer.from(fingerprint.replaceAll(":", ""), "hex").toString("base64");
}

import type { SecretVersion } from "../secrets/secret.ts";
import type { Vault } from "../vault.ts";

/** A deleted secret is gone: that is what Key Vault calls a vault without soft delete. */
const recoveryLevel = "Purgeable";

/** A version as the data plane shows it, without its value: https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret#secretbundle */
export function secretBundle(vault: Vault, { name, version, contentType, tags, attributes }: SecretVersion) {
  return {
    ...(contentType === undefined ? {} : { contentType }),
    id: `${vault.origin}/secrets/${name}/${version}`,
    attributes: { ...attributes, recoveryLevel, recoverableDays: 0 },
    ...(tags === undefined ? {} : { tags }),
  };
}

/** An item of the list of secrets: the secret without a version, with the attributes of its current one. */
export function secretItem(vault: Vault, secret: SecretVersion) {
  return { ...secretBundle(vault, secret), id: `${vault.origin}/secrets/${secret.name}` };
}

/** The attributes of a secret's version. Times are whole seconds since the Unix epoch. */
export interface SecretAttributes {
  readonly enabled: boolean;
  /** Not valid before; for information only, as `exp`. */
  readonly nbf?: number;
  readonly exp?: number;
  readonly created: number;
  readonly updated: number;
}

/** What a caller may say of a secret beside its value. */
export interface SecretSettings {
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly attributes: Pick<SecretAttributes, "enabled" | "nbf" | "exp">;
}

/** One version of a secret, without its value. */
export interface SecretVersion {
  /** ARM id of the vault. */
  readonly vaultId: string;
  /** In the spelling of the secret's first version; names compare without case. */
  readonly name: string;
  /** 32 hexadecimal digits. */
  readonly version: string;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly attributes: SecretAttributes;
}

/** Letters, digits and hyphens: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers */
export const secretNamePattern = /^[0-9A-Za-z-]{1,127}$/;

/** A value is at most 25 kB: https://learn.microsoft.com/azure/key-vault/secrets/about-secrets */
export const maximumValueBytes = 25 * 1024;
const maximumTags = 15;
const maximumTagLength = 256;
const maximumContentTypeLength = 255;

/** What is wrong with a secret's settings or value, each as a sentence; empty when nothing is. Never quotes the value. */
export function secretFaults(
  { contentType = "", tags = {}, attributes: { nbf, exp } }: SecretSettings,
  value = "",
): readonly string[] {
  const tagTexts = Object.entries(tags).flat();
  return [
    Buffer.byteLength(value) > maximumValueBytes &&
      `The value of a secret has at most ${maximumValueBytes} bytes.`,
    contentType.length > maximumContentTypeLength &&
      `The contentType of a secret has at most ${maximumContentTypeLength} characters.`,
    Object.keys(tags).length > maximumTags && `A secret has at most ${maximumTags} tags.`,
    tagTexts.some((text) => text.length > maximumTagLength) &&
      `The name and the value of a tag have at most ${maximumTagLength} characters each.`,
    nbf !== undefined && exp !== undefined && nbf >= exp && "The attribute nbf must lie before exp.",
  ].filter((fault) => fault !== false);
}

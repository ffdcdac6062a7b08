/** Audience that stands for every account. */
export const anyAccount = "https://cosmos.azure.com";
/** On public Azure an account has these names too. */
const publicSuffix = ".documents.azure.com";
const otherSuffixes = [".sql.cosmos.azure.com", ".sqlx.cosmos.azure.com"];

/**
 * The audiences of tokens that an account takes, letter by letter: none has a final slash.
 *
 * @param endpoint the account's; undefined where it is not known.
 */
export function acceptedAudiences(endpoint: string | undefined): readonly string[] {
  if (endpoint === undefined) return [anyAccount];
  const { origin } = new URL(endpoint);
  const others = origin.endsWith(publicSuffix)
    ? otherSuffixes.map((suffix) => `${origin.slice(0, -publicSuffix.length)}${suffix}`)
    : [];
  return [origin, anyAccount, ...others];
}

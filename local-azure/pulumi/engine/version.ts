/** The version of the engine that is built, installed and tested with; `@pulumi/pulumi` has the same. */
export const engineVersion = "3.250.0";

interface Version {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly prerelease: boolean;
}

function parse(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+\S+)?$/.exec(text.trim());
  if (match === null) return undefined;
  return {
    numbers: [Number(match[1]), Number(match[2]), Number(match[3])],
    prerelease: match[4] !== undefined,
  };
}

/**
 * Whether an engine of version `found` can stand in for `wanted`: same major version and not older. A pre-release is
 * older than its release.
 * @param found what `pulumi version` prints, for example `v3.251.0`
 */
export function isNewEnough(found: string, wanted: string): boolean {
  const have = parse(found);
  const need = parse(wanted);
  if (have === undefined || need === undefined || have.numbers[0] !== need.numbers[0]) return false;
  for (const [index, number] of need.numbers.entries()) {
    const other = have.numbers[index] ?? 0;
    if (other !== number) return other > number;
  }
  return !have.prerelease || need.prerelease;
}

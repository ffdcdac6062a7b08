/** One access rule of a site, in resource manager's words. */
export interface AccessRule {
  readonly name: string;
  readonly action: "Allow";
  readonly priority: number;
  readonly ipAddress: string;
}

const FIRST_PRIORITY = 100;

/**
 * Turns address ranges into access rules. What they do not admit, the site's default action denies.
 *
 * @param ranges CIDR ranges.
 */
export function accessRules(ranges: readonly string[]): AccessRule[] {
  return ranges.map((ipAddress, index) => ({
    name: `allowed-${index + 1}`,
    action: "Allow",
    priority: FIRST_PRIORITY + index,
    ipAddress,
  }));
}

import { type Check, holds, skipped } from "../check.ts";
import type { Facts } from "../facts/facts.ts";

/** The libraries that open the account are not behind the newest ones; old ones work, with faults that are mended since. */
export function judgeVersions({ packages: { project, packages, registryFault } }: Facts): Check {
  if (packages.length === 0) return skipped(`${project} has neither @azure/cosmos nor @azure/identity`);
  const told = packages.map(
    ({ name, installed, newest, source }) => `${name} ${installed} (newest is ${newest} by ${source})`,
  );
  const fault = registryFault === undefined ? "" : `; the registry did not tell: ${registryFault}`;
  return holds(
    `${told.join(", ")}${fault}`,
    packages
      .filter(({ installed, newest }) => isBehind(installed, newest))
      .map(({ name, installed, newest, source }) => ({
        code: "KC-DOCTOR-SDK-BEHIND",
        why: `${name} ${installed} is behind ${newest} (by ${source})`,
        fix: `npm install ${name}@${newest}`,
      })),
  );
}

/** Compares major, minor and patch; what stands behind a hyphen is left out. */
export function isBehind(installed: string, newest: string): boolean {
  const parts = (version: string) => version.replace(/-.*$/, "").split(".").map(Number);
  const [mine, theirs] = [parts(installed), parts(newest)];
  for (const index of [0, 1, 2]) {
    const difference = (mine[index] ?? 0) - (theirs[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

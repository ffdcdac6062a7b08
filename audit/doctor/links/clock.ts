import { broken, type Check, holds, notSeen } from "../check.ts";
import type { Facts } from "../facts/facts.ts";

/** Entra and Cosmos DB allow a token's times to be this far off. */
const toleratedSeconds = 300;

/** This machine's clock agrees with the token service's, by which tokens begin and end. */
export function judgeClock({ tokenService }: Facts): Check {
  if (!tokenService.seen) return notSeen(tokenService);
  const { aheadSeconds, authority } = tokenService.value;
  const off = Math.abs(aheadSeconds);
  if (off <= toleratedSeconds) return holds(`${off} s from the clock of ${authority}`);
  return broken(
    "KC-DOCTOR-CLOCK",
    `the clock here is ${off} s ${aheadSeconds > 0 ? "behind" : "ahead of"} that of ${authority}`,
    "set the clock by the network's time (`timedatectl set-ntp true`); on the local cloud, `npx --no local-azure clock` shows whether it was moved",
  );
}

import { isPortFree, type Ports } from "../../core/ports.ts";

/** The kept port of `owner`, or another one when a program of the machine has taken it meanwhile. */
export async function claimFreePort(ports: Ports, owner: string): Promise<number> {
  const kept = await ports.claim(owner);
  if (await isPortFree(kept)) return kept;
  ports.release(owner);
  return ports.claim(owner);
}

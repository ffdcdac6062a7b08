import { createHash, randomBytes } from "node:crypto";
import type { AutonamingProposal } from "../../provider/provider.ts";
import type { Values } from "../../provider/values.ts";
import type { ResourceType } from "../schema/resource-type.ts";

/** Marks, among the inputs, a resource whose replacement is made before the old one goes. */
export const createBeforeDelete = "__createBeforeDelete";

/** Lower-case hex characters that depend on the engine's seed only, so that a repeated preview proposes the same. */
function seededHex(seed: Uint8Array, length: number): string {
  const source = seed.length === 0 ? randomBytes(32) : seed;
  return createHash("sha256").update(source).digest("hex").slice(0, length);
}

function asUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/**
 * The inputs that auto-naming adds: the name, and the mark of a replacement that can be created first.
 * An explicit name and the old name are kept.
 * @param logicalName the resource's name in the program
 */
export function autoname(
  resource: ResourceType,
  oldInputs: Values,
  newInputs: Values,
  logicalName: string,
  seed: Uint8Array,
  proposal: AutonamingProposal | undefined,
): Values {
  if (resource.autoName === undefined) return {};
  const { input, strategy } = resource.autoName;
  if (newInputs[input] !== undefined) return {};
  const oldName = oldInputs[input];
  if (oldName !== undefined) {
    const mark = oldInputs[createBeforeDelete];
    return { [input]: oldName, ...(mark === undefined ? {} : { [createBeforeDelete]: mark }) };
  }
  if (proposal?.mode === "disable") return {};
  if (proposal?.mode === "enforce") return { [input]: proposal.name };
  const mark = { [createBeforeDelete]: true };
  switch (strategy) {
    case "copy":
      return { [input]: proposal?.name ?? logicalName };
    case "random":
      return { [input]: proposal?.name ?? `${logicalName}${seededHex(seed, 8)}`, ...mark };
    case "uuid":
      return { [input]: asUuid(seededHex(seed, 32)), ...mark };
  }
}

/** An object as it came from YAML or JSON. */
export type RawMap = Readonly<Record<string, unknown>>;

/** Whether a value is an object with keys. */
export function isMap(value: unknown): value is RawMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a map, or an empty map: for checks that go on beside other faults. */
export function asMap(value: unknown): RawMap {
  return isMap(value) ? value : {};
}

/** The value as a list, or an empty list. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const PROJECT_PREFIX = "keyless-cosmos:";
/** The provider's own key for the region, which the settings need too. */
export const LOCATION_KEY = "azure-native:location";

/**
 * Brings configuration, as Pulumi or a file has it, into the form of the schema. Pulumi hands objects over as JSON
 * text, and a key without a namespace belongs to the project.
 *
 * @param configuration configuration keys with their namespace, and values as text or already structured. Keys of
 * other namespaces are other people's and are passed over.
 * @returns the settings by their short name; the region under the provider's key.
 */
export function gatherSettings(configuration: RawMap): RawMap {
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(configuration)) {
    if (key === LOCATION_KEY) settings[LOCATION_KEY] = value;
    else if (key.startsWith(PROJECT_PREFIX)) settings[key.slice(PROJECT_PREFIX.length)] = structured(value);
    else if (!key.includes(":")) settings[key] = structured(value);
  }
  return settings;
}

/** Pulumi hands `true` and `false` over as text too. */
function structured(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]|^(?:true|false)$/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The configuration key under which a setting is written. */
export function configurationKey(name: string): string {
  return name === LOCATION_KEY ? name : `${PROJECT_PREFIX}${name}`;
}

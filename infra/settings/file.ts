import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { SettingsError } from "./faults.ts";
import { parseSettings } from "./parse.ts";
import { asMap, type RawMap } from "./reading/raw.ts";
import type { Settings } from "./settings.ts";

/**
 * Checks a settings file before the engine is called.
 *
 * @param path of a `Pulumi.<environment>.yaml`.
 * @throws {SettingsError} with every fault; also when the file cannot be read or is not YAML.
 */
export function readSettingsFile(path: string): Settings {
  return parseSettings(readConfiguration(path), path);
}

/**
 * The `config:` block of a settings file as it is written: configuration keys with their namespace.
 *
 * @throws {SettingsError} when the file cannot be read or is not YAML.
 */
export function readConfiguration(path: string): RawMap {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new SettingsError(path, [
      {
        path,
        problem: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
        fix: "name a stack that has a settings file, Pulumi.<stack>.yaml",
      },
    ]);
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new SettingsError(
      path,
      document.errors.map((error) => ({
        path: `${path}:${error.linePos?.[0].line ?? 1}`,
        problem: (error.message.split("\n")[0] ?? error.message).replace(/ at line \d+, column \d+:?$/, ""),
        fix: "correct the YAML on this line",
      })),
    );
  }
  return asMap(asMap(document.toJS()).config);
}

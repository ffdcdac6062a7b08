import { z } from "zod";
import { type SecretSettings, secretFaults } from "../secrets/secret.ts";
import { applySettings, settingsShape } from "../secrets/secret-settings.ts";
import { badParameter } from "./errors.ts";

const setSchema = z.object({ value: z.string(), ...settingsShape });
const updateSchema = z.object(settingsShape);

/** The body of a set. @throws KeyVaultError 400 BadParameter with every fault; never quotes the value. */
export function readSet(body: unknown): { readonly value: string; readonly settings: SecretSettings } {
  const { value, ...asked } = read(setSchema, body);
  const settings = applySettings(asked);
  check(settings, value);
  return { value, settings };
}

/** The settings of a version after an update. @throws KeyVaultError 400 BadParameter with every fault. */
export function readUpdate(body: unknown, before: SecretSettings): SecretSettings {
  const settings = applySettings(read(updateSchema, body ?? {}), before);
  check(settings);
  return settings;
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    path.length === 0
      ? `The body is not valid: ${message}.`
      : `Property ${path.join(".")} has invalid value: ${message}.`,
  );
  throw badParameter(faults.join(" "));
}

function check(settings: SecretSettings, value?: string): void {
  const faults = secretFaults(settings, value);
  if (faults.length > 0) throw badParameter(faults.join(" "));
}

import { z } from "zod";
import { readModel } from "../../arm/read-model.ts";
import type { SiteInternal } from "../site.ts";
import { connectionStringsSchema, settingsSchema } from "./config-model.ts";

/** A set of settings that a write replaces as a whole and that only `POST …/list` shows. */
export interface SettingSet {
  readonly name: "appsettings" | "connectionstrings" | "metadata";
  readonly read: (internal: SiteInternal) => Readonly<Record<string, unknown>>;
  /** @throws ArmError 400 InvalidRequestContent with every fault of `properties`. */
  readonly replace: (internal: SiteInternal, properties: unknown) => SiteInternal;
}

export const settingSets: readonly SettingSet[] = [
  {
    name: "appsettings",
    read: ({ appSettings }) => appSettings,
    replace: (internal, properties) => ({
      ...internal,
      appSettings: readModel(settingsSchema, properties),
    }),
  },
  {
    name: "connectionstrings",
    read: ({ connectionStrings }) => connectionStrings,
    replace: (internal, properties) => ({
      ...internal,
      connectionStrings: readModel(connectionStringsSchema, properties),
    }),
  },
  {
    name: "metadata",
    read: ({ metadata }) => metadata,
    replace: (internal, properties) => ({
      ...internal,
      metadata: readModel(z.record(z.string().min(1), z.string()), properties),
    }),
  },
];

/** @param name in lower case. */
export function findSettingSet(name: string): SettingSet | undefined {
  return settingSets.find((set) => set.name === name);
}

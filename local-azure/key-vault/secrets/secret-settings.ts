import { z } from "zod";
import type { SecretSettings } from "./secret.ts";

const seconds = z.int().min(0);

/** What both planes take beside a value, as members of a body's schema. */
export const settingsShape = {
  contentType: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  attributes: z
    .object({ enabled: z.boolean().nullish(), nbf: seconds.nullish(), exp: seconds.nullish() })
    .nullish(),
};

const schema = z.object(settingsShape);

/** The settings of a version that is new, or was `before`: what is not asked for stays as it was. */
export function applySettings(
  { contentType, tags, attributes }: z.infer<typeof schema>,
  before: SecretSettings = { attributes: { enabled: true } },
): SecretSettings {
  const { enabled, nbf, exp } = before.attributes;
  return defined({
    contentType: contentType ?? before.contentType,
    tags: tags ?? before.tags,
    attributes: defined({
      enabled: attributes?.enabled ?? enabled,
      nbf: attributes?.nbf ?? nbf,
      exp: attributes?.exp ?? exp,
    }),
  });
}

/** `members` without those that are undefined: settings compare member by member. */
function defined<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as T;
}

import { UNKNOWN } from "../../provider/values.ts";
import type { Format, Property } from "../schema/resource-type.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

const formats: Readonly<Record<Format, readonly [fits: (text: string) => boolean, fault: string]>> = {
  uuid: [(text) => uuid.test(text), "Value must be a valid UUID"],
  date: [
    (text) => rfc3339.test(text) && !Number.isNaN(Date.parse(text)),
    "Value must be a valid RFC3339 date",
  ],
  text: [(text) => text.trim() !== "", "Value must not be empty"],
  applicationId: [
    (text) => /^\/applications\/[0-9a-f-]{36}$/i.test(text),
    "Value must be the resource ID of an application, /applications/<object id> (its `id`, not its `clientId`)",
  ],
  servicePrincipalId: [
    (text) => /^\/servicePrincipals\/[0-9a-f-]{36}$/i.test(text),
    "Value must be the resource ID of a service principal, /servicePrincipals/<object id> (its `id`)",
  ],
};

/** What is wrong with a text or a number, or `undefined`. */
export function textFault(value: string | number, property: Property): string | undefined {
  if (value === UNKNOWN) return undefined;
  if (property.oneOf !== undefined && !property.oneOf.includes(value)) {
    return `expected one of ${JSON.stringify(property.oneOf)}, got ${JSON.stringify(value)}`;
  }
  if (property.format === undefined || typeof value !== "string") return undefined;
  const [fits, fault] = formats[property.format];
  return fits(value) ? undefined : `${fault}, got ${JSON.stringify(value)}`;
}

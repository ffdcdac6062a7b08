import type { Breach } from "../faults/breach.ts";
import { isGuid } from "./schema-rules.ts";

/** A member of a group, as the settings name it. */
export type MemberSettings = { readonly userPrincipalName: string } | { readonly objectId: string };

/** Local part and domain; guests have `#EXT#` in theirs. 113 characters: https://learn.microsoft.com/entra/identity/hybrid/connect/plan-connect-userprincipalname. */
const USER_PRINCIPAL_NAME = /^[\w.'#^~!-]{1,64}@(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,48}$/i;

/** Holds a member of a group against the two forms it may have. */
export function memberBreach(written: string): Breach | undefined {
  if (isGuid(written) || USER_PRINCIPAL_NAME.test(written)) return undefined;
  return {
    problem: `"${written}" is neither a user principal name nor an object id`,
    fix: "write the name that the person signs in with, or the GUID of a user, group or service principal",
  };
}

/** Reads a member that was checked. */
export function memberFrom(written: string): MemberSettings {
  return isGuid(written) ? { objectId: written.toLowerCase() } : { userPrincipalName: written };
}

/** What tells one member from another: neither ids nor names of users mind the case. */
export function memberKey(written: string): string {
  return written.toLowerCase();
}

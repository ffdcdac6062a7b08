import { type DataScope, parseDataScope, ScopeError } from "../../../../rbac/cosmos/scope.ts";
import type { ArmCall } from "../../../arm/resource-provider.ts";
import { badRequest } from "../errors.ts";

/** Reads a data-plane scope of the account. @throws ArmError 400 BadRequest that names the right form. */
export function readScope(call: ArmCall, property: string, text: string, accountId: string): DataScope {
  try {
    return parseDataScope(text, accountId);
  } catch (error) {
    if (!(error instanceof ScopeError)) throw error;
    throw badRequest(
      call,
      `Failed to parse the incoming request payload. Could not parse property [${property}] with value [${text}]: ${error.message}`,
    );
  }
}

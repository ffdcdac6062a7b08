import { type ArmCall, ArmError } from "../../arm/resource-provider.ts";
import { CosmosError } from "../data-plane/errors.ts";

/** A refusal in the form of Cosmos DB's own resource provider, which ends each message with the activity. */
export function cosmosRefusal(call: ArmCall, status: number, code: string, message: string): ArmError {
  return new ArmError(
    status,
    code,
    `${message}\r\nActivityId: ${call.correlationId}, Microsoft.Azure.Documents.Common/2.14.0`,
  );
}

export function badRequest(call: ArmCall, message: string): ArmError {
  return cosmosRefusal(call, 400, "BadRequest", message);
}

export function notFound(call: ArmCall, message: string): ArmError {
  return cosmosRefusal(call, 404, "NotFound", message);
}

/** Something that exists on Azure and not here. @param what begins the sentence. */
export function unsupported(call: ArmCall, what: string): ArmError {
  return badRequest(call, `${what} is not supported by this local cloud.`);
}

/** Runs a check of the data plane, whose refusals resource manager passes on. */
export function asArmError<T>(call: ArmCall, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof CosmosError) throw cosmosRefusal(call, error.status, error.code, error.message);
    throw error;
  }
}

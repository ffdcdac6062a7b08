import type { Operation } from "../operations.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../resource-provider.ts";
import type { ResourcesServices } from "./services.ts";

const base = "/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}/locations/{location}";

/** What `Azure-AsyncOperation` points to: the state of an operation, always with status 200. */
export const operationStatus: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/locations/operationsStatus",
  path: `${base}/operationsStatus/{operationId}`,
  apiVersions: [],
  anyApiVersion: true,
  authenticatedOnly: true,
  get: async (call, services) => {
    const { id, status, startTime, endTime, error } = await findOperation(call, services);
    const body = {
      id: call.id,
      name: id,
      status,
      startTime,
      ...(endTime === undefined ? {} : { endTime }),
      ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    };
    return { status: 200, body, ...(status === "InProgress" ? { headers: { "Retry-After": "1" } } : {}) };
  },
};

/** What `Location` points to: 202 until the operation has ended, then its result or its error. */
export const operationResult: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/locations/operationResults",
  path: `${base}/operationResults/{operationId}`,
  apiVersions: [],
  anyApiVersion: true,
  authenticatedOnly: true,
  get: async (call, services): Promise<ArmAnswer> => {
    const { status, error, result } = await findOperation(call, services);
    if (error !== undefined) throw new ArmError(error.status, error.code, error.message);
    if (status === "InProgress") {
      const { origin } = services.platform;
      const location = `${origin}${call.id}?api-version=${call.apiVersion}`;
      return { status: 202, headers: { Location: location, "Retry-After": "1" } };
    }
    return { status: 200, ...(result === undefined ? {} : { body: result }) };
  },
};

/** Operations are shown to who began them and to readers of the subscription; to others they are not there. */
async function findOperation(
  call: ArmCall,
  { operations, authorizer, subscriptionId }: ResourcesServices,
): Promise<Operation> {
  const id = call.parameters.operationId ?? "";
  const begun = operations.find(id);
  const mayRead =
    begun?.principalId === call.principalId ||
    authorizer.allows(
      [call.principalId, ...call.groupIds],
      "Microsoft.Resources/subscriptions/read",
      `/subscriptions/${subscriptionId}`,
    );
  const operation = mayRead ? await operations.awaitEnd(id) : undefined;
  if (operation === undefined) {
    throw new ArmError(404, "OperationNotFound", `The operation '${id}' was not found.`);
  }
  return operation;
}

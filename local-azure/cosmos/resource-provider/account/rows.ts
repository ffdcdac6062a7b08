import { requireExisting } from "../../../arm/errors.ts";
import { resourceBody } from "../../../arm/resource-body.ts";
import type { ArmAnswer, ArmCall, ServiceTypeRow } from "../../../arm/resource-provider.ts";
import type { CosmosServices } from "../services.ts";
import { accountPath, accountType, cosmosApiVersions } from "../types.ts";
import { listConnectionStrings, listKeys, listReadOnlyKeys, regenerateKey } from "./keys.ts";
import { patchAccount, putAccount } from "./write.ts";

/** `Microsoft.DocumentDB/databaseAccounts`. */
export const databaseAccounts: ServiceTypeRow<CosmosServices> = {
  type: accountType,
  path: accountPath,
  apiVersions: cosmosApiVersions,
  get: (call) => ({ status: 200, body: resourceBody(requireExisting(call)) }),
  list: (call, { resources, platform }) => {
    const { resourceGroupName } = call.parameters;
    const subscription = `/subscriptions/${platform.subscriptionId}`;
    const below =
      resourceGroupName === undefined ? subscription : `${subscription}/resourceGroups/${resourceGroupName}`;
    return { status: 200, body: { value: resources.list(accountType, below).map(resourceBody) } };
  },
  put: putAccount,
  patch: patchAccount,
  delete: deleteAccount,
  actions: [
    { method: "POST", suffix: "listKeys", action: `${accountType}/listKeys/action`, handler: listKeys },
    {
      method: "POST",
      suffix: "readonlykeys",
      action: `${accountType}/readonlykeys/action`,
      handler: listReadOnlyKeys,
    },
    {
      method: "GET",
      suffix: "readonlykeys",
      action: `${accountType}/readonlykeys/read`,
      handler: listReadOnlyKeys,
    },
    {
      method: "POST",
      suffix: "listConnectionStrings",
      action: `${accountType}/listConnectionStrings/action`,
      handler: listConnectionStrings,
    },
    {
      method: "POST",
      suffix: "regenerateKey",
      action: `${accountType}/regenerateKey/action`,
      handler: regenerateKey,
    },
  ],
};

function deleteAccount(call: ArmCall, { resources, locks, beginOperation }: CosmosServices): ArmAnswer {
  const { existing } = call;
  if (existing === undefined) return { status: 204 };
  const work = locks.hold(call, existing.id, async () => {
    await resources.put({
      ...existing,
      properties: { ...existing.properties, provisioningState: "Deleting" },
    });
    await resources.delete(existing.id);
  });
  return beginOperation(call, work, { status: 202, body: { status: "Enqueued" } });
}

/** HEAD tells whether an account of that name exists anywhere in the cloud. */
export const databaseAccountNames: ServiceTypeRow<CosmosServices> = {
  type: "Microsoft.DocumentDB/databaseAccountNames",
  path: "/providers/Microsoft.DocumentDB/databaseAccountNames/{accountName}",
  apiVersions: cosmosApiVersions,
  authenticatedOnly: true,
  head: (call, { resources }) => {
    const wanted = (call.parameters.accountName ?? "").toLowerCase();
    return { status: resources.list(accountType).some(({ name }) => name === wanted) ? 200 : 404 };
  },
};

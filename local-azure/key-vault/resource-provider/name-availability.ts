import { z } from "zod";
import { readModel } from "../../arm/read-model.ts";
import type { ServiceTypeRow } from "../../arm/resource-provider.ts";
import { vaultType } from "../vault.ts";
import { keyVaultApiVersions } from "./api-versions.ts";
import type { KeyVaultServices } from "./services.ts";
import { invalidVaultName, isVaultName, vaultNamed, vaultNameTaken } from "./vault-names.ts";

const requestSchema = z.looseObject({
  name: z.string(),
  type: z.string().refine((type) => type.toLowerCase() === vaultType.toLowerCase(), `must be '${vaultType}'`),
});

/** Whether a vault's name is free: `POST /subscriptions/…/providers/Microsoft.KeyVault/checkNameAvailability`. */
export const nameAvailabilityRow: ServiceTypeRow<KeyVaultServices> = {
  type: "Microsoft.KeyVault/checkNameAvailability",
  path: "/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault",
  apiVersions: keyVaultApiVersions,
  actions: [
    {
      method: "POST",
      suffix: "checkNameAvailability",
      action: "Microsoft.KeyVault/checkNameAvailability/read",
      handler(call, { resources }) {
        const { name } = readModel(requestSchema, call.body);
        if (!isVaultName(name)) return unavailable("AccountNameInvalid", invalidVaultName(name));
        if (vaultNamed(name, resources) !== undefined) {
          return unavailable("AlreadyExists", vaultNameTaken(name));
        }
        return { status: 200, body: { nameAvailable: true } };
      },
    },
  ],
};

function unavailable(reason: "AccountNameInvalid" | "AlreadyExists", message: string) {
  return { status: 200, body: { nameAvailable: false, reason, message } };
}

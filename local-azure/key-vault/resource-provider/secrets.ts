import { z } from "zod";
import { parentResourceNotFound, requireExisting } from "../../arm/errors.ts";
import { readModel } from "../../arm/read-model.ts";
import { resourceBody } from "../../arm/resource-body.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../../arm/resource-provider.ts";
import { type SecretSettings, secretFaults, secretNamePattern } from "../secrets/secret.ts";
import { applySettings, settingsShape } from "../secrets/secret-settings.ts";
import { readVault, secretType, type Vault } from "../vault.ts";
import { keyVaultApiVersions } from "./api-versions.ts";
import { type KeyVaultServices, vaultPath } from "./services.ts";

const { tags, contentType, attributes } = settingsShape;
const propertiesSchema = z.object({ value: z.string().optional(), contentType, attributes });
const putSchema = z.object({ tags, properties: propertiesSchema.required({ value: true }) });
const patchSchema = z.object({ tags, properties: propertiesSchema.default({}) });

/** `Microsoft.KeyVault/vaults/secrets`: a secret's current version, never its value. Only the data plane deletes. */
export const secretRow: ServiceTypeRow<KeyVaultServices> = {
  type: secretType,
  path: `${vaultPath}/secrets/{secretName}`,
  apiVersions: keyVaultApiVersions,
  name: {
    pattern: secretNamePattern,
    rule: "It must have 1 to 127 letters, digits and hyphens.",
  },
  get: (call) => ({ status: 200, body: resourceBody(requireExisting(call)) }),
  list: (call, services) => {
    const { id } = requireVault(call, services);
    return { status: 200, body: { value: services.resources.list(secretType, id).map(resourceBody) } };
  },
  put: putSecret,
  patch: patchSecret,
};

/** Sets a new version, unless the current one has the same value and settings: a deployment may be repeated. */
async function putSecret(call: ArmCall, services: KeyVaultServices): Promise<ArmAnswer> {
  const { secrets } = services;
  const vault = requireVault(call, services);
  const body = readModel(putSchema, call.body);
  const { value } = body.properties;
  const settings = applySettings({ ...body.properties, tags: body.tags });
  checkSecret(settings, value);
  const name = call.parameters.secretName ?? "";
  const current = secrets.current(vault.id, name);
  if (current === undefined || !secrets.isSame(current, value, settings)) {
    await secrets.set(vault, name, value, settings);
  }
  return answer(call, current === undefined ? 201 : 200, services);
}

/** Changes what is said of the current version; another value makes a new one. */
async function patchSecret(call: ArmCall, services: KeyVaultServices): Promise<ArmAnswer> {
  const { secrets } = services;
  const { name } = requireExisting(call);
  const vault = requireVault(call, services);
  const current = secrets.current(vault.id, name);
  if (current === undefined) throw new Error("a secret's resource stands without versions");
  const body = readModel(patchSchema, call.body);
  const { value } = body.properties;
  const settings = applySettings({ ...body.properties, tags: body.tags }, current);
  checkSecret(settings, value);
  const keepsValue = value === undefined || value === secrets.value(current);
  if (keepsValue) await secrets.change(vault, current, settings);
  else await secrets.set(vault, name, value, settings);
  return answer(call, 200, services);
}

/** The vault that the call's path lies in, as it is now. @throws ArmError 404 ParentResourceNotFound. */
function requireVault({ id }: ArmCall, { resources }: KeyVaultServices): Vault {
  const vaultId = id.replace(/\/secrets(\/[^/]+)?$/i, "");
  const vault = resources.get(vaultId);
  if (vault === undefined) throw parentResourceNotFound(vaultId);
  return readVault(vault);
}

function answer({ id }: ArmCall, status: number, { resources }: KeyVaultServices): ArmAnswer {
  const secret = resources.get(id);
  if (secret === undefined) throw new Error("a secret that was written is gone");
  return { status, body: resourceBody(secret) };
}

/** @throws ArmError 400 BadRequest with every fault. */
function checkSecret(settings: SecretSettings, value: string | undefined): void {
  const faults = secretFaults(settings, value);
  if (faults.length > 0) throw new ArmError(400, "BadRequest", faults.join(" "));
}

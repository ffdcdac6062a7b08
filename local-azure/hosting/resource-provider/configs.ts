import { z } from "zod";
import { readModel } from "../../arm/read-model.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../../arm/resource-provider.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import { webApiVersions } from "./api-versions.ts";
import { configProperties } from "./config-body.ts";
import { siteConfigSchema } from "./config-model.ts";
import { type ParentSite, parentSite, writeInternal } from "./parent-site.ts";
import { pricingTier } from "./plan-model.ts";
import { refuseFaults, withoutNulls } from "./request-body.ts";
import { groupPath, type WebServices } from "./services.ts";
import { findSettingSet, settingSets } from "./setting-sets.ts";
import { applySiteConfig, configFaults } from "./site-config.ts";
import { refuseCredentials } from "./sites.ts";

/**
 * `config/web`, and the sets of settings, whose values only `POST …/list` shows. `slotConfigNames` is read only: there
 * are no slots.
 */
export const configRow: ServiceTypeRow<WebServices> = {
  type: "Microsoft.Web/sites/config",
  path: `${groupPath}/Microsoft.Web/sites/{name}/config/{configName}`,
  apiVersions: webApiVersions,
  get: readConfig,
  list: (call, services) => {
    const parent = parentSite(call, services);
    return { status: 200, body: { value: [configBody(parent, "web", configProperties(parent.internal))] } };
  },
  put: writeConfig,
  patch: writeConfig,
  actions: [
    {
      method: "POST",
      suffix: "list",
      action: "Microsoft.Web/sites/config/list/action",
      handler: listSettings,
    },
  ],
};

const configBodySchema = z.looseObject({ properties: z.unknown() });

function readConfig(call: ArmCall, services: WebServices): ArmAnswer {
  const parent = parentSite(call, services);
  const name = configName(call);
  if (name === "web") {
    return { status: 200, body: configBody(parent, "web", configProperties(parent.internal)) };
  }
  if (name === "slotconfignames") {
    const none = { appSettingNames: null, connectionStringNames: null, azureStorageConfigNames: null };
    return { status: 200, body: configBody(parent, "slotConfigNames", none) };
  }
  const set = findSettingSet(name);
  if (set === undefined) throw unsupportedConfig(call);
  throw new ArmError(
    405,
    "MethodNotAllowed",
    `The values of config/${set.name} are read with POST ${call.id}/list.`,
  );
}

function listSettings(call: ArmCall, services: WebServices): ArmAnswer {
  const parent = parentSite(call, services);
  if (configName(call) === "publishingcredentials") refuseCredentials();
  const set = findSettingSet(configName(call));
  if (set === undefined) throw unsupportedConfig(call);
  return { status: 200, body: configBody(parent, set.name, set.read(parent.internal)) };
}

async function writeConfig(call: ArmCall, services: WebServices): Promise<ArmAnswer> {
  const { properties = {} } = readModel(configBodySchema, withoutNulls(call.body));
  const set = findSettingSet(configName(call));
  if (set !== undefined && call.method === "PUT") {
    const parent = parentSite(call, services);
    const internal = set.replace(parent.internal, properties);
    await writeInternal(parent, internal, services);
    return { status: 200, body: configBody(parent, set.name, set.read(internal)) };
  }
  if (configName(call) !== "web") throw unsupportedConfig(call);
  const parent = parentSite(call, services);
  const request = readModel(siteConfigSchema, properties);
  const plan = services.resources.get(String(parent.site.properties.serverFarmId));
  const sku = plan?.sku as { readonly name: string } | undefined;
  refuseFaults(configFaults(request, pricingTier(sku?.name ?? "")?.alwaysOn ?? false));
  const internal = applySiteConfig(parent.internal, request);
  await writeInternal(parent, internal, services);
  return { status: 200, body: configBody(parent, "web", configProperties(internal)) };
}

function configName({ parameters }: ArmCall): string {
  return parameters.configName?.toLowerCase() ?? "";
}

function configBody({ site }: ParentSite, name: string, properties: unknown) {
  const { location, tags } = site;
  const type = "Microsoft.Web/sites/config";
  return {
    id: `${site.id}/config/${name}`,
    name,
    type,
    location,
    ...(tags && { tags }),
    properties,
  } satisfies Partial<ArmResource> | { properties: unknown };
}

function unsupportedConfig(call: ArmCall): ArmError {
  const names = ["web", ...settingSets.map(({ name }) => name)].join(", ");
  return new ArmError(
    400,
    "OperationNotSupported",
    `The local cloud does not support ${call.method} of the site configuration '${call.parameters.configName}'. It has ${names}.`,
  );
}

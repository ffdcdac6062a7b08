import { z } from "zod";
import { readModel } from "../../arm/read-model.ts";
import { type ArmCall, ArmError, type ServiceTypeRow } from "../../arm/resource-provider.ts";
import { webApiVersions } from "./api-versions.ts";
import { type ParentSite, parentSite, writeInternal } from "./parent-site.ts";
import { groupPath, type WebServices } from "./services.ts";

const type = "Microsoft.Web/sites/basicPublishingCredentialsPolicies";
const names = ["ftp", "scm"] as const;
type PolicyName = (typeof names)[number];

const policySchema = z.looseObject({ properties: z.looseObject({ allow: z.boolean() }) });

/** Whether publishing passwords may be used. There are none here, so `allow` is kept and shown, and opens nothing. */
export const publishingPolicyRow: ServiceTypeRow<WebServices> = {
  type,
  path: `${groupPath}/Microsoft.Web/sites/{name}/basicPublishingCredentialsPolicies/{policyName}`,
  apiVersions: webApiVersions,
  get: (call, services) => ({
    status: 200,
    body: policyBody(parentSite(call, services), policyName(call)),
  }),
  list: (call, services) => {
    const parent = parentSite(call, services);
    return { status: 200, body: { value: names.map((name) => policyBody(parent, name)) } };
  },
  async put(call, services) {
    const name = policyName(call);
    const { allow } = readModel(policySchema, call.body).properties;
    const { site, internal } = parentSite(call, services);
    const basicCredentials = { ...internal.basicCredentials, [name]: allow };
    const after = { ...internal, basicCredentials };
    await writeInternal({ site, internal }, after, services);
    return { status: 200, body: policyBody({ site, internal: after }, name) };
  },
};

function policyName({ parameters, id }: ArmCall): PolicyName {
  const offered = parameters.policyName?.toLowerCase();
  const name = names.find((known) => known === offered);
  if (name === undefined) {
    throw new ArmError(404, "NotFound", `Cannot find ${id}: the policies are ${names.join(" and ")}.`);
  }
  return name;
}

function policyBody({ site, internal }: ParentSite, name: PolicyName) {
  return {
    id: `${site.id}/basicPublishingCredentialsPolicies/${name}`,
    name,
    type,
    location: site.location,
    properties: { allow: internal.basicCredentials[name] },
  };
}

import type { ResourceState } from "../../provider/provider.ts";
import { isArray, isObject, secret, type Value, type Values, valueAt } from "../../provider/values.ts";
import { fromGraph, ordered, toGraph } from "../convert.ts";
import { equal } from "../diff.ts";
import { literal } from "../graph/client.ts";
import { waitForDeletion } from "../graph/wait.ts";
import { objectTypes } from "../schema/catalog.ts";
import { applicationLags, patchApplication } from "./application-patch.ts";
import { disablePermissions } from "./disable-permissions.ts";
import { featureBlocks, wantedTags } from "./feature-tags.ts";
import { type Handler, type Made, type Operation, type Reading, textOf, textsOf } from "./operation.ts";
import { addReference, initialOwners, readReferences, removeReference, setReferences } from "./owners.ts";
import { permissionIds } from "./permission-ids.ts";
import { applicationId, importNeeded, parseId } from "./resource-id.ts";

export const applicationToken = "azuread:index/application:Application";

/** The parts of an application's body that no one property stands for. */
function assembled(inputs: Values): Record<string, Value> {
  const claims = textsOf(inputs.groupMembershipClaims);
  return {
    "@odata.type": "#microsoft.graph.application",
    groupMembershipClaims: claims.length === 0 ? null : claims.join(","),
  };
}

async function refuseDuplicate({ graph }: Operation, inputs: Values, own?: string): Promise<void> {
  if (inputs.preventDuplicateNames !== true) return;
  const named = await graph.list("Could not check for existing application(s)", {
    path: "/applications",
    query: { $filter: `displayName eq ${literal(textOf(inputs.displayName))}` },
  });
  const other = named.find(({ id, displayName }) => displayName === inputs.displayName && id !== own);
  if (other !== undefined) throw importNeeded(applicationToken, `/applications/${textOf(other.id)}`);
}

async function setPostResponse({ graph }: Operation, objectId: string, required: boolean): Promise<void> {
  await graph.call(`Could not update application with object ID "${objectId}"`, {
    method: "PATCH",
    path: `/applications/${objectId}`,
    version: "beta",
    body: { oauth2RequirePostResponse: required },
    retryWhen: applicationLags,
  });
}

function passwordProperties() {
  return objectTypes().ApplicationPassword ?? {};
}

/** What the state keeps of a password: its secret is in the answer that made it and nowhere else. */
function passwordOutput(credential: Values): Values {
  return {
    ...fromGraph(passwordProperties(), credential),
    value: secret(textOf(credential.secretText)),
  };
}

async function create(operation: Operation, inputs: Values, made: Made) {
  const { graph, resource } = operation;
  await refuseDuplicate(operation, inputs);
  const caller = await operation.caller();
  const owners = initialOwners(caller, textsOf(inputs.owners));
  const body = {
    ...toGraph(resource.inputs, inputs),
    ...assembled(inputs),
    ...(inputs.optionalClaims === undefined ? { optionalClaims: {} } : {}),
    tags: wantedTags(inputs) ?? [],
    "owners@odata.bind": owners.first.map((id) => graph.reference(id)),
    ...(isObject(inputs.password)
      ? { passwordCredentials: [toGraph(passwordProperties(), inputs.password)] }
      : {}),
  };
  const application = await graph.call("Could not create application", {
    method: "POST",
    path: "/applications",
    body,
  });
  const objectId = textOf(application.id);
  const [credential] = isArray(application.passwordCredentials) ? application.passwordCredentials : [];
  const password: Values =
    isObject(inputs.password) && isObject(credential) ? { password: passwordOutput(credential) } : {};
  made(`/applications/${objectId}`, password);

  // A change of name that is accepted shows that the application has reached the whole directory.
  for (const displayName of [`TERRAFORM_UPDATE_${operation.newId()}`, inputs.displayName ?? null]) {
    await patchApplication(operation, objectId, "Failed to patch application after creating", {
      id: objectId,
      displayName,
    });
  }
  if (inputs.oauth2PostResponseRequired === true) await setPostResponse(operation, objectId, true);
  const path = `/applications/${objectId}`;
  for (const owner of owners.later) await addReference(graph, path, "owners", owner, "v1.0");
  if (owners.callerGoes) await removeReference(graph, path, "owners", caller, "v1.0");
}

async function read(operation: Reading, id: string, known: Values) {
  const { graph, resource } = operation;
  const [objectId] = parseId(id, applicationId);
  const path = `/applications/${objectId}`;
  const summary = `Retrieving application with object ID "${objectId}"`;
  const application = await graph.find(summary, { path });
  if (application === undefined) return undefined;
  const beta = await graph.find(summary, {
    path,
    version: "beta",
    query: { $select: "oauth2RequirePostResponse" },
  });
  const owners = await readReferences(graph, path, "owners", "v1.0");
  const claims = textOf(application.groupMembershipClaims).split(",").filter(Boolean);
  return {
    ...fromGraph(resource.outputs, application),
    featureTags: featureBlocks(textsOf(application.tags)).featureTags,
    groupMembershipClaims: ordered(claims.map((claim) => claim.trim())),
    appRoleIds: permissionIds(application.appRoles),
    oauth2PermissionScopeIds: permissionIds(valueAt(application, "api.oauth2PermissionScopes")),
    oauth2PostResponseRequired: beta?.oauth2RequirePostResponse === true,
    owners: ordered(owners),
    preventDuplicateNames: known.preventDuplicateNames === true,
    ...(isObject(known.password) ? { password: keptPassword(application, known.password) } : {}),
  } satisfies Record<string, Value>;
}

/** The password as the state knows it, while the application still has it. */
function keptPassword(application: Values, password: Values): Value {
  const credentials = isArray(application.passwordCredentials) ? application.passwordCredentials : [];
  const present = credentials.some((one) => isObject(one) && one.keyId === password.keyId);
  const { value } = password;
  if (!present) return {};
  return { ...password, ...(typeof value === "string" ? { value: secret(value) } : {}) };
}

async function update(operation: Operation, id: string, state: ResourceState, inputs: Values) {
  const { graph, resource } = operation;
  const [objectId] = parseId(id, applicationId);
  const path = `/applications/${objectId}`;
  const summary = `Could not update application with object ID "${objectId}"`;
  const differs = (name: string) => !equal(state.inputs[name], inputs[name], resource.inputs[name]?.set);
  if (differs("displayName")) await refuseDuplicate(operation, inputs, objectId);

  const wanted = { ...toGraph(resource.inputs, inputs), ...assembled(inputs) };
  const scopesChange = !equal(
    valueAt(state.inputs, "api.oauth2PermissionScopes"),
    valueAt(inputs, "api.oauth2PermissionScopes"),
    true,
  );
  if (differs("appRoles")) await disablePermissions(operation, objectId, "appRoles", wanted);
  if (scopesChange) await disablePermissions(operation, objectId, "api.oauth2PermissionScopes", wanted);
  const { oauth2PermissionScopes, ...api } = isObject(wanted.api) ? wanted.api : {};
  const tags = wantedTags(inputs);
  await patchApplication(operation, objectId, summary, {
    id: objectId,
    ...wanted,
    api: scopesChange ? { ...api, oauth2PermissionScopes: oauth2PermissionScopes ?? [] } : api,
    ...(tags === undefined ? {} : { tags }),
  });
  if (differs("oauth2PostResponseRequired"))
    await setPostResponse(operation, objectId, inputs.oauth2PostResponseRequired === true);
  if (inputs.owners !== undefined && differs("owners"))
    await setReferences(graph, path, "owners", textsOf(inputs.owners), "v1.0");
  const { password } = state.outputs;
  if (differs("password")) return changePassword(operation, path, password, inputs.password);
  return password === undefined ? {} : { password };
}

/** A password cannot be changed: the old one goes and another is made. */
async function changePassword(
  { graph }: Operation,
  path: string,
  before: Value | undefined,
  after: Value | undefined,
): Promise<Values> {
  const summary = `Could not change the password of ${path}`;
  if (isObject(before) && before.keyId !== undefined) {
    await graph.call(summary, {
      method: "POST",
      path: `${path}/removePassword`,
      body: { keyId: before.keyId },
    });
  }
  if (!isObject(after)) return { password: null };
  const passwordCredential = toGraph(passwordProperties(), after);
  const body = { passwordCredential };
  return {
    password: passwordOutput(
      await graph.call(summary, { method: "POST", path: `${path}/addPassword`, body }),
    ),
  };
}

export const application: Handler = {
  create,
  read,
  update,
  async delete({ graph }, id) {
    const [objectId] = parseId(id, applicationId);
    const path = `/applications/${objectId}`;
    const what = `application with object ID "${objectId}"`;
    await graph.call(`Deleting ${what}`, { method: "DELETE", path });
    await waitForDeletion(graph, what, { path });
  },
};

import { z } from "zod";
import { parentResourceNotFound, resourceNotFound } from "../../arm/errors.ts";
import { readModel } from "../../arm/read-model.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../../arm/resource-provider.ts";
import type { ArmResource } from "../../arm/resource-store.ts";
import { DirectoryError } from "../../entra/directory/directory-error.ts";
import type { FederatedCredential } from "../../entra/directory/federated-credentials.ts";
import {
  credentialType,
  identityPath,
  type ManagedIdentityServices,
  managedIdentityApiVersions,
} from "./services.ts";

const longest = 600;
const bodySchema = z.object({
  properties: z.strictObject({
    issuer: z.string().max(longest).nullish(),
    subject: z.string().max(longest).nullish(),
    audiences: z.array(z.string().max(longest)).nullish(),
    claimsMatchingExpression: z
      .undefined("is not supported by this local cloud: name the subject")
      .optional(),
  }),
});

/**
 * `…/federatedIdentityCredentials`: which tokens of other issuers the identity takes for its own proof. They are kept in
 * the directory, where the token service reads them. The refusals are those of
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#errors
 */
export const credentialRow: ServiceTypeRow<ManagedIdentityServices> = {
  type: credentialType,
  path: `${identityPath}/federatedIdentityCredentials/{credentialName}`,
  apiVersions: managedIdentityApiVersions,
  get: (call, services) => {
    const identity = identityOf(call, services);
    const found = services.directory.federatedCredentials.find(holderOf(identity), nameOf(call));
    if (found === undefined) throw resourceNotFound(call.id);
    return { status: 200, body: credentialBody(identity, found) };
  },
  list: (call, services) => {
    const identity = identityOf(call, services);
    const found = services.directory.federatedCredentials.of(holderOf(identity));
    return { status: 200, body: { value: found.map((one) => credentialBody(identity, one)) } };
  },
  put: putCredential,
  delete: async (call, services) => {
    const { federatedCredentials } = services.directory;
    const removed = await services.writes.run(identityOf(call, services).id, () =>
      federatedCredentials.remove(holderOf(identityOf(call, services)), nameOf(call)),
    );
    return { status: removed ? 200 : 204 };
  },
};

async function putCredential(call: ArmCall, services: ManagedIdentityServices): Promise<ArmAnswer> {
  const name = nameOf(call);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) {
    throw badRequest(`Federated Identity Credential name '${name}' is invalid.`);
  }
  const { issuer, subject, audiences } = readModel(bodySchema, call.body).properties;
  if (!issuer || !subject || !audiences) {
    throw badRequest("Federated Identity Credential from HTTP body has empty properties");
  }
  if (audiences.length !== 1 || audiences[0] === "") {
    throw badRequest("Federated identity credentials must have exactly one audience.");
  }
  const { federatedCredentials } = services.directory;
  return services.writes.run(identityOf(call, services).id, () => {
    const identity = identityOf(call, services);
    const holder = holderOf(identity);
    const isNew = federatedCredentials.find(holder, name) === undefined;
    const settings = { issuer, subject, audiences };
    try {
      const written = isNew
        ? federatedCredentials.add(holder, { ...settings, name, description: null })
        : federatedCredentials.update(holder, name, settings);
      return { status: isNew ? 201 : 200, body: credentialBody(identity, written) };
    } catch (error) {
      throw error instanceof DirectoryError ? refusalOf(error, identity) : error;
    }
  });
}

function refusalOf({ reason }: DirectoryError, { id }: ArmResource): ArmError {
  if (reason === "limit") {
    return badRequest(
      `Too many Federated Identity Credentials for the managed identity '${id}': it may have 20 at most.`,
    );
  }
  return new ArmError(
    409,
    "Conflict",
    "Issuer and subject combination already exists for this Managed Identity.",
  );
}

function badRequest(message: string): ArmError {
  return new ArmError(400, "BadRequest", message);
}

/** The identity that the call's path lies below, as it is now. @throws ArmError 404 ParentResourceNotFound. */
function identityOf({ id }: ArmCall, { resources }: ManagedIdentityServices): ArmResource {
  const identityId = id.replace(/\/federatedIdentityCredentials(\/[^/]+)?$/i, "");
  const identity = resources.get(identityId);
  if (identity === undefined) throw parentResourceNotFound(identityId);
  return identity;
}

/** Object id of the identity's service principal. */
function holderOf({ properties }: ArmResource): string {
  return String(properties.principalId);
}

function nameOf({ parameters }: ArmCall): string {
  return parameters.credentialName ?? "";
}

function credentialBody({ id }: ArmResource, { name, issuer, subject, audiences }: FederatedCredential) {
  return {
    id: `${id}/federatedIdentityCredentials/${name}`,
    name,
    type: credentialType,
    properties: { issuer, subject, audiences },
  };
}

import { tenantDomain } from "../core/tenancy.ts";
import { answerList, answerOne } from "./answers.ts";
import type { GraphAnswer, GraphCall } from "./call.ts";
import { notFound } from "./graph-error.ts";
import type { Properties } from "./properties.ts";

const capabilities = "Email, OfficeCommunicationsOnline";

export function listOrganization(call: GraphCall): GraphAnswer {
  return answerList(call, { context: "organization", type: "organization", items: [organization(call)] });
}

export function readOrganization(call: GraphCall): GraphAnswer {
  const { id = "" } = call.parameters;
  if (id.toLowerCase() !== call.platform.tenantId) throw notFound(id);
  return answerOne(call, "organization/$entity", organization(call));
}

export function listDomains(call: GraphCall): GraphAnswer {
  return answerList(call, { context: "domains", type: "domain", items: [domain] });
}

export function readDomain(call: GraphCall): GraphAnswer {
  const { id = "" } = call.parameters;
  if (id.toLowerCase() !== tenantDomain) throw notFound(id);
  return answerOne(call, "domains/$entity", domain);
}

function organization({ platform }: GraphCall): Properties {
  return {
    id: platform.tenantId,
    deletedDateTime: null,
    displayName: "Local Azure",
    tenantType: "AAD",
    countryLetterCode: null,
    verifiedDomains: [
      { capabilities, isDefault: true, isInitial: true, name: tenantDomain, type: "Managed" },
    ],
  };
}

/** The tenant's one domain, in which user principal names and identifier URIs lie. */
const domain: Properties = {
  id: tenantDomain,
  authenticationType: "Managed",
  availabilityStatus: null,
  isAdminManaged: true,
  isDefault: true,
  isInitial: true,
  isRoot: true,
  isVerified: true,
  supportedServices: [],
};

import { faultOfFederatedCredential } from "../../entra/directory/federated-credential-rules.ts";
import type { FederatedCredential } from "../../entra/directory/federated-credentials.ts";
import { DirectoryError } from "../../entra/directory.ts";
import { answerCreated, answerList, answerOne, noContent } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest, GraphError, notFound } from "../graph-error.ts";
import { addressed } from "../objects.ts";
import { type Properties, readProperties, type Shape } from "../properties.ts";

const type = "FederatedIdentityCredential";

const writable: Shape = {
  audiences: "texts",
  description: "text",
  issuer: "text",
  name: "text",
  subject: "text",
};

export function listFederated(call: GraphCall): GraphAnswer {
  const application = addressed(call, "application");
  const items = call.directory.federatedCredentials
    .of(application.id)
    .filter(({ createdDateTime }) => call.replication.hasReached(createdDateTime))
    .map(represent);
  return answerList(call, { context: contextOf(call), type: "federatedIdentityCredential", items });
}

/** @throws GraphError 404 also for a credential that has not reached this replica yet. */
export function readFederated(call: GraphCall): GraphAnswer {
  const found = federated(call);
  if (!call.replication.hasReached(found.createdDateTime)) throw notFound(found.id);
  return answerOne(call, `${contextOf(call)}/$entity`, represent(found));
}

export function createFederated(call: GraphCall): GraphAnswer {
  const application = addressed(call, "application");
  const given = readProperties(call.body, writable, type, ["id"]);
  const candidate = complete(given, { name: "", issuer: "", subject: "", audiences: [], description: null });
  const made = refusing(() => call.directory.federatedCredentials.add(application.id, candidate));
  return answerCreated(call, {
    context: `${contextOf(call)}/$entity`,
    location: `applications/${application.id}/federatedIdentityCredentials/${made.id}`,
    object: represent(made),
  });
}

/** Every property but the name can be changed. */
export function updateFederated(call: GraphCall): GraphAnswer {
  const { directory, body } = call;
  const application = addressed(call, "application");
  const before = federated(call);
  const given = readProperties(body, writable, type, ["id"]);
  if (given.name !== undefined && given.name !== before.name) {
    throw badRequest(`The property 'name' of the type '${type}' cannot be changed.`);
  }
  const { issuer, subject, audiences, description } = complete(given, before);
  refusing(() =>
    directory.federatedCredentials.update(application.id, before.id, {
      issuer,
      subject,
      audiences,
      description,
    }),
  );
  return noContent;
}

export function deleteFederated(call: GraphCall): GraphAnswer {
  const application = addressed(call, "application");
  call.directory.federatedCredentials.remove(application.id, federated(call).id);
  return noContent;
}

function federated(call: GraphCall): FederatedCredential {
  const { other = "" } = call.parameters;
  const found = call.directory.federatedCredentials.find(addressed(call, "application").id, other);
  if (found === undefined) throw notFound(other);
  return found;
}

type Written = Pick<FederatedCredential, "name" | "issuer" | "subject" | "audiences" | "description">;

function complete(given: Properties, before: Written): Written {
  const text = (name: "name" | "issuer" | "subject") =>
    typeof given[name] === "string" ? given[name] : before[name];
  const { audiences, description } = given;
  const candidate = {
    name: text("name"),
    issuer: text("issuer"),
    subject: text("subject"),
    audiences: Array.isArray(audiences) ? audiences.map(String) : before.audiences,
    description:
      description === undefined ? before.description : description === null ? null : String(description),
  };
  const fault = faultOfFederatedCredential(candidate);
  if (fault !== undefined) throw badRequest(fault);
  return candidate;
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    throw error.reason === "conflict"
      ? new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", error.message)
      : badRequest(error.message);
  }
}

function represent({ id, name, issuer, subject, audiences, description }: FederatedCredential): Properties {
  return { id, name, issuer, subject, audiences, description };
}

function contextOf(call: GraphCall): string {
  return `applications('${addressed(call, "application").id}')/federatedIdentityCredentials`;
}

import { broken, type Check, holds, notSeen } from "../check.ts";
import type { Facts } from "../facts/facts.ts";
import type { Principal } from "../facts/principal.ts";

const kindNames: Readonly<Record<Principal["kind"], string>> = {
  servicePrincipal: "service principal",
  managedIdentity: "managed identity",
  user: "user",
  group: "group",
  application: "app registration",
};

/** The principal exists in the directory, is one that can hold grants, and is enabled. */
export function judgePrincipal({ principal, askedFor }: Facts): Check {
  if (!principal.seen) return notSeen(principal);
  const found = principal.value;
  if (found === undefined) {
    return broken(
      "KC-DOCTOR-PRINCIPAL-MISSING",
      `the directory has no principal ${askedFor}`,
      "check the id and the tenant; a principal that was made again has another object id, and grants to the old one are void",
    );
  }
  if (found.kind === "application") return judgeApplication(found);
  const name = `${kindNames[found.kind]} ${found.displayName} ${found.objectId}`;
  if (found.enabled) return holds(name);
  return broken(
    "KC-DOCTOR-PRINCIPAL-DISABLED",
    `the ${name} is disabled: it gets no token`,
    `enable it: \`az ad ${found.kind === "user" ? "user" : "sp"} update --id ${found.objectId} --set accountEnabled=true\``,
  );
}

function judgeApplication({ displayName, objectId, clientId, servicePrincipalId }: Principal): Check {
  if (servicePrincipalId === undefined) {
    return broken(
      "KC-DOCTOR-NO-SERVICE-PRINCIPAL",
      `${displayName} is an app registration without a service principal in this tenant: nobody can sign in as it`,
      `make one: \`az ad sp create --id ${clientId ?? "<client id>"}\`, or let the program declare the application`,
    );
  }
  return broken(
    "KC-DOCTOR-APPLICATION-OBJECT",
    `${objectId} is the object id of the app registration ${displayName}, which holds no grants`,
    `use the object id of its service principal: ${servicePrincipalId}`,
  );
}

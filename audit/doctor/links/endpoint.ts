import { broken, type Check, holds, notSeen } from "../check.ts";
import type { Facts } from "../facts/facts.ts";

/** The account's host has an address, a certificate that is trusted here, and answers. */
export function judgeEndpoint({ endpoint = "the endpoint", endpointAnswer }: Facts): Check {
  if (!endpointAnswer.seen) return notSeen(endpointAnswer);
  const answer = endpointAnswer.value;
  switch (answer.outcome) {
    case "answered":
      return holds(`${endpoint} answers`);
    case "dns":
      return broken(
        "KC-DOCTOR-ENDPOINT-DNS",
        `the host of ${endpoint} has no address: ${answer.text}`,
        "check the endpoint's spelling; with a private endpoint, that the private DNS zone is linked to this network",
      );
    case "tls":
      return broken(
        "KC-DOCTOR-ENDPOINT-TLS",
        `the certificate of ${endpoint} is not trusted here: ${answer.text}`,
        "for the local cloud run inside `npx --no local-azure exec --`; behind a proxy that opens TLS, name its authority in NODE_EXTRA_CA_CERTS",
      );
    case "unreachable":
      return broken(
        "KC-DOCTOR-ENDPOINT-UNREACHABLE",
        `nothing answers at ${endpoint}: ${answer.text}`,
        "check `npx --no local-azure status` for the local cloud; on Azure, the routes and rules of this network",
      );
  }
}

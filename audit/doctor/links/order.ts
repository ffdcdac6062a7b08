import type { Check } from "../check.ts";
import type { Facts } from "../facts/facts.ts";
import { judgeAccount } from "./account.ts";
import { judgeClock } from "./clock.ts";
import { judgeCredential } from "./credential.ts";
import { judgeDataPlane } from "./data-plane.ts";
import { judgeDates } from "./dates.ts";
import { judgeEndpoint } from "./endpoint.ts";
import { judgeFirewall } from "./firewall.ts";
import { judgeGrant } from "./grant.ts";
import { judgeLocalAuthorization } from "./local-authorization.ts";
import { judgeOperation } from "./operation.ts";
import { judgePrincipal } from "./principal.ts";
import { judgeTarget } from "./target.ts";
import { judgeToken } from "./token.ts";
import { judgeVersions } from "./versions.ts";

/** One link of the chain from a principal to the data. */
export interface Link {
  readonly name: string;
  readonly judge: (facts: Facts) => Check;
}

/** Every link in the order in which they are looked at; the first broken one is the cause. */
export const links: readonly Link[] = [
  { name: "account", judge: judgeAccount },
  { name: "endpoint", judge: judgeEndpoint },
  { name: "clock", judge: judgeClock },
  { name: "target", judge: judgeTarget },
  { name: "token", judge: judgeToken },
  { name: "principal", judge: judgePrincipal },
  { name: "credential", judge: judgeCredential },
  { name: "firewall", judge: judgeFirewall },
  { name: "local authorization", judge: judgeLocalAuthorization },
  { name: "operation", judge: judgeOperation },
  { name: "grant", judge: judgeGrant },
  { name: "data plane", judge: judgeDataPlane },
  { name: "dates", judge: judgeDates },
  { name: "versions", judge: judgeVersions },
];

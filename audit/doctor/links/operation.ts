import { broken, type Check, holds } from "../check.ts";
import type { Facts } from "../facts/facts.ts";
import { isManagement } from "../question.ts";

/** The operation is one that a token may do at all. */
export function judgeOperation({ question: { operation } }: Facts): Check {
  if (!isManagement(operation)) return holds(`${operation} is decided by grants`);
  return broken(
    "KC-DOCTOR-MANAGEMENT-OPERATION",
    `${operation} is refused to every token on the data plane with 403/5300, whatever the grants`,
    "declare databases, containers and throughput in the settings: resource manager makes them; leave createIfNotExists out",
  );
}

import type { StackOutputs } from "../../../infra/outputs/schema.ts";
import type { Seen } from "../check.ts";
import type { Question } from "../question.ts";
import type { Account, Store } from "./account.ts";
import type { Attempt } from "./attempt.ts";
import type { EndpointAnswer } from "./endpoint.ts";
import type { Packages } from "./packages.ts";
import type { Principal } from "./principal.ts";
import type { ControlPlaneRight, LiveRoles } from "./roles.ts";
import type { Presented } from "./token.ts";
import type { TokenService } from "./token-service.ts";

/** All that the links are judged by. */
export interface Facts {
  readonly question: Question;
  /** Now, by the clock of the token service where that told its time. */
  readonly now: Date;
  /** `YYYY-MM-DD`, for reviews and migrations. */
  readonly today: string;
  /** The tenant that the account trusts, as far as it is known. */
  readonly tenantId: string | undefined;
  /** The principal as it was asked for: a name, an id, or whoever runs the doctor. */
  readonly askedFor: string;
  /** Whether the doctor holds the principal's credential, so that what happens to it here happens to the principal. */
  readonly actsAsPrincipal: boolean;
  readonly account: Seen<Account | undefined>;
  /** `https://host[:port]/`. */
  readonly endpoint: string | undefined;
  readonly endpointAnswer: Seen<EndpointAnswer>;
  readonly tokenService: Seen<TokenService>;
  readonly store: Seen<Store | undefined>;
  readonly presented: Seen<Presented>;
  readonly principal: Seen<Principal | undefined>;
  /** The id that grants to the principal name, in lower case; undefined where there is none or it is not known. */
  readonly objectId: string | undefined;
  /** Object ids of the principal's groups, as the directory has them. */
  readonly groups: Seen<readonly string[]>;
  readonly roles: Seen<LiveRoles>;
  readonly controlPlane: Seen<readonly ControlPlaneRight[]>;
  readonly attempt: Seen<Attempt>;
  readonly outputs: StackOutputs | undefined;
  readonly packages: Packages;
}

/** Object ids of the groups in the principal's token. */
export function groupsInToken({ presented }: Facts): readonly string[] {
  if (!presented.seen || presented.value.kind !== "token") return [];
  return (presented.value.claims.groups ?? []).map((id) => id.toLowerCase());
}

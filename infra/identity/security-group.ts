import { getUser } from "@pulumi/azuread/getUser.js";
import { Group } from "@pulumi/azuread/group.js";
import * as pulumi from "@pulumi/pulumi";
import type { GroupSettings } from "../settings/settings.ts";

/** Somebody in a group. */
export interface GroupMember {
  /** As the settings name it. */
  readonly name: string;
  readonly objectId: string;
}

/**
 * Looks up the members that the settings name by their user principal name.
 *
 * @throws what the provider says when there is no such user.
 */
export function findMembers({ members }: GroupSettings): Promise<GroupMember[]> {
  return Promise.all(
    members.map(async (member) => {
      if ("objectId" in member) return { name: member.objectId, objectId: member.objectId };
      const { objectId } = await getUser({ userPrincipalName: member.userPrincipalName });
      return { name: member.userPrincipalName, objectId };
    }),
  );
}

/** What a security group is made from. */
export interface SecurityGroupArgs {
  /** One of a kind in the tenant among those of this program. */
  readonly displayName: string;
  /** Object ids. */
  readonly owners: readonly string[];
  readonly members: readonly GroupMember[];
}

/** A security group with exactly the listed members: who was added by hand is removed by the next deployment. */
export class SecurityGroup extends pulumi.ComponentResource {
  readonly objectId: pulumi.Output<string>;

  constructor(name: string, args: SecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:identity:SecurityGroup", name, {}, opts);
    const group = new Group(
      name,
      {
        displayName: args.displayName,
        // An interrupted deployment must not leave a second one behind unseen.
        preventDuplicateNames: true,
        securityEnabled: true,
        owners: [...new Set(args.owners)].sort(),
        members: args.members.map(({ objectId }) => objectId).sort(),
      },
      { parent: this },
    );
    this.objectId = group.objectId;
    this.registerOutputs({ objectId: this.objectId });
  }
}

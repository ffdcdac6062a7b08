import { AppServicePlan } from "@pulumi/azure-native/web/appServicePlan.js";
import * as pulumi from "@pulumi/pulumi";

/** What a plan is made from. */
export interface SitePlanArgs {
  readonly planName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The machines that the sites run on: Linux, one instance of B1, the smallest that can stay always on. */
export class SitePlan extends pulumi.ComponentResource {
  /** Resource manager id. */
  readonly planId: pulumi.Output<string>;

  constructor(name: string, args: SitePlanArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:hosting:SitePlan", name, {}, opts);
    const plan = new AppServicePlan(
      name,
      {
        name: args.planName,
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        tags: args.tags,
        kind: "linux",
        reserved: true,
        sku: { name: "B1", tier: "Basic", size: "B1", family: "B", capacity: 1 },
      },
      { parent: this },
    );
    this.planId = plan.id;
    this.registerOutputs({ planId: this.planId });
  }
}

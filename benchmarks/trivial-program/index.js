import * as pulumi from "@pulumi/pulumi";

/** As many resources as the stack that is compared with this one, which do nothing: what the engine itself costs. */
const count = Number(process.env.TRIVIAL_RESOURCES);
for (let index = 0; index < count; index += 1) {
  new pulumi.ComponentResource("trivial:index:Nothing", `nothing-${index}`);
}

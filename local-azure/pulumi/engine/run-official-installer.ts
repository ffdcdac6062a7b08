import automation from "@pulumi/pulumi/automation/index.js";

/** Entry of the installing process; its argument is the folder. The version is that of `@pulumi/pulumi` itself. */
const [root = ""] = process.argv.slice(2);
await automation.PulumiCommand.install({ root });

import { packageSchema } from "../provider/package-schema.ts";
import { serveProvider } from "../provider/serve-provider.ts";
import { AzureAdProvider } from "./provider.ts";
import { describedTypes } from "./schema/catalog.ts";

/** Entry of the plugin. */
await serveProvider(
  "@pulumi/azuread",
  (host) => new AzureAdProvider(host),
  (version) => packageSchema("azuread", version, describedTypes()),
);

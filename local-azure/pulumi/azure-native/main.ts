import { packageSchema } from "../provider/package-schema.ts";
import { serveProvider } from "../provider/serve-provider.ts";
import { AzureNativeProvider } from "./provider.ts";
import { describedTypes } from "./schema/catalog.ts";

/** Entry of the plugin. */
await serveProvider(
  "@pulumi/azure-native",
  (host) => new AzureNativeProvider(host),
  (version) => packageSchema("azure-native", version, describedTypes()),
);

import { serveProvider } from "../provider/serve-provider.ts";
import { AzureNativeProvider } from "./provider.ts";
import { packageSchema } from "./schema/package-schema.ts";

/** Entry of the plugin. */
await serveProvider("@pulumi/azure-native", (host) => new AzureNativeProvider(host), packageSchema);

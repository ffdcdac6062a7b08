import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { servePlugin } from "../plugin-server.ts";
import { sleep } from "./arm/client.ts";
import { engineLog } from "./engine-log.ts";
import { AzureNativeProvider } from "./provider.ts";
import { packageSchema } from "./schema/package-schema.ts";
import { providerService } from "./service.ts";

/** Entry of the plugin: the engine starts it with its own address as the last argument. */
const { version } = createRequire(import.meta.url)("@pulumi/azure-native/package.json") as {
  version: string;
};
const engineAddress = process.argv.at(-1) ?? "";
const provider = new AzureNativeProvider({
  environment: process.env,
  readFile: (path) => readFileSync(path, "utf8"),
  nowMs: () => Date.now(),
  sleep,
  version,
  warn: engineLog(engineAddress),
});

await servePlugin((server) => {
  server.addService(
    services.ResourceProviderService,
    providerService(provider, () => packageSchema(version)),
  );
});

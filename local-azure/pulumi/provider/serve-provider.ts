import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { servePlugin } from "../plugin-server.ts";
import { engineLog } from "./engine-log.ts";
import type { Host } from "./host.ts";
import { sleep } from "./http.ts";
import type { Provider } from "./provider.ts";
import { providerService } from "./service.ts";

/**
 * Runs a provider as a plugin: the engine starts it with its own address as the last argument.
 * @param npmPackage the package whose version the plugin has
 * @param schema makes the package schema, as JSON text
 */
export async function serveProvider(
  npmPackage: string,
  make: (host: Host) => Provider,
  schema: (version: string) => string,
): Promise<void> {
  const { version } = createRequire(import.meta.url)(`${npmPackage}/package.json`) as { version: string };
  const provider = make({
    environment: process.env,
    readFile: (path) => readFileSync(path, "utf8"),
    nowMs: () => Date.now(),
    sleep,
    version,
    warn: engineLog(process.argv.at(-1) ?? ""),
  });
  await servePlugin((server) => {
    server.addService(
      services.ResourceProviderService,
      providerService(provider, () => schema(version)),
    );
  });
}

import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { servePlugin } from "../plugin-server.ts";
import { endChildren } from "./child-process.ts";
import { languageService } from "./service.ts";

/** Entry of the language host: the engine starts it with its own address as the last argument. */
const engineAddress = process.argv.at(-1) ?? "";
process.on("exit", endChildren);

await servePlugin((server) => {
  server.addService(services.LanguageRuntimeService, languageService(engineAddress));
});

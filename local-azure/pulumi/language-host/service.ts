import type { handleUnaryCall, ServerWritableStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { messageOf } from "../error-message.ts";
import { endChildren } from "./child-process.ts";
import { installDependencies } from "./install-dependencies.ts";
import { installedPackages, programPlace } from "./package-files.ts";
import { requiredPackages } from "./required-packages.ts";
import { runPlugin } from "./run-plugin.ts";
import { runProgram } from "./run-program.ts";

/** A method that this host does not offer, with what to do instead. */
class Unsupported extends Error {}

function failure(error: unknown): ServiceError {
  const message = messageOf(error);
  return Object.assign(new Error(message), {
    code: error instanceof Unsupported ? status.UNIMPLEMENTED : status.UNKNOWN,
    details: message,
    metadata: new Metadata(),
  });
}

function unary<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(work)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(failure(error)),
      );
  };
}

function streaming<Request, Response>(
  work: (request: Request, send: (response: Response) => void, signal: AbortSignal) => Promise<void>,
): (call: ServerWritableStream<Request, Response>) => void {
  return (call) => {
    const cancelled = new AbortController();
    call.once("cancelled", () => cancelled.abort());
    work(call.request, (response) => call.write(response), cancelled.signal).then(
      () => call.end(),
      (error: unknown) => call.emit("error", failure(error)),
    );
  };
}

/**
 * The gRPC service `LanguageRuntime` for Node.js programs. Methods that are absent here (package generation, templates,
 * packing, linking) are answered with UNIMPLEMENTED by the server.
 * @param engineAddress host and port of the engine's own service
 */
export function languageService(engineAddress: string): UntypedServiceImplementation {
  return {
    handshake: unary(() => new messages.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new pluginMessages.PluginInfo()),
    getRequiredPackages: unary((request: messages.GetRequiredPackagesRequest) =>
      new messages.GetRequiredPackagesResponse().setPackagesList(
        requiredPackages(programPlace(request.getInfo()).programDirectory),
      ),
    ),
    getProgramDependencies: unary((request: messages.GetProgramDependenciesRequest) => {
      const { programDirectory } = programPlace(request.getInfo());
      const installed = installedPackages(programDirectory, request.getTransitivedependencies());
      return new messages.GetProgramDependenciesResponse().setDependenciesList(
        installed.map(({ name, version }) => new messages.DependencyInfo().setName(name).setVersion(version)),
      );
    }),
    about: unary(() => {
      const response = new messages.AboutResponse()
        .setExecutable(process.execPath)
        .setVersion(process.version);
      response.getMetadataMap().set("packagemanager", "npm");
      return response;
    }),
    run: unary((request: messages.RunRequest) => runProgram(request, engineAddress)),
    runPlugin: streaming(runPlugin),
    installDependencies: streaming(installDependencies),
    generateProgram: unary(() => {
      throw new Unsupported(
        "this language host generates no code: what was imported is in the stack's state; " +
          "import with --generate-code=false and write the program by hand",
      );
    }),
    cancel: unary(() => {
      endChildren();
      return new empty.Empty();
    }),
  };
}

import type { handleUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { AutonamingProposal, Change, Provider, Request, ResourceState } from "./provider.ts";
import { serviceError } from "./service-error.ts";
import { fromStruct, toStruct } from "./values.ts";

const { AutonamingOptions } = messages.CheckRequest;
const { Kind } = messages.PropertyDiff;

const kinds: Readonly<
  Record<Change, readonly [plain: messages.PropertyDiff.Kind, replace: messages.PropertyDiff.Kind]>
> = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
};

function unary<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback: sendUnaryData<Response>) => {
    Promise.resolve(call.request)
      .then(work)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(serviceError(error));
        },
      );
  };
}

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` */
function typeOfUrn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function requestOf(message: { getUrn(): string; getTimeout(): number }): Request {
  return { token: typeOfUrn(message.getUrn()), urn: message.getUrn(), timeout: message.getTimeout() };
}

function stateOf(inputs: struct.Struct | undefined, outputs: struct.Struct | undefined): ResourceState {
  return { inputs: fromStruct(inputs), outputs: fromStruct(outputs) };
}

function proposalOf(
  options: messages.CheckRequest.AutonamingOptions | undefined,
): AutonamingProposal | undefined {
  if (options === undefined) return undefined;
  const name = options.getProposedName();
  switch (options.getMode()) {
    case AutonamingOptions.Mode.DISABLE:
      return { mode: "disable", name };
    case AutonamingOptions.Mode.ENFORCE:
      return { mode: "enforce", name };
    default:
      return { mode: "propose", name };
  }
}

/**
 * The gRPC service `ResourceProvider` over a provider. Methods that are absent here are answered with UNIMPLEMENTED
 * by the server, as the official plugin does for Construct and Call; without Handshake the engine uses Configure's answer.
 * @param schema the package schema, as JSON text
 */
export function providerService(provider: Provider, schema: () => string): UntypedServiceImplementation {
  return {
    getSchema: unary((request: messages.GetSchemaRequest) => {
      if (request.getVersion() !== 0) throw new Error(`unsupported schema version ${request.getVersion()}`);
      return new messages.GetSchemaResponse().setSchema(schema());
    }),
    getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(provider.version)),
    getMapping: unary(() => new messages.GetMappingResponse()),
    getMappings: unary(() => new messages.GetMappingsResponse()),
    attach: unary(() => new empty.Empty()),
    cancel: unary(() => {
      provider.cancel();
      return new empty.Empty();
    }),

    checkConfig: unary((request: messages.CheckRequest) =>
      new messages.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(() =>
      new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE),
    ),
    configure: unary(async (request: messages.ConfigureRequest) => {
      if (!request.getSendsOldInputs() || !request.getSendsOldInputsToDelete()) {
        throw new Error(
          "the engine does not send old inputs to the provider; Pulumi CLI 3.74.0 or newer is needed",
        );
      }
      const variables = new Map<string, string>();
      request.getVariablesMap().forEach((value, key) => {
        variables.set(key, value);
      });
      await provider.configure(variables);
      return new messages.ConfigureResponse()
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),

    invoke: unary(async (request: messages.InvokeRequest) => {
      const result = await provider.invoke(request.getTok(), fromStruct(request.getArgs()));
      return new messages.InvokeResponse().setReturn(toStruct(result));
    }),

    check: unary(async (request: messages.CheckRequest) => {
      const urn = request.getUrn();
      const { inputs, failures } = await provider.check(typeOfUrn(urn), {
        oldInputs: fromStruct(request.getOlds()),
        newInputs: fromStruct(request.getNews()),
        logicalName: nameOfUrn(urn),
        seed: request.getRandomseed_asU8(),
        autonaming: proposalOf(request.getAutonaming()),
      });
      return new messages.CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(failures.map((reason) => new messages.CheckFailure().setReason(reason)));
    }),

    diff: unary((request: messages.DiffRequest) => {
      const diff = provider.diff(
        typeOfUrn(request.getUrn()),
        stateOf(request.getOldInputs(), request.getOlds()),
        fromStruct(request.getNews()),
      );
      const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
      const response = new messages.DiffResponse()
        .setChanges(diff.detailed.size > 0 ? DIFF_SOME : DIFF_NONE)
        .setDiffsList([...diff.changes])
        .setReplacesList([...diff.replaces])
        .setDeletebeforereplace(diff.deleteBeforeReplace)
        .setHasdetaileddiff(true);
      for (const [path, { change, replaces }] of diff.detailed) {
        const [plain, replace] = kinds[change];
        response
          .getDetaileddiffMap()
          .set(path, new messages.PropertyDiff().setKind(replaces ? replace : plain).setInputdiff(true));
      }
      return response;
    }),

    create: unary(async (request: messages.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        return response.setProperties(toStruct(provider.previewCreate(typeOfUrn(request.getUrn()), inputs)));
      }
      const live = await provider.create(requestOf(request), inputs);
      return response.setId(live.id).setProperties(toStruct(live.outputs));
    }),

    update: unary(async (request: messages.UpdateRequest) => {
      const inputs = fromStruct(request.getNews());
      const state = stateOf(request.getOldInputs(), request.getOlds());
      const response = new messages.UpdateResponse();
      if (request.getPreview()) {
        const token = typeOfUrn(request.getUrn());
        return response.setProperties(toStruct(provider.previewUpdate(token, state, inputs)));
      }
      const live = await provider.update(requestOf(request), request.getId(), state, inputs);
      return response.setProperties(toStruct(live.outputs));
    }),

    read: unary(async (request: messages.ReadRequest) => {
      const state = stateOf(request.getInputs(), request.getProperties());
      const isImport = Object.keys(state.inputs).length === 0;
      const found = await provider.read(requestOf(request), request.getId(), isImport ? undefined : state);
      const response = new messages.ReadResponse();
      if (found === undefined) return response;
      return response
        .setId(found.id)
        .setInputs(toStruct(found.inputs))
        .setProperties(toStruct(found.outputs));
    }),

    delete: unary(async (request: messages.DeleteRequest) => {
      const state = stateOf(request.getOldInputs(), request.getProperties());
      await provider.delete(requestOf(request), request.getId(), state);
      return new empty.Empty();
    }),

    call: unary(() => {
      throw unimplemented("Call");
    }),
    construct: unary(() => {
      throw unimplemented("Construct");
    }),
  };
}

function unimplemented(method: string): Error & { code: number } {
  return Object.assign(new Error(`${method} is not yet implemented`), { code: status.UNIMPLEMENTED });
}

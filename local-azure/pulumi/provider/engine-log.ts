import { credentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

/**
 * A function that shows warnings through the engine, beside the resource they are about.
 * @param address host and port of the engine's own service
 */
export function engineLog(address: string): (message: string, urn: string) => void {
  let client: services.EngineClient | undefined;
  return (message, urn) => {
    client ??= new services.EngineClient(address, credentials.createInsecure());
    const request = new messages.LogRequest()
      .setSeverity(messages.LogSeverity.WARNING)
      .setMessage(message)
      .setUrn(urn);
    // A warning that cannot be shown must not fail the operation it is about.
    client.log(request, () => undefined);
  };
}

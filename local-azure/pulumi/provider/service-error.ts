import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { messageOf } from "../error-message.ts";
import { PartialFailure } from "./partial-failure.ts";
import { toStruct } from "./values.ts";

function hasCode(error: unknown): error is { readonly code: number } {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "number";
}

/** The details by which the engine keeps the state of a resource whose creation or update failed half-way. */
function partialFailureMetadata(failure: PartialFailure): Metadata {
  const detail = new messages.ErrorResourceInitFailed()
    .setId(failure.id)
    .setProperties(toStruct(failure.outputs))
    .setInputs(toStruct(failure.inputs))
    .setReasonsList([failure.message]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const message = new statusMessages.Status()
    .setCode(status.UNKNOWN)
    .setMessage(failure.message)
    .setDetailsList([packed]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(message.serializeBinary()));
  return metadata;
}

/** Turns whatever an operation threw into the error of a gRPC answer. */
export function serviceError(error: unknown): ServiceError {
  const message = messageOf(error);
  return Object.assign(new Error(message), {
    code: hasCode(error) && error.code in status ? error.code : status.UNKNOWN,
    details: message,
    metadata: error instanceof PartialFailure ? partialFailureMetadata(error) : new Metadata(),
  });
}

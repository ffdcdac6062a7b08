import { messageOf } from "../error-message.ts";
import type { LiveResource } from "./provider.ts";
import type { Values } from "./values.ts";

/** A resource that exists, although the operation that wrote it failed: its state must not be lost. */
export class PartialFailure extends Error {
  readonly id: string;
  readonly outputs: Values;
  readonly inputs: Values;

  constructor(cause: unknown, live: LiveResource, inputs: Values) {
    super(messageOf(cause), { cause });
    this.name = "PartialFailure";
    this.id = live.id;
    this.outputs = live.outputs;
    this.inputs = inputs;
  }
}

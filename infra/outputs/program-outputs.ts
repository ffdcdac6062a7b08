import type * as pulumi from "@pulumi/pulumi";
import type { StackOutputs } from "./schema.ts";

/** A value of which any part may be known only after deployment. */
type Deferred<Value> =
  | pulumi.Input<Value>
  | (Value extends object ? { readonly [Key in keyof Value]: Deferred<Value[Key]> } : never);

/** The stack outputs while they are made: the shape of the schema, each value known now or after deployment. */
export type ProgramOutputs = { readonly [Key in keyof StackOutputs]: Deferred<StackOutputs[Key]> };

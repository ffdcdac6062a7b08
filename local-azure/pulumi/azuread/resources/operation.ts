import type { ResourceState } from "../../provider/provider.ts";
import type { Value, Values } from "../../provider/values.ts";
import type { GraphClient } from "../graph/client.ts";
import type { ResourceType } from "../schema/resource-type.ts";

/** What an operation on one resource needs. */
export interface Operation {
  readonly resource: ResourceType;
  readonly graph: GraphClient;
  /** The object id of who the provider acts as. */
  readonly caller: () => Promise<string>;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** Runs work alone among the operations on one object, whose lists are read, changed and written as a whole. */
  readonly alone: <T>(objectId: string, work: () => Promise<T>) => Promise<T>;
}

/** What reading a resource needs. */
export type Reading = Pick<Operation, "graph" | "resource">;

/** A resource that now exists: told as soon as it is so, because what follows may fail. */
export type Made = (id: string, outputs?: Values) => void;

/** How one resource type is created, read, updated and deleted. */
export interface Handler {
  create(operation: Operation, inputs: Values, made: Made): Promise<void>;
  /**
   * @param known the outputs that are known already; of an import, none
   * @returns the outputs, or `undefined` when the resource is gone
   */
  read(operation: Reading, id: string, known: Values): Promise<Record<string, Value> | undefined>;
  /**
   * Absent where every change makes a new resource.
   * @returns outputs that are known from the update alone
   */
  update?(operation: Operation, id: string, state: ResourceState, inputs: Values): Promise<Values>;
  delete(operation: Operation, id: string, state: ResourceState): Promise<void>;
}

/** The strings of a list; of nothing, none. */
export function textsOf(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === "string") : [];
}

/** A text, or the empty one. */
export function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

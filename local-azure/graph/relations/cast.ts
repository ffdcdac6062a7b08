import type { DirectoryObject } from "../../entra/directory.ts";
import type { GraphCall } from "../call.ts";
import { GraphError } from "../graph-error.ts";

const types: readonly string[] = ["user", "group", "servicePrincipal", "application"];

/**
 * Whether an object is of the type at the end of the path, `…/members/microsoft.graph.user`; true for all without one.
 *
 * @throws GraphError 400 for a type that the directory does not have.
 */
export function ofCast({ parameters }: GraphCall): (object: DirectoryObject) => boolean {
  const { cast } = parameters;
  if (cast === undefined) return () => true;
  const wanted = /^microsoft\.graph\.(\w+)$/.exec(cast)?.[1] ?? "";
  if (!types.includes(wanted)) {
    throw new GraphError(400, "BadRequest", `Resource not found for the segment '${cast.slice(0, 100)}'.`);
  }
  return ({ type }) => type === wanted;
}

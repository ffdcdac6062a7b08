import type { ArmResource } from "./resource-store.ts";

/** A resource as resource manager shows it: everything but what its surface keeps to itself. */
export function resourceBody(resource: ArmResource): Omit<ArmResource, "internal" | "etag"> {
  const { internal: _internal, etag: _etag, ...body } = resource;
  return body;
}
